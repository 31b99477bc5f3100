/** carrier/secure.cgi (001 p.17 to 21): `settled` and `return`, answered as one urlencoded line in no fixed order. */
import type { Verdict } from './carrier-request.ts';
import { handleReturn } from './carrier-return.ts';
import { handleSettle } from './carrier-settle.ts';
import { textOf } from './form.ts';
import { answer, type Call, type Gateway, type Reply, shuffled } from './gateway.ts';

export function handleCarrierSecure(gateway: Gateway, call: Call): Reply {
  const act = textOf(call.fields, 'act');
  const verdict = forcedVerdict(gateway, call) ?? operation(gateway, call, act);
  const { code, date, callbacks = [] } = verdict;
  if (resultOf(code) === 'invalid') call.record.violations.push(`refused with ${code}`);
  const pairs = [`result=${resultOf(code)}`, `error_code=${code}`, ...(date === undefined ? [] : [`date=${date}`])];
  return answer(shuffled(gateway, pairs).join('&'), 'text/plain', callbacks);
}

function operation(gateway: Gateway, call: Call, act: string): Verdict {
  if (act === 'settled') return handleSettle(gateway, call);
  return act === 'return' ? handleReturn(gateway, call) : { code: '00000000' };
}

function forcedVerdict(gateway: Gateway, { forced }: Call): Verdict | null {
  if (gateway.settings.maintenance || forced?.fault === 'maintenance') return { code: forced?.code ?? '020020000' };
  if (forced?.fault === 'refusal') return { code: forced.code ?? '010010007' };
  return forced?.fault === 'invalid-parameter' ? { code: forced.code ?? '00000003' } : null;
}

/** The first two digits of a code say which result it belongs to (001 p.26 to 35). */
function resultOf(code: string): string {
  if (code === '-') return 'Success_order';
  if (code.startsWith('00')) return 'invalid';
  return code.startsWith('02') ? 'maintenance' : 'failure_order';
}
