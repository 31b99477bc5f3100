/**
 * EMV 3-D Secure by itself: rules over requests, books and what was shown, that need no sequence (three-d-secure.md, 5 to 7).
 * One payment request for one session, and another session only after the one before provably did nothing; only the
 * gateway's own word leads to a payment; no payment is shown that neither books nor callbacks nor an operator know of.
 */
import type { Evidence } from './judge.ts';
import { type Index, isCompletion, type Request, sessionsOf } from './judge-index.ts';
import type { Verdict } from './judge-rules.ts';
import { lastShown, orderOfCall } from './judge-subjects.ts';
import { endingOf } from './judge-three-d-moves.ts';
import type { Version } from './judge-views.ts';
import { readResponse } from './judge-wire.ts';

/** 58 minutes, two clocks two minutes off each, and the time of a completion. */
const longestMs = (58 + 4 + 2) * 60_000;

export function judgeSessions(
  { ledger, orderOfKey, chargesOutside = false }: Evidence,
  index: Index,
  versions: ReadonlyMap<string, Version[]>,
  { found }: Verdict,
): void {
  const { requests, history } = index;
  const sessions = sessionsOf(requests);
  const payments = requests.filter(({ sent }) => sent.operation === 'pay');
  const authentications = requests.filter(({ sent }) => sent.operation === 'authenticate');
  const timeAt = (place: number) => history[place]?.at ?? 0;

  for (const [xid, same] of Map.groupBy(payments, ({ sent }) => sent.xid ?? ''))
    if (same.length > 1) found.push(`a session is paid ${same.length} times: ${sessions.get(xid)?.sent.sendpoint}`);
  for (const [orderId, same] of Map.groupBy(payments, ({ sent }) => sent.sendpoint))
    for (const request of same.slice(0, -1))
      if (!isHarmless(request)) found.push(`another payment after one that may have charged: ${orderId}`);

  for (const request of [...payments, ...authentications]) {
    const { run, sent, from } = request;
    const { call } = run;
    const asked = call && orderOfCall(call, orderOfKey);
    if (!call || asked === null) continue;
    if (sent.sendpoint !== asked) found.push(`a session of ${sent.sendpoint} is used for ${asked}`);
    if (!isCompletion(call)) continue;
    if (call.body.md !== sent.xid) found.push(`a session that the browser did not name: ${asked}`);
    if (endingOf(call.body, chargesOutside)) found.push(`the browser said no, and the gateway is asked: ${asked}`);
    const enrolled = sessions.get(sent.xid ?? '');
    if (enrolled && timeAt(from) - timeAt(enrolled.run.from) > longestMs)
      found.push(`a completion after the session's time: ${asked}`);
  }
  for (const request of payments)
    if (!isVouchedFor(request)) found.push(`a payment that the gateway did not vouch for: ${request.sent.sendpoint}`);

  /** By a response that this very invocation had heard before. */
  function isVouchedFor({ run, sent, from }: Request): boolean {
    return run.requests.some(before => {
      if (before.to > from || !before.heard) return false;
      const meanings = readResponse(before.sent.operation, before.path, before.heard, before.response);
      if (before.sent.operation === 'authenticate')
        return before.sent.xid === sent.xid && meanings.some(({ kind }) => kind === 'authenticated');
      return chargesOutside && before.sent.operation === 'enroll' && meanings.some(({ kind }) => kind === 'outside');
    });
  }

  for (const [orderId, own] of versions) {
    const last = lastShown(own);
    if (!last?.operation.startsWith('authenticated')) continue;
    if (['awaiting_customer', 'sending'].includes(last.status))
      found.push(`left waiting: ${orderId} is ${last.status}`);
    for (const { shown, until } of own) {
      const isPaid = shown.some(({ status }) => status === 'paid' || status === 'registered');
      if (isPaid && !isKnown(orderId, until)) found.push(`paid, and nothing was charged: ${orderId}`);
    }
  }

  function isKnown(orderId: string, until: number): boolean {
    const isCharged = ledger.some(
      ({ sendpoint, kind, at }) =>
        sendpoint === orderId &&
        (kind === 'charge' || kind === 'registration') &&
        Date.parse(at) <= timeAt(Math.min(until, history.length - 1)),
    );
    if (isCharged) return true;
    const isTold = index.deliveries.some(
      ({ sendpoint, callback, from }) => sendpoint === orderId && callback.status === 'OK' && from < until,
    );
    return isTold || index.calls.some(({ path, from }) => path.endsWith(`${orderId}/resolution`) && from < until);
  }
}

/** Maintenance, or no connection: nothing was charged. */
function isHarmless({ sent, path, heard, response }: Request): boolean {
  if (!heard) return false;
  return readResponse(sent.operation, path, heard, response).every(({ kind }) => kind === 'not_processed');
}
