/** secure/api.cgi: one address, two services, told apart by their XML. */
import { handleCancel } from './card-cancel.ts';
import type { Call, Gateway, Reply } from './gateway.ts';
import { handleAuthenticate } from './three-d-authenticate.ts';
import { handleEnroll } from './three-d-enroll.ts';
import { handlePay } from './three-d-pay.ts';
import { requestFault, sayCode } from './three-d-session.ts';
import { parseRequest, valueAt } from './xml.ts';

const actions = { enroll: handleEnroll, authentication: handleAuthenticate, payment: handlePay };

export function handleApi(gateway: Gateway, call: Call): Reply {
  const request = parseRequest(call.body);
  if (!request || valueAt(request, '@service') !== 'secure_link_3d') return handleCancel(gateway, call);
  const action = valueAt(request, '@action');
  if (gateway.settings.maintenance || call.forced?.fault === 'maintenance')
    return sayCode(gateway, call, action, call.forced?.code ?? '02000012');
  const code = requestFault(call, request, Object.keys(actions));
  return code ? sayCode(gateway, call, action, code) : actions[action as keyof typeof actions](gateway, call, request);
}
