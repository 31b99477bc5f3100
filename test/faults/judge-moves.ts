/** What may have happened to one order, each with the span of the history in which it took effect, if it did. */
import type { AttentionReason } from '../../shared/domain/words.ts';
import type { Call, Delivery, Index, Request, Run } from './judge-index.ts';
import { isComplete, isInDoubt, never } from './judge-index.ts';
import type { Asked, Made, Resolution, Sending, State } from './judge-specification.ts';
import * as specification from './judge-specification.ts';
import { threeDMoves } from './judge-three-d-moves.ts';
import type { ShownOrder } from './judge-views.ts';
import { type Meaning, type Operation, readResponse, type ThreeD } from './judge-wire.ts';

export interface Move {
  name: string;
  /** Not before; and, where it is certain, not after. */
  from: number;
  to: number;
  isCertain: boolean;
  apply(state: State, at: number): State[];
}

/** One order, and everything in the history that is about it. */
export interface Subject {
  made: Made;
  calls: readonly Call[];
  requests: readonly Request[];
  deliveries: readonly Delivery[];
  dueWork: readonly Run[];
}

export const madeOf = (shown: ShownOrder): Made => ({
  orderId: shown.orderId,
  method: shown.method,
  operation: shown.operation as Made['operation'],
  amountYen: shown.operation === 'external' ? 0 : shown.amount,
  carrier: shown.carrier ? { type: shown.carrier.type as 'docomo' } : null,
  createdAt: shown.createdAt,
});

/** `chargesOutside`: the setting threeDSecureOutside. */
export function movesOf(subject: Subject, { history }: Index, chargesOutside: boolean): Move[] {
  const timeAt = (place: number) => history[Math.min(place, history.length - 1)]?.at ?? 0;
  return [
    ...callbackMoves(subject),
    ...openMoves(subject),
    ...sendMoves(subject, timeAt),
    ...threeDMoves(subject, timeAt, chargesOutside),
    ...unsentMoves(subject, timeAt),
    ...bookingMoves(subject, timeAt),
    ...resolutionMoves(subject),
  ].sort((a, b) => Math.min(a.to, a.from + 1e6) - Math.min(b.to, b.from + 1e6));
}

/** Equal callbacks are one. */
function callbackMoves({ made, deliveries }: Subject): Move[] {
  const groups = Map.groupBy(deliveries, ({ callback: { orderNumber, status, amountYen, ipCode } }) =>
    [orderNumber, status, amountYen, ipCode].join(),
  );
  return [...groups].flatMap(([name, group]) => {
    const callback = group[0]?.callback;
    if (!callback) return [];
    const ends = group.map(({ isTaken, isQueued, to, dequeuedAt }) => (isQueued ? dequeuedAt : isTaken ? to : never));
    const to = Math.min(...ends);
    const external = made.operation === 'external' ? made : null;
    return {
      name: `callback ${name}`,
      from: Math.min(...group.map(({ from }) => from)),
      to,
      isCertain: to !== never,
      apply: specification.callback(external, callback),
    };
  });
}

/** Carrier orders: nothing is sent. */
function openMoves({ made, calls }: Subject): Move[] {
  const opening = calls.filter(({ method, path }) => method === 'POST' && path === '/carrier/orders');
  if (opening.length === 0) return [];
  const taken = opening.filter(({ status }) => status === 200 || status === 201).map(({ to }) => to);
  const from = Math.min(...opening.map(call => call.from));
  const to = Math.min(never, ...taken);
  return [{ name: 'open', from, to, isCertain: taken.length > 0, apply: specification.open(made) }];
}

/** What the invocations of this order sent, each with its claim before and what was heard after. */
function sendMoves({ made, requests }: Subject, timeAt: (place: number) => number): Move[] {
  const runs = Map.groupBy(requests, ({ run, sent }) => `${run.id} ${sent.operation}`);
  return [...runs.values()].flatMap(sends => {
    const [head, last] = [sends[0], sends.at(-1)];
    if (!head || !last) return [];
    const { run, sent } = head;
    const { operation } = sent;
    const name = `${sent.operation} by ${run.name} ${run.id}`;
    const begun = { name, from: run.from, to: head.from, isCertain: true };
    const isRecorded = last.heard !== null && isComplete(run);
    const heard = { name: `${name}, heard`, from: last.to, to: isRecorded ? run.to : never, isCertain: isRecorded };
    const meanings = last.heard ? readResponse(operation, last.path, last.heard, last.response) : [];
    if (operation === 'create') {
      const hearing = specification.heardOfCreation(run.id, meanings);
      return [
        { ...begun, apply: specification.create(made, run.id) },
        ...(last.heard ? [{ ...heard, apply: hearing }] : []),
      ];
    }
    if (operation === 'deletion' || isThreeD(operation)) return [];
    const sending: Sending = {
      run: run.id,
      operation,
      orderNumber: sent.orderNumber,
      amountYen: sent.amountYen,
      day: sent.day,
      asked: askedBy(run),
      at: timeAt(head.from),
      isDueWork: run.name === 'due-work',
    };
    const days = [
      ...new Set([last.to, run.to].filter(Number.isFinite).map(each => specification.jstDay(timeAt(each)))),
    ];
    const hearing = specification.heardOfOperation(sending, meanings, days);
    return [{ ...begun, apply: specification.begin(sending) }, ...(last.heard ? [{ ...heard, apply: hearing }] : [])];
  });
}

const isThreeD = (operation: Operation): operation is ThreeD =>
  operation === 'enroll' || operation === 'authenticate' || operation === 'pay';

function askedBy({ call }: Run): Asked | null {
  if (!call?.path.endsWith('/settlement')) return null;
  const { amount, on, by } = call.body as { amount?: number; on?: string; by?: 'schedule' | 'gateway' };
  return { amountYen: amount ?? null, on: on ?? null, by: by ?? 'schedule' };
}

const operations: Record<string, Exclude<Operation, 'create' | 'deletion' | ThreeD>> = {
  cancel: 'cancel',
  return: 'return',
  settlement: 'settle',
};

const operationOf = ({ method, path }: Call): Exclude<Operation, 'create' | 'deletion' | ThreeD> | null => {
  const operation = operations[path.split('/').at(-1) ?? ''] ?? null;
  return operation === 'settle' && method === 'DELETE' ? 'withdraw' : operation;
};

/** A claim whose invocation ended before anything left, or after its request to the table went wrong. */
function unsentMoves({ made, calls, requests, dueWork }: Subject, timeAt: (place: number) => number): Move[] {
  const hasSent = (run: Run) => requests.some(each => each.run === run);
  const moves: Move[] = [];
  for (const call of calls) {
    const { run } = call;
    if (!run || hasSent(run) || call.isReplayed) continue;
    const claim = { from: run.from, to: never, isCertain: false };
    const operation = operationOf(call);
    if (isCreation(call)) {
      if ([400, 402, 409, 422].includes(call.status ?? 0)) continue;
      moves.push({
        ...claim,
        name: `unsent create ${run.id}`,
        apply: specification.create(made, run.id, timeAt(run.from)),
      });
      // `storage_failed`: our own table failed before anything was sent.
      const hearing = specification.heardOfCreation(run.id, notProcessed);
      moves.push({ ...claim, name: `create ${run.id} not sent`, apply: hearing });
      continue;
    }
    if (!operation) continue;
    if (isComplete(run) && call.status !== 503) continue;
    const orderNumber = call.body.gatewayOrderNumber as string | undefined;
    const sending = sendingOf(run, operation, timeAt(run.from), askedBy(run), orderNumber);
    moves.push({ ...claim, name: `unsent ${operation} ${run.id}`, apply: specification.begin(sending) });
    if (call.status !== 503 && call.status !== null) continue;
    // From 23:55 JST on nothing is sent.
    const hearing = specification.heardOfOperation(sending, notProcessed, []);
    moves.push({ ...claim, name: `${operation} ${run.id} not sent`, apply: hearing });
  }
  for (const run of dueWork) {
    if (hasSent(run) || isComplete(run)) continue;
    for (const operation of ['cancel', 'settle', 'withdraw', 'return'] as const) {
      const sending = sendingOf(run, operation, timeAt(run.from), null, undefined);
      const name = `unsent ${operation} by due work ${run.id}`;
      moves.push({ name, from: run.from, to: never, isCertain: false, apply: specification.begin(sending) });
    }
  }
  return moves;
}

const notProcessed: Meaning[] = [{ kind: 'not_processed' }];

const sendingOf = (
  run: Run,
  operation: Sending['operation'],
  at: number,
  asked: Asked | null,
  orderNumber: string | undefined,
): Sending => ({
  run: run.id,
  operation,
  orderNumber,
  amountYen: asked?.amountYen ?? null,
  day: null,
  asked,
  at,
  isDueWork: run.name === 'due-work',
});

export const isCreation = ({ method, path }: Call): boolean =>
  method === 'POST' &&
  [
    '/card/charges',
    '/card/recurring-charges',
    '/card/authentications',
    '/card/recurring-authentications',
    '/cvs/orders',
  ].includes(path);

/** Bookings in our own schedule, and their withdrawal: by key, because a key acts once. */
function bookingMoves({ calls, requests }: Subject, timeAt: (place: number) => number): Move[] {
  const silent = calls.filter(
    call => call.path.endsWith('/settlement') && !requests.some(({ run }) => run === call.run),
  );
  return [...Map.groupBy(silent, ({ method, key }) => `${method} ${key}`).values()].flatMap(same => {
    const [call] = same;
    if (!call) return [];
    const done = same.filter(({ status }) => status === 200).map(({ to }) => to);
    const isAnyInDoubt = same.some(isInDoubt);
    if (done.length === 0 && !isAnyInDoubt) return [];
    // A replay may be of an operation that was sent.
    const isCertain = same.some(({ status, isReplayed }) => status === 200 && !isReplayed);
    const span = {
      from: Math.min(...same.map(({ from }) => from)),
      to: isCertain ? Math.min(...done) : never,
      isCertain,
    };
    if (call.method === 'DELETE') return { ...span, name: `withdraw ${call.key}`, apply: specification.withdrawOwn };
    const body = call.body as { amount?: number; on?: string; by?: string; gatewayOrderNumber?: string };
    const { amount = null, on, by, gatewayOrderNumber = null } = body;
    const day = on ?? nextDay(timeAt(call.from));
    if (by === 'gateway' || day <= specification.jstDay(timeAt(call.from))) return [];
    const asked = { amountYen: amount, on: day, by: 'schedule' } as const;
    return { ...span, name: `book ${call.key}`, apply: specification.book(asked, gatewayOrderNumber) };
  });
}

const nextDay = (at: number): string => specification.jstDay(at + 86_400_000);

/** Decisions and acknowledgements, by key. */
function resolutionMoves({ calls }: Subject): Move[] {
  const resolving = calls.filter(({ path }) => path.endsWith('/resolution'));
  return [...Map.groupBy(resolving, ({ key, body }) => `${key} ${JSON.stringify(body)}`).values()].flatMap(same => {
    const [call] = same;
    const done = same.filter(({ status }) => status === 200).map(({ to }) => to);
    if (!call || (done.length === 0 && !same.some(isInDoubt))) return [];
    const body = call.body as {
      outcome: Resolution['outcome'];
      gatewayOrderNumber?: string;
      amount?: number;
      reasons?: AttentionReason[];
    };
    const { outcome, gatewayOrderNumber: orderNumber = null, amount: amountYen = null, reasons = null } = body;
    const resolution = { outcome, orderNumber, amountYen, reasons };
    return {
      name: `${outcome} ${call.key}`,
      from: Math.min(...same.map(({ from }) => from)),
      to: Math.min(never, ...done),
      isCertain: done.length > 0,
      apply: specification.resolve(resolution),
    };
  });
}
