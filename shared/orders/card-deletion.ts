import { randomUUID } from 'node:crypto';
import { secondsAfter } from '../domain/days.ts';
import { pauseSeconds } from '../domain/due.ts';
import type { Masked } from '../domain/masked.ts';
import { claimSeconds, isFresh, keyLimit } from '../domain/order.ts';
import type { Failure, Outcome } from '../domain/outcome.ts';
import type { Caller } from '../domain/revise.ts';
import { cardDeletion as sendCardDeletion } from '../zeus/operations/card-deletion.ts';
import type { Send } from '../zeus/wire/transport.ts';
import type { CardRecord, CardStore, Clock } from './ports.ts';
import { persist } from './write.ts';

export interface DeletionDeps extends Clock {
  cards: CardStore;
  send: Send;
  ipCode: string;
}

export type Deleted =
  | { kind: 'deleted' | 'open'; replayed: boolean }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'not_processed' | 'not_found' | 'no_phone' | 'in_progress' | 'key_reused' };

type Deletion = NonNullable<CardRecord['deletion']>;

/**
 * Deletes a stored card at the gateway: the pair with the given phone, or with every phone kept. A pair that is gone
 * counts as deleted once an earlier send of it may have arrived. An old key cannot delete a card registered again.
 */
export async function cardDeletion(
  deps: DeletionDeps,
  cardId: string,
  phone: Masked | null,
  caller: Caller,
): Promise<Deleted> {
  for (;;) {
    const record = (await deps.cards.find(cardId)) ?? emptyRecord(cardId);
    const used = record.keys[caller.key];
    if (used && used.request !== caller.request) return { kind: 'key_reused' };
    const isOld = used !== undefined && used.registrations !== record.registrations;
    // The phone is no part of a request's identity: another one under the same key is another pair to delete.
    if (used?.done && (isOld || phone === null)) return { kind: 'deleted', replayed: true };
    if (isOld && record.deletion?.keys.includes(caller.key)) return { kind: 'open', replayed: true };
    const now = deps.now();
    if (isFresh(record.claim, now)) return { kind: 'in_progress' };
    const phones = phone ? [phone] : withWaiting(record);
    if (phones.length === 0) return { kind: 'no_phone' };
    const claimed = claim(record, phones, caller, now);
    if (!(await deps.cards.replace(claimed))) continue;
    const deleted = await sendAndRecord(deps, claimed, activeDeletion(record)?.phones ?? []);
    return deleted.kind === 'not_found' && used?.done ? { kind: 'deleted', replayed: true } : deleted;
  }
}

/** Repeats a deletion whose answer was lost. Null: another invocation is at it, it is over, or it rests. */
export async function repeatDeletion(deps: DeletionDeps, record: CardRecord): Promise<Deleted | null> {
  const now = deps.now();
  const deletion = activeDeletion(record);
  if (!deletion || isFresh(record.claim, now)) return null;
  const claimed = claim(record, deletion.phones, null, now);
  return (await deps.cards.replace(claimed)) ? sendAndRecord(deps, claimed, deletion.phones) : null;
}

const emptyRecord = (cardId: string): CardRecord => ({
  cardId,
  phones: [],
  registrations: 0,
  keys: {},
  claim: null,
  deletion: null,
  dueAt: null,
  version: 0,
});

/** A deletion rests while the card was registered after it: it must not delete the new registration. */
const activeDeletion = ({ deletion, registrations }: CardRecord): Deletion | null =>
  deletion?.registrations === registrations ? deletion : null;

const has = (phones: Masked[], phone: Masked): boolean => phones.some(each => each.reveal() === phone.reveal());

const without = (phones: Masked[], gone: Masked[]): Masked[] => phones.filter(phone => !has(gone, phone));

/** Every phone kept, and those of a deletion that waits for its answer. */
const withWaiting = (record: CardRecord): Masked[] => [
  ...record.phones,
  ...without(activeDeletion(record)?.phones ?? [], record.phones),
];

/** `caller` null: our own schedule, for the keys whose calls wait. */
function claim(record: CardRecord, phones: Masked[], caller: Caller | null, at: Date): CardRecord {
  const waiting = activeDeletion(record) ?? { phones: [], keys: [], attempts: 0 };
  return {
    ...record,
    keys: caller ? withKey(record, caller, at) : record.keys,
    claim: { id: randomUUID(), at: at.toISOString() },
    deletion: {
      phones: [...phones, ...without(waiting.phones, phones)],
      keys: [...new Set([...waiting.keys, ...(caller ? [caller.key] : [])])],
      attempts: waiting.attempts + 1,
      registrations: record.registrations,
    },
    dueAt: secondsAfter(at.toISOString(), claimSeconds),
    version: record.version + 1,
  };
}

function withKey({ keys, registrations }: CardRecord, { key, request }: Caller, at: Date): CardRecord['keys'] {
  const done = keys[key]?.done ?? false;
  const all = Object.entries({ ...keys, [key]: { request, at: at.toISOString(), done, registrations } });
  return Object.fromEntries(all.toSorted(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-keyLimit));
}

type Results = { phone: Masked; outcome: Outcome; wasLost: boolean }[];

async function sendAndRecord(deps: DeletionDeps, claimed: CardRecord, lost: Masked[]): Promise<Deleted> {
  const { cardId } = claimed;
  const results = await Promise.all(
    (claimed.deletion?.phones ?? []).map(async phone => ({
      phone,
      outcome: await sendCardDeletion(deps.send, { ipCode: deps.ipCode, phone, cardId }),
      wasLost: has(lost, phone),
    })),
  );
  const answer = answerOf(results);
  let record = claimed;
  while (!(await persist(deps, () => deps.cards.replace(recorded(record, claimed, results, answer, deps.now()))))) {
    const latest = await persist(deps, () => deps.cards.find(cardId));
    if (!latest || latest.claim?.id !== claimed.claim?.id) break;
    record = latest;
  }
  return answer;
}

const isGone = ({ outcome }: Results[number]): boolean =>
  outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.truth === 'already_done');

/** After a lost answer only a success, or that no such card is stored, proves anything. */
const isOpen = (result: Results[number]): boolean =>
  result.outcome.kind === 'unknown' || (result.wasLost && !isGone(result));

function answerOf(results: Results): Deleted {
  if (results.some(isOpen)) return { kind: 'open', replayed: false };
  if (results.some(({ outcome }) => outcome.kind === 'not_processed')) return { kind: 'not_processed' };
  for (const result of results) {
    if (result.outcome.kind === 'refused' && !isGone(result))
      return { kind: 'refused', failure: result.outcome.failure };
  }
  const isProven = results.some(({ outcome, wasLost }) => outcome.kind === 'done' || wasLost);
  return isProven ? { kind: 'deleted', replayed: false } : { kind: 'not_found' };
}

function recorded(record: CardRecord, claimed: CardRecord, results: Results, answer: Deleted, at: Date): CardRecord {
  const waiting = claimed.deletion?.keys ?? [];
  const open = results.filter(isOpen).map(({ phone }) => phone);
  const next = { ...record, keys: keysAfter(record.keys, waiting, answer), claim: null, version: record.version + 1 };
  const deletion = open.length > 0 && claimed.deletion ? { ...claimed.deletion, phones: open } : null;
  // Registered while it was on its way: what is left of the deletion rests, unless the registration never left.
  if (record.registrations !== claimed.registrations) return { ...next, deletion };
  const gone = results.filter(isGone).map(({ phone }) => phone);
  const dueAt = deletion ? secondsAfter(at.toISOString(), pauseSeconds(deletion.attempts)) : null;
  return { ...next, phones: without(record.phones, gone), deletion, dueAt };
}

/** A call that found no card leaves no key; every call that waited for this answer has had its effect. */
function keysAfter(keys: CardRecord['keys'], waiting: string[], answer: Deleted): CardRecord['keys'] {
  const isDone = answer.kind === 'deleted';
  return Object.fromEntries(
    Object.entries(keys)
      .filter(([key, { done }]) => answer.kind !== 'not_found' || done || !waiting.includes(key))
      .map(([key, used]) => [key, waiting.includes(key) ? { ...used, done: used.done || isDone } : used]),
  );
}
