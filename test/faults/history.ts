/**
 * What could be seen of a run from outside our functions, in order: calls and answers, callbacks, what went to the gateway
 * and came back, events, and where functions began, ended or were killed. The judge reads this and the gateway's books,
 * never our table.
 */
import type { LedgerEntry } from '../../local/simulator/state.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';

/** How an invocation ended: it returned, threw because a service was not there, or was killed (a crash or its time-out). */
export type Ending = 'returned' | 'thrown' | 'killed';

/** What a function heard of its request. `answered`: any HTTP response; `unseen`: the recorder cannot know. */
export type Heard =
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'lost' }
  | { kind: 'not_sent' }
  | { kind: 'unseen' };

export type Happening =
  /** A request to the merchant API. `call`, `delivery`, `run`, `request` are numbers of their own kind. */
  | { kind: 'called'; call: number; method: string; path: string; key: string | null; body: Record<string, unknown> }
  /** `status` null: no response came. */
  // biome-ignore lint/suspicious/noExplicitAny: responses are looked at, not typed
  | { kind: 'answered'; call: number; status: number | null; isReplayed: boolean; response: any }
  /** A callback of the gateway, its parameters as they went over the wire. */
  | { kind: 'delivered'; delivery: number; service: 'card' | 'carrier' | 'cvs'; wire: string }
  /** `body` null: no response came. */
  | { kind: 'delivery_answered'; delivery: number; body: string | null }
  /** An invocation. `for`: the call, or the deliveries, that it is for. */
  | { kind: 'begun'; run: number; name: string; call: number | null; deliveries: readonly number[] }
  | { kind: 'ended'; run: number; how: Ending }
  /** A callback was taken over by the queue, and a message of it was dealt with. */
  | { kind: 'queued'; run: number; delivery: number | null }
  | { kind: 'dequeued'; run: number; delivery: number | null }
  /** A request to the table, queue or bus went wrong: what its caller knows of it is in doubt. */
  | { kind: 'store_failed'; run: number; label: string }
  /** Our request to the gateway, as bytes in Latin-1. */
  | { kind: 'requested'; request: number; run: number; path: string; body: string }
  /** The gateway took it: its response, and what it entered into its books. */
  | { kind: 'taken'; request: number; response: string; entries: readonly LedgerEntry[] }
  | { kind: 'heard'; request: number; heard: Heard }
  /** Another than we had the gateway charge the card of a session; `entries`: what it entered into its books. */
  | { kind: 'paid_elsewhere'; entries: readonly LedgerEntry[] }
  /** The bus took an event. */
  | { kind: 'published'; event: OrderEvent }
  /** Nothing goes wrong any more. */
  | { kind: 'calm' };

/** `at`: milliseconds since 1970, by the true clock. */
export type Entry = Happening & { at: number };

export type History = readonly Entry[];

export interface Recorder {
  history: History;
  add(happening: Happening): void;
  /** Numbers for what is recorded, from 1. */
  next(): number;
}

export function createRecorder(now: () => number): Recorder {
  const history: Entry[] = [];
  let count = 0;
  return {
    history,
    add: happening => void history.push({ ...happening, at: now() }),
    next() {
      count += 1;
      return count;
    },
  };
}
