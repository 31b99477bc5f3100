/** Deletion of a stored card, on a real table, with a gateway that says per phone what the test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { cardDeletion, type Deleted, repeatDeletion } from '../../shared/orders/card-deletion.ts';
import type { CardRecord, CardStore } from '../../shared/orders/ports.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { noon, standingClock } from '../support/orders.ts';
import { startTable, tableName } from '../support/table.ts';

const { dynamo } = await startTable();
const cards = cardsTable(dynamo, tableName);
const seconds = (count: number) => new Date(noon.getTime() + 1000 * count);
const caller = { key: 'key', request: 'request' };

const says = (body: string): Reply => ({ kind: 'answered', status: 200, body: Buffer.from(body) });
const done = says('SuccessOK');
const gone = says('failure_order');
const lost: Reply = { kind: 'lost', message: 'lost' };
const down = says('maintenance');
const notSent: Reply = { kind: 'not_sent', message: 'no connection' };
const refused = says('Invalid telno');

let count = 0;
async function card(...phones: string[]): Promise<string> {
  const cardId = `CARD-${++count}`;
  for (const phone of phones) await cards.remember(cardId, new Masked(phone));
  return cardId;
}

/** What each phone is answered, call after call; `during` runs with the first request that is out. */
function gateway(answers: Record<string, Reply[]>, during: () => Promise<unknown> = async () => {}) {
  const sent: string[] = [];
  const send = async (_path: string, _type: string, body: Uint8Array): Promise<Reply> => {
    const phone = new URLSearchParams(Buffer.from(body).toString()).get('telno') ?? '';
    sent.push(phone);
    if (sent.length === 1) await during();
    return answers[phone]?.shift() ?? assert.fail(`nothing to say about ${phone}`);
  };
  const deps = (now = noon, through: CardStore = cards) => ({
    ...standingClock(now),
    cards: through,
    send,
    ipCode: '2019000001',
  });
  return { sent, deps };
}
const find = async (cardId: string): Promise<CardRecord> => (await cards.find(cardId)) ?? assert.fail('no record');
const reveal = (phones: Masked[] = []) => phones.map(phone => phone.reveal()).toSorted();

interface Case {
  what: string;
  replies: [a: Reply, b: Reply];
  kind: Deleted['kind'];
  phones: string[];
  waits: string[];
}
const cases: Case[] = [
  { what: 'both done', replies: [done, done], kind: 'deleted', phones: [], waits: [] },
  { what: 'one done, one gone before', replies: [done, gone], kind: 'deleted', phones: [], waits: [] },
  { what: 'both gone before', replies: [gone, gone], kind: 'not_found', phones: [], waits: [] },
  { what: 'one done, one lost', replies: [done, lost], kind: 'no_word', phones: ['0002'], waits: ['0002'] },
  { what: 'one gone before, one lost', replies: [gone, lost], kind: 'no_word', phones: ['0002'], waits: ['0002'] },
  { what: 'both lost', replies: [lost, lost], kind: 'no_word', phones: ['0001', '0002'], waits: ['0001', '0002'] },
  {
    what: 'one refused, one lost',
    replies: [refused, lost],
    kind: 'no_word',
    phones: ['0001', '0002'],
    waits: ['0002'],
  },
  { what: 'one down, one lost', replies: [down, lost], kind: 'no_word', phones: ['0001', '0002'], waits: ['0002'] },
  { what: 'one done, one down', replies: [done, down], kind: 'not_taken', phones: ['0002'], waits: [] },
  {
    what: 'one done, one without a connection',
    replies: [done, notSent],
    kind: 'not_taken',
    phones: ['0002'],
    waits: [],
  },
  { what: 'one done, one refused', replies: [done, refused], kind: 'refused', phones: ['0002'], waits: [] },
  { what: 'both refused', replies: [refused, refused], kind: 'refused', phones: ['0001', '0002'], waits: [] },
];
const wide = (phone: string) => `090000${phone}`;

for (const { what, replies, kind, phones, waits } of cases) {
  test(`of two pairs, ${what}: ${kind}`, async () => {
    const cardId = await card(wide('0001'), wide('0002'));
    const { sent, deps } = gateway({ [wide('0001')]: [replies[0]], [wide('0002')]: [replies[1]] });
    const deleted = await cardDeletion(deps(), cardId, null, caller);
    const record = await find(cardId);
    assert.deepEqual([deleted.kind, sent.toSorted()], [kind, [wide('0001'), wide('0002')]]);
    assert.deepEqual([reveal(record.phones), reveal(record.deletion?.phones)], [phones.map(wide), waits.map(wide)]);
    assert.deepEqual([record.claim, record.dueAt], [null, waits.length > 0 ? noon.toISOString() : null]);
    assert.equal(record.keys.key?.done, kind === 'not_found' ? undefined : kind === 'deleted');
  });
}

const afterLost: [what: string, reply: Reply, kind: Deleted['kind'], waits: boolean][] = [
  ['done', done, 'deleted', false],
  ['gone', gone, 'deleted', false],
  ['refused', refused, 'refused', false],
  ['down', down, 'not_taken', true],
  ['without a connection', notSent, 'not_taken', true],
  ['lost again', lost, 'no_word', true],
];
for (const [what, reply, kind, waits] of afterLost) {
  test(`after a lost answer, ${what}: ${kind}, ${waits ? 'still open' : 'settled'}`, async () => {
    for (const repeat of ['client', 'due work']) {
      const cardId = await card('0900000001');
      const { deps } = gateway({ '0900000001': [lost, reply] });
      await cardDeletion(deps(), cardId, null, caller);
      const record = await find(cardId);
      const deleted =
        repeat === 'client'
          ? await cardDeletion(deps(seconds(1)), cardId, null, caller)
          : await repeatDeletion(deps(seconds(1)), record);
      assert.equal(deleted?.kind, kind, repeat);
      const now = await find(cardId);
      assert.deepEqual(
        [reveal(now.deletion?.phones), now.dueAt],
        waits ? [['0900000001'], seconds(1).toISOString()] : [[], null],
      );
      assert.equal(now.keys.key?.done, kind === 'deleted');
    }
  });
}

test('the claim is stored before anything is sent, and runs for 120 s', async () => {
  const cardId = await card('0900000001');
  const { sent, deps } = gateway({ '0900000001': [done, lost] }, async () => {
    const { claim, dueAt, deletion } = await find(cardId);
    assert.deepEqual(
      [claim?.at, dueAt, reveal(deletion?.phones)],
      [noon.toISOString(), seconds(120).toISOString(), ['0900000001']],
    );
    for (const key of ['key', 'new']) {
      assert.deepEqual(await cardDeletion(deps(seconds(119.999)), cardId, null, { ...caller, key }), {
        kind: 'in_progress',
      });
    }
    assert.equal(await repeatDeletion(deps(seconds(119.999)), await find(cardId)), null);
    assert.deepEqual(await repeatDeletion(deps(seconds(120)), await find(cardId)), {
      kind: 'deleted',
      replayed: false,
    });
  });
  // The first run's own word comes after another run has taken the card over: it changes nothing.
  assert.equal((await cardDeletion(deps(), cardId, null, caller)).kind, 'no_word');
  const record = await find(cardId);
  assert.deepEqual([sent.length, record.deletion, record.phones, record.keys.key?.done], [2, null, [], true]);
});

test('a registration between the look and the claim is deleted with the rest', async () => {
  const cardId = await card('0900000001');
  let first = true;
  const through: CardStore = {
    ...cards,
    async replace(next) {
      if (first) {
        first = false;
        await cards.remember(cardId, new Masked('0900000002'));
      }
      return cards.replace(next);
    },
  };
  const { sent, deps } = gateway({ '0900000001': [done], '0900000002': [done] });
  assert.equal((await cardDeletion(deps(noon, through), cardId, null, caller)).kind, 'deleted');
  assert.deepEqual([sent.toSorted(), (await find(cardId)).phones], [['0900000001', '0900000002'], []]);
});

test('a registration while requests are out keeps every phone, ends the wait, and shuts the old key out', async () => {
  for (const reply of [done, lost]) {
    const cardId = await card('0900000001');
    const { sent, deps } = gateway({ '0900000001': [reply] }, () => cards.remember(cardId, new Masked('0900000001')));
    await cardDeletion(deps(), cardId, null, caller);
    const record = await find(cardId);
    assert.deepEqual(
      [reveal(record.phones), record.deletion, record.dueAt, record.claim],
      [['0900000001'], null, null, null],
    );
    const again = await cardDeletion(deps(seconds(1)), cardId, null, caller);
    assert.deepEqual([again, sent.length], [{ kind: reply === done ? 'deleted' : 'no_word', replayed: true }, 1]);
  }
});

test('a word that cannot be stored is tried for 20 s, then thrown; the card stays claimed and is taken over', async () => {
  const cardId = await card('0900000001');
  const clock = standingClock();
  let fails = false;
  const failing: CardStore = {
    ...cards,
    replace: next => (fails ? Promise.reject(new Error('engine stopped')) : cards.replace(next)),
  };
  const { deps } = gateway({ '0900000001': [done, gone] }, async () => {
    fails = true;
  });
  await assert.rejects(cardDeletion({ ...deps(noon, failing), ...clock }, cardId, null, caller), {
    message: 'engine stopped',
  });
  assert.ok(clock.now().getTime() - noon.getTime() >= 15_000);
  assert.equal((await repeatDeletion(deps(seconds(120)), await find(cardId)))?.kind, 'deleted');
  assert.deepEqual((await find(cardId)).phones, []);
});

test('a word whose write went through unheard is not stored twice', async () => {
  const cardId = await card('0900000001');
  let writes = 0;
  const deaf: CardStore = {
    ...cards,
    async replace(next) {
      const written = await cards.replace(next);
      writes += 1;
      if (writes === 2) throw new Error('answer lost');
      return written;
    },
  };
  const { deps } = gateway({ '0900000001': [done] });
  assert.equal((await cardDeletion(deps(noon, deaf), cardId, null, caller)).kind, 'deleted');
  const { version, phones, keys } = await find(cardId);
  assert.deepEqual([version, phones, keys.key?.done], [3, [], true]);
});

test('a store that cannot be written to sends nothing', async () => {
  const cardId = await card('0900000001');
  const { sent, deps } = gateway({});
  const failing: CardStore = { ...cards, replace: () => Promise.reject(new Error('engine stopped')) };
  await assert.rejects(cardDeletion(deps(noon, failing), cardId, null, caller), { message: 'engine stopped' });
  assert.deepEqual(sent, []);
});

test('the last ten keys are compared with, and an older one is new again', async () => {
  const cardId = await card('0900000001');
  const { deps } = gateway({ '0900000001': Array<Reply>(11).fill(refused) });
  for (let i = 1; i <= 11; i += 1) {
    assert.equal(
      (await cardDeletion(deps(seconds(i)), cardId, null, { key: `k${i}`, request: 'request' })).kind,
      'refused',
    );
  }
  assert.equal(Object.keys((await find(cardId)).keys).length, 10);
  const reused = (key: string) =>
    cardDeletion(gateway({ '0900000001': [refused] }).deps(seconds(20)), cardId, null, { key, request: 'other' });
  for (let i = 2; i <= 11; i += 1) assert.deepEqual(await reused(`k${i}`), { kind: 'key_reused' });
  assert.equal((await reused('k1')).kind, 'refused');
});

test('what is thrown or shown holds no phone', async () => {
  const record = await find(await card('0900000001'));
  assert.doesNotMatch(JSON.stringify(record), /0900000001/);
});
