/** What may happen to an order whose charge goes through EMV 3-D Secure (three-d-secure.md, 7.3 to 7.5), as moves of the specification. */
import type { Answer, Order, Send } from '../../shared/domain/order.ts';
import { idOf } from '../domain/second-reading.ts';
import { isComplete, isCompletion, never, type Request, type Run } from './judge-index.ts';
import type { Move, Subject } from './judge-moves.ts';
import { create, heardOfCreation, type State } from './judge-specification.ts';
import { readingOf } from './judge-views.ts';
import { type Meaning, readResponse } from './judge-wire.ts';

const time = '2000-01-01T00:00:00.000Z';
const failure = { reason: 'refused', code: null, parameter: null, message: '', payerMessage: null } as const;

const answered = (kind: 'refused' | 'not_processed' | 'expired'): Answer => ({
  at: time,
  kind,
  failure,
  orderNumber: null,
});

const attemptOf = (order: Order): Send | undefined =>
  order.steps.filter(step => step.kind === 'send').findLast(({ operation }) => operation === 'create');

const withAttempt = (state: State, order: Order, attempt: Send): State => ({
  ...state,
  order: { ...order, steps: order.steps.map(each => (each.number === attempt.number ? attempt : each)) },
});

/** The newest attempt, while it is in that stage and nothing has come of it. */
function openAttempt({ order }: State, stage: 'enrol' | 'wait'): { order: Order; attempt: Send } | null {
  const attempt = order && attemptOf(order);
  const isOpen = attempt?.authentication?.stage === stage && !attempt.answer;
  return order && attempt && isOpen ? { order, attempt } : null;
}

const heardOfEnrolment =
  (run: number, meanings: readonly Meaning[], chargesOutside: boolean) =>
  (state: State): State[] => {
    const open = openAttempt(state, 'enrol');
    if (!open || open.attempt.number !== state.steps.get(run)) return [state];
    const { order, attempt } = open;
    return meanings.flatMap(meaning => {
      switch (meaning.kind) {
        case 'enrolled': {
          const session = { xid: meaning.xid, iframeUrl: '' };
          const authentication = { stage: 'wait', session, result: null } as const;
          return [withAttempt(state, order, { ...attempt, authentication })];
        }
        case 'outside': {
          const refused = withAttempt(state, order, { ...attempt, answer: answered('refused') });
          // It may have become too late for a payment.
          return chargesOutside ? [state, refused] : [refused];
        }
        case 'refused':
          return [withAttempt(state, order, { ...attempt, answer: answered('refused') })];
        default:
          return [withAttempt(state, order, { ...attempt, answer: answered('not_processed') })];
      }
    });
  };

/** `mayBeLate`: another completion may have taken over. */
const heardOfAuthentication =
  (meanings: readonly Meaning[], mayBeLate: boolean) =>
  (state: State): State[] => {
    const open = openAttempt(state, 'wait');
    if (!open) return [state];
    return meanings.flatMap(({ kind }) => {
      if (kind !== 'refused' && kind !== 'expired') return [state];
      const ended = withAttempt(state, open.order, { ...open.attempt, answer: answered(kind) });
      return mayBeLate ? [ended, state] : [ended];
    });
  };

/** The point of no return: only an order that waits, or one outside whose own call goes on, and only by its own session. */
const beginPayment =
  (run: number, xid: string | null, isOutside: boolean) =>
  (state: State): State[] => {
    const open = openAttempt(state, isOutside ? 'enrol' : 'wait');
    if (!open) return [];
    const { order, attempt } = open;
    if (readingOf(order).status !== (isOutside ? 'sending' : 'awaiting_customer')) return [];
    if (isOutside ? attempt.number !== state.steps.get(run) : attempt.authentication?.session?.xid !== xid) return [];
    const result = { kind: isOutside ? 'outside' : 'success', code: null } as const;
    const authentication = { stage: 'pay', session: null, result } as const;
    const next = withAttempt(state, order, { ...attempt, authentication, seen: order.callbacks.map(idOf) });
    return [{ ...next, steps: new Map([...state.steps, [run, attempt.number]]) }];
  };

/** What the browser says can end an order that waits, never pay it. */
const endByBrowser =
  (md: unknown, kind: 'refused' | 'not_processed') =>
  (state: State): State[] => {
    const open = openAttempt(state, 'wait');
    if (!open || readingOf(open.order).status !== 'awaiting_customer') return [];
    if (open.attempt.authentication?.session?.xid !== md) return [];
    return [withAttempt(state, open.order, { ...open.attempt, answer: answered(kind) })];
  };

/** How the browser's words end an order by themselves (7.3, 7.7: `status` comes first); null: the gateway is asked. */
export function endingOf(body: Record<string, unknown>, chargesOutside: boolean): 'refused' | 'not_processed' | null {
  const { status, paRes } = body;
  if (status === 'maintenance') return 'not_processed';
  if (status === 'outside') return chargesOutside ? null : 'refused';
  return status !== 'success' || paRes === 'N' || paRes === 'R' ? 'refused' : null;
}

export function threeDMoves(
  { made, calls, requests }: Subject,
  timeAt: (place: number) => number,
  chargesOutside: boolean,
): Move[] {
  if (!made.operation.startsWith('authenticated')) return [];
  const completing = calls.filter(isCompletion);
  const runs = [...new Set(requests.map(({ run }) => run))];
  const moves = runs.flatMap(run => {
    const of = (operation: string) => requests.filter(each => each.run === run && each.sent.operation === operation);
    const [enrol, authenticate, pay] = [of('enroll')[0], of('authenticate').at(-1), of('pay')[0]];
    const others = completing.some(({ run: other }) => other && other !== run && overlaps(other, run));
    return [
      ...(enrol ? enrolmentMoves(enrol, run) : []),
      ...(authenticate ? [hearing(authenticate, meanings => heardOfAuthentication(meanings, others))] : []),
      ...paymentMoves(run, enrol, authenticate, pay),
    ].filter(move => move !== null);
  });
  return [...moves, ...browserMoves()];

  function enrolmentMoves(request: Request, run: Run): (Move | null)[] {
    const begun = { name: `enrol by ${run.id}`, from: run.from, to: request.from, isCertain: true };
    return [
      { ...begun, apply: create(made, run.id, timeAt(run.from)) },
      hearing(request, meanings => heardOfEnrolment(run.id, meanings, chargesOutside)),
    ];
  }

  function paymentMoves(run: Run, enrol?: Request, authenticate?: Request, pay?: Request): (Move | null)[] {
    const before = authenticate ?? enrol;
    const may = meaningsOf(before).some(
      ({ kind }) => kind === 'authenticated' || (kind === 'outside' && chargesOutside),
    );
    if (!before || !may) return [];
    const xid = pay?.sent.xid ?? before.sent.xid;
    const begun = {
      name: `payment by ${run.id}`,
      from: before.to,
      to: pay?.from ?? never,
      isCertain: pay !== undefined,
    };
    const heard = pay ? hearing(pay, meanings => heardOfCreation(run.id, meanings)) : null;
    return [{ ...begun, apply: beginPayment(run.id, xid, authenticate === undefined) }, heard];
  }

  /** By key, because a key acts once. */
  function browserMoves(): Move[] {
    const ending = completing.filter(({ body, run }) => endingOf(body, chargesOutside) && run !== null);
    return [...Map.groupBy(ending, ({ key, body }) => `${key} ${JSON.stringify(body)}`).values()].flatMap(same => {
      const [call] = same;
      const kind = call && endingOf(call.body, chargesOutside);
      if (!kind) return [];
      const acted = same.filter(({ status, isReplayed }) => !isReplayed && [402, 503, null, 500].includes(status));
      if (acted.length === 0) return [];
      const done = acted.filter(({ status }) => status === 402 || status === 503).map(({ to }) => to);
      const span = { from: Math.min(...same.map(({ from }) => from)), to: Math.min(never, ...done) };
      const apply = endByBrowser(call.body.md, kind);
      return [{ ...span, name: `browser says ${kind}`, isCertain: done.length > 0, apply }];
    });
  }
}

const overlaps = (a: Run, b: Run): boolean => a.from < b.to && b.from < a.to;

const meaningsOf = (request: Request | undefined): Meaning[] =>
  request?.heard ? readResponse(request.sent.operation, request.path, request.heard, request.response) : [];

function hearing(request: Request, apply: (meanings: readonly Meaning[]) => Move['apply']): Move | null {
  const { run, heard, sent, to } = request;
  if (!heard) return null;
  const isCertain = isComplete(run);
  const name = `${sent.operation} by ${run.id}, heard`;
  return { name, from: to, to: isCertain ? run.to : never, isCertain, apply: apply(meaningsOf(request)) };
}
