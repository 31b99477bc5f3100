/** secure.cgi: one address, three operations, told apart by their parameters. */
import { invalid, line } from './card-answers.ts';
import { handleDeletion } from './card-deletion.ts';
import { handleCardIdCharge } from './card-id-charge.ts';
import { has } from './form.ts';
import { answer, type Call, type Gateway, type Reply } from './gateway.ts';
import { handleTokenCharge } from './token-charge.ts';

export function handleSecure(gateway: Gateway, call: Call): Reply {
  if (call.method === 'GET') call.record.violations.push('GET: parameters end up in logs');
  if (gateway.settings.maintenance || call.forced?.fault === 'maintenance') return answer(line(gateway, 'maintenance'));
  if (call.forced?.fault === 'connect-error') return answer(line(gateway, 'connect error'));
  if (call.forced?.fault === 'invalid-parameter') return invalid(gateway, call, call.forced.parameter ?? 'money');
  if (has(call.fields, 'sendiddel')) return handleDeletion(gateway, call);
  return has(call.fields, 'cardnumber') ? handleCardIdCharge(gateway, call) : handleTokenCharge(gateway, call);
}
