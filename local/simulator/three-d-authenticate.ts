/**
 * api.cgi `authentication`: the result by the gateway's own record. What the shop passes on from the browser (`PaRes`)
 * can only make it a refusal. A repeat is answered as before.
 */
import type { Call, Gateway, Reply } from './gateway.ts';
import type { ThreeDSession } from './state.ts';
import { say, sayCode, sessionOf } from './three-d-session.ts';
import { textAt, type XmlNode } from './xml.ts';

const NOT_AUTHENTICATED = '02100431';
const WRONG_STEP = '02100112';

export function handleAuthenticate(gateway: Gateway, call: Call, request: XmlNode): Reply {
  if (call.forced?.fault === 'refusal')
    return sayCode(gateway, call, 'authentication', call.forced.code ?? NOT_AUTHENTICATED);
  const session = sessionOf(gateway, call, request);
  if (typeof session === 'string') return sayCode(gateway, call, 'authentication', `021001${session}`);
  const letter = textAt(request, 'PaRes');
  const code = letter === '' ? '02100214' : resultOf(session, letter);
  if (code.startsWith('00')) {
    session.authentication = code;
    if (session.state === 'authenticated') session.state = 'confirmed';
  }
  return say(gateway, call, session, { action: 'authentication', code });
}

function resultOf({ state, card }: ThreeDSession, letter: string): string {
  if (state === 'refused') return NOT_AUTHENTICATED;
  if (!['authenticated', 'confirmed', 'paid', 'declined'].includes(state) || letter === 'N' || letter === 'R')
    return WRONG_STEP;
  return card.threeD.authentication.startsWith('00') ? card.threeD.authentication : '001';
}
