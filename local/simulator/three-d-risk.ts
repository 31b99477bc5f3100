/**
 * token.cgi `securePa`, sent by the browser script: what risk step and issuer make of the card, and where the challenge
 * is. A repeat is answered as before; only after a device page that was too late it finds the session moved on.
 */
import { answer, type Call, type Gateway, type Reply } from './gateway.ts';
import type { ThreeDSession } from './state.ts';
import { addStep, requestFault, sessionOf } from './three-d-session.ts';
import { type Content, document, type XmlNode } from './xml.ts';

export function handleRisk(gateway: Gateway, call: Call, request: XmlNode): Reply {
  const say = (status: string, more: Content[] = []): Reply => {
    const result: Content = ['result', [['status', status]]];
    return answer(
      document('response', ['secure_link_3d', 'securePa'], [result, ...more]),
      'application/xml; charset=utf-8',
    );
  };
  if (gateway.settings.maintenance || call.forced?.fault === 'maintenance') return say('maintenance');
  const code = requestFault(call, request, ['securePa']);
  if (code) {
    call.record.violations.push(`securePa refused with ${code}`);
    return say('invalid');
  }
  const session = sessionOf(gateway, call, request);
  if (typeof session === 'string' || session.state === 'outside') return say('invalid');
  const { status, transStatus } = assess(session, call);
  addStep(gateway, session, 'risk', `${status} ${transStatus}`.trimEnd());
  const letter: Content[] = transStatus === '' ? [] : [['transStatus', transStatus]];
  return say(status, [['xid', session.xid], ...letter, ...challengeUrl(gateway, session, transStatus)]);
}

function assess(session: ThreeDSession, call: Call): { status: string; transStatus: string } {
  const { device, risk, authentication } = session.card.threeD;
  if (call.forced?.fault === 'refusal') return refused(session, call.forced.code ?? 'failure');
  if (session.told && device === 'late') return { status: 'invalid', transStatus: '' };
  if (session.told) return session.told;
  if (risk === 'maintenance') return { status: 'maintenance', transStatus: '' };
  const isYes = (risk === 'Y' || risk === 'A') && authentication !== '02100431';
  session.state = risk.startsWith('C') ? 'challenge' : isYes ? 'authenticated' : 'refused';
  session.told = { status: risk === 'N' ? 'failure' : 'success', transStatus: risk.slice(0, 1) };
  return session.told;
}

/** An armed word: `outside` leaves the session one that the issuer vouches for. */
function refused(session: ThreeDSession, status: string): { status: string; transStatus: string } {
  if (status === 'failure') session.state = 'refused';
  if (status === 'outside') session.state = 'authenticated';
  return { status, transStatus: status === 'failure' ? 'N' : '' };
}

function challengeUrl(gateway: Gateway, session: ThreeDSession, transStatus: string): Content[] {
  if (transStatus !== 'C' || session.card.threeD.risk === 'C without URL') return [];
  const url = `${gateway.url}/3ds/challenge?session=${session.pageId}`;
  return [['challengeUrl', encodeURIComponent(url)]];
}
