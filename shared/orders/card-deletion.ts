import { randomUUID } from 'node:crypto';
import type { Masked } from '../domain/masked.ts';
import { after, claimSeconds, isFresh, keyLimit } from '../domain/order.ts';
import type { Outcome, Refused } from '../domain/outcome.ts';
import { cardDeletion as sendCardDeletion } from '../zeus/operations/card-deletion.ts';
import type { Send } from '../zeus/wire/transport.ts';
import type { Caller } from './act-on-order.ts';
import { persist } from './persist.ts';
import type { CardRecord, CardStore, Clock } from './ports.ts';

export interface DeletionDeps extends Clock {
  cards: CardStore;
  send: Send;
  ipCode: string;
}

export type Deleted =
  | { kind: 'deleted' | 'no_word'; replayed: boolean }
  | { kind: 'refused'; refusal: Refused }
  | { kind: 'not_taken' | 'not_found' | 'no_phone' | 'in_progress' | 'key_reused' };

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
    if (used?.done) return { kind: 'deleted', replayed: true };
    if (used && used.registrations !== record.registrations) return { kind: 'no_word', replayed: true };
    const now = deps.now();
    if (isFresh(record.claim, now)) return { kind: 'in_progress' };
    const phones = phone ? [phone] : withWaiting(record);
    if (phones.length === 0) return { kind: 'no_phone' };
    const claimed = claim(record, phones, caller, now);
    if (await deps.cards.replace(claimed)) return sendAndRecord(deps, claimed, record.deletion?.phones ?? []);
  }
}

/** Repeats a deletion whose answer was lost. Null: somebody else is at it, or it is settled. */
export async function repeatDeletion(deps: DeletionDeps, record: CardRecord): Promise<Deleted | null> {
  const now = deps.now();
  if (!record.deletion || isFresh(record.claim, now)) return null;
  const { phones } = record.deletion;
  const claimed = claim(record, phones, null, now);
  return (await deps.cards.replace(claimed)) ? sendAndRecord(deps, claimed, phones) : null;
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

const has = (phones: Masked[], phone: Masked): boolean => phones.some(each => each.reveal() === phone.reveal());

const without = (phones: Masked[], gone: Masked[]): Masked[] => phones.filter(phone => !has(gone, phone));

/** Every phone kept, and those of a deletion that waits for its answer. */
const withWaiting = ({ phones, deletion }: CardRecord): Masked[] => [
  ...phones,
  ...without(deletion?.phones ?? [], phones),
];

/** `caller` null: our own schedule, for the keys whose calls wait. */
function claim(record: CardRecord, phones: Masked[], caller: Caller | null, at: Date): CardRecord {
  const waiting = record.deletion ?? { phones: [], keys: [] };
  return {
    ...record,
    keys: caller ? withKey(record, caller, at) : record.keys,
    claim: { id: randomUUID(), at: at.toISOString() },
    deletion: {
      phones: [...phones, ...without(waiting.phones, phones)],
      keys: [...new Set([...waiting.keys, ...(caller ? [caller.key] : [])])],
    },
    dueAt: after(at, claimSeconds),
    version: record.version + 1,
  };
}

function withKey({ keys, registrations }: CardRecord, { key, request }: Caller, at: Date): CardRecord['keys'] {
  const all = Object.entries({ ...keys, [key]: { request, at: at.toISOString(), done: false, registrations } });
  return Object.fromEntries(all.sort(([, a], [, b]) => (a.at < b.at ? -1 : 1)).slice(-keyLimit));
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

/** No connection and maintenance say nothing of an earlier send whose answer was lost. */
const isOpen = ({ outcome, wasLost }: Results[number]): boolean =>
  outcome.kind === 'unknown' || (outcome.kind === 'not_processed' && wasLost);

function answerOf(results: Results): Deleted {
  if (results.some(({ outcome }) => outcome.kind === 'unknown')) return { kind: 'no_word', replayed: false };
  if (results.some(({ outcome }) => outcome.kind === 'not_processed')) return { kind: 'not_taken' };
  for (const result of results) {
    if (result.outcome.kind === 'refused' && !isGone(result)) return { kind: 'refused', refusal: result.outcome };
  }
  const isProven = results.some(({ outcome, wasLost }) => outcome.kind === 'done' || wasLost);
  return isProven ? { kind: 'deleted', replayed: false } : { kind: 'not_found' };
}

function recorded(record: CardRecord, claimed: CardRecord, results: Results, answer: Deleted, at: Date): CardRecord {
  const isRegisteredAgain = record.registrations !== claimed.registrations;
  const waiting = claimed.deletion?.keys ?? [];
  const open = results.filter(isOpen).map(({ phone }) => phone);
  const next = { ...record, keys: keysAfter(record.keys, waiting, answer), claim: null, version: record.version + 1 };
  if (isRegisteredAgain) return next;
  return {
    ...next,
    phones: without(
      record.phones,
      results.filter(isGone).map(({ phone }) => phone),
    ),
    deletion: open.length > 0 ? { phones: open, keys: waiting } : null,
    dueAt: open.length > 0 ? at.toISOString() : null,
  };
}

/** A call that found no card leaves no key; every call that waited for this word has had its effect. */
function keysAfter(keys: CardRecord['keys'], waiting: string[], answer: Deleted): CardRecord['keys'] {
  const isDone = answer.kind === 'deleted';
  return Object.fromEntries(
    Object.entries(keys)
      .filter(([key]) => answer.kind !== 'not_found' || !waiting.includes(key))
      .map(([key, used]) => [key, waiting.includes(key) ? { ...used, done: isDone } : used]),
  );
}
