/** The history, put together: each call with its answer and its invocation, each invocation with its requests. Times are places in the history. */
import type { LedgerEntry } from '../../local/simulator/state.ts';
import type { Ending, Heard, History } from './history.ts';
import { type ReadCallback, readCallback, readRequest, type Sent } from './judge-wire.ts';

export const never = Number.POSITIVE_INFINITY;

/** `from` and `to`: places in the history; `to` is `never` where the end was not seen. */
export interface Call {
  id: number;
  method: string;
  path: string;
  key: string | null;
  body: Record<string, unknown>;
  from: number;
  to: number;
  status: number | null;
  isReplayed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: responses are looked at, not typed
  response: any;
  run: Run | null;
}

export interface Run {
  id: number;
  name: string;
  from: number;
  to: number;
  /** Null: not seen. */
  how: Ending | null;
  call: Call | null;
  requests: Request[];
  /** Requests to the table, queue or bus of which the function cannot know what they did. */
  hasFailed: boolean;
}

export interface Request {
  run: Run;
  path: string;
  sent: Sent;
  from: number;
  /** When the response was read; `never` where none was. */
  to: number;
  heard: Heard | null;
  /** The gateway's own, in full; null: it took nothing. */
  response: string | null;
  /** What it entered into its books. */
  entries: readonly LedgerEntry[];
  /** When it took it; `never` where it took nothing. */
  takenAt: number;
}

export interface Delivery extends ReadCallback {
  service: 'card' | 'carrier' | 'cvs';
  from: number;
  to: number;
  /** It was answered `successok`. */
  isTaken: boolean;
  /** It was answered that it could not be stored. */
  isRefused: boolean;
  /** It went to the queue; and when a message of it was dealt with. */
  isQueued: boolean;
  dequeuedAt: number;
}

export interface Index {
  history: History;
  calls: Call[];
  runs: Run[];
  requests: Request[];
  deliveries: Delivery[];
  /** What another than we had the gateway charge, by the numbers of its books. */
  paidElsewhere: ReadonlySet<number>;
}

/** Whether it took effect, its answer does not tell. */
export const isInDoubt = ({ status }: Call): boolean => status === null || status === 500;

/** It did all that it had to do, as far as can be seen: what it heard is stored. */
export const isComplete = ({ how, call }: Run): boolean => how === 'returned' && (call === null || !isInDoubt(call));

export const isCompletion = ({ path }: Call): boolean => path.endsWith('/completion');

export function indexOf(history: History): Index {
  const calls = new Map<number, Call>();
  const runs = new Map<number, Run>();
  const requests = new Map<number, Request>();
  const deliveries = new Map<number, Delivery>();
  const paidElsewhere = new Set<number>();
  history.forEach((entry, place) => {
    switch (entry.kind) {
      case 'called': {
        const { call: id, method, path, key, body } = entry;
        const empty = { to: never, status: null, isReplayed: false, response: null, run: null };
        calls.set(id, { id, method, path, key, body, from: place, ...empty });
        break;
      }
      case 'answered': {
        const { status, isReplayed, response } = entry;
        Object.assign(calls.get(entry.call) ?? {}, { to: place, status, isReplayed, response });
        break;
      }
      case 'begun': {
        const call = entry.call === null ? null : (calls.get(entry.call) ?? null);
        const run: Run = {
          id: entry.run,
          name: entry.name,
          from: place,
          to: never,
          how: null,
          call,
          requests: [],
          hasFailed: false,
        };
        runs.set(run.id, run);
        if (call) call.run = run;
        break;
      }
      case 'ended':
        Object.assign(runs.get(entry.run) ?? {}, { to: place, how: entry.how });
        break;
      case 'store_failed':
        Object.assign(runs.get(entry.run) ?? {}, { hasFailed: true });
        break;
      case 'requested': {
        const run = runs.get(entry.run);
        if (!run) throw new Error('A request of no invocation.');
        const { path } = entry;
        const sent = readRequest(path, entry.body);
        const request: Request = {
          run,
          path,
          sent,
          from: place,
          to: never,
          heard: null,
          response: null,
          entries: [],
          takenAt: never,
        };
        requests.set(entry.request, request);
        run.requests.push(request);
        break;
      }
      case 'taken':
        Object.assign(requests.get(entry.request) ?? {}, {
          response: entry.response,
          entries: entry.entries,
          takenAt: place,
        });
        break;
      case 'heard':
        Object.assign(requests.get(entry.request) ?? {}, { to: place, heard: entry.heard });
        break;
      case 'delivered': {
        const { service, wire } = entry;
        const open = { from: place, to: never, isTaken: false, isRefused: false, isQueued: false, dequeuedAt: never };
        deliveries.set(entry.delivery, { service, ...readCallback(service, wire), ...open });
        break;
      }
      case 'delivery_answered':
        Object.assign(deliveries.get(entry.delivery) ?? {}, {
          to: place,
          isTaken: entry.body === 'successok',
          isRefused: entry.body === 'ERR500',
        });
        break;
      case 'queued':
        if (entry.delivery !== null) Object.assign(deliveries.get(entry.delivery) ?? {}, { isQueued: true });
        break;
      case 'dequeued': {
        const delivery = deliveries.get(entry.delivery ?? -1);
        if (delivery) delivery.dequeuedAt = Math.min(delivery.dequeuedAt, place);
        break;
      }
      case 'paid_elsewhere':
        for (const { seq } of entry.entries) paidElsewhere.add(seq);
        break;
      case 'published':
      case 'calm':
        break;
    }
  });
  nameSessions([...requests.values()]);
  return {
    history,
    paidElsewhere,
    calls: [...calls.values()],
    runs: [...runs.values()],
    requests: [...requests.values()],
    deliveries: [...deliveries.values()],
  };
}

/** Of later requests of a 3-D Secure session: what its enrolment was for. */
function nameSessions(requests: readonly Request[]): void {
  const enrolments = sessionsOf(requests);
  for (const { sent } of requests) {
    if (sent.operation !== 'authenticate' && sent.operation !== 'pay') continue;
    const { sendpoint = null, cardId = null, amountYen = null } = enrolments.get(sent.xid ?? '')?.sent ?? {};
    Object.assign(sent, { sendpoint, cardId, amountYen });
  }
}

/** The enrolment that each session came from, by the gateway's own responses. */
export function sessionsOf(requests: readonly Request[]): Map<string, Request> {
  const enrolments = requests.filter(({ sent }) => sent.operation === 'enroll');
  return new Map(
    enrolments.flatMap(request => {
      const xid = /<xid>([^<]*)</.exec(request.response ?? '')?.[1];
      return xid ? [[xid, request] as const] : [];
    }),
  );
}
