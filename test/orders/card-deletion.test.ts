/** What a deletion of a stored card comes to: by the responses, by repeats, and under used keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../shared/domain/masked.ts';
import { cardDeletion, type Deleted, repeatDeletion } from '../../shared/orders/card-deletion.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import { replies, reveal, startCards } from '../support/card-deletion.ts';
import { caller, noon, otherKey, seconds } from '../support/orders.ts';

const { card, gateway, find } = await startCards();
const { done, gone, lost, down, notSent, refused } = replies;

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
  { what: 'one done, one lost', replies: [done, lost], kind: 'open', phones: ['0002'], waits: ['0002'] },
  { what: 'one gone before, one lost', replies: [gone, lost], kind: 'open', phones: ['0002'], waits: ['0002'] },
  { what: 'both lost', replies: [lost, lost], kind: 'open', phones: ['0001', '0002'], waits: ['0001', '0002'] },
  {
    what: 'one refused, one lost',
    replies: [refused, lost],
    kind: 'open',
    phones: ['0001', '0002'],
    waits: ['0002'],
  },
  { what: 'one down, one lost', replies: [down, lost], kind: 'open', phones: ['0001', '0002'], waits: ['0002'] },
  { what: 'one done, one down', replies: [done, down], kind: 'not_processed', phones: ['0002'], waits: [] },
  {
    what: 'one done, one without a connection',
    replies: [done, notSent],
    kind: 'not_processed',
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
    assert.deepEqual([record.claim, record.dueAt], [null, waits.length > 0 ? seconds(300).toISOString() : null]);
    assert.equal(record.keys.key?.done, kind === 'not_found' ? undefined : kind === 'deleted');
  });
}

/** Contract 1.6: after a lost answer only a success, or that no such card is stored, closes it. */
const afterLost: [what: string, reply: Reply, isProof: boolean][] = [
  ['done', done, true],
  ['gone', gone, true],
  ['refused', refused, false],
  ['maintenance', down, false],
  ['no connection', notSent, false],
  ['lost again', lost, false],
];
for (const [what, reply, isProof] of afterLost) {
  test(`after a lost answer, ${what}: ${isProof ? 'deleted' : 'still open'}`, async () => {
    for (const repeat of ['client', 'due work']) {
      const cardId = await card('0900000001');
      const { deps } = gateway({ '0900000001': [lost, reply] });
      await cardDeletion(deps(), cardId, null, caller);
      const record = await find(cardId);
      const deleted =
        repeat === 'client'
          ? await cardDeletion(deps(seconds(1)), cardId, null, caller)
          : await repeatDeletion(deps(seconds(1)), record);
      assert.deepEqual(deleted, { kind: isProof ? 'deleted' : 'open', replayed: false }, repeat);
      const now = await find(cardId);
      assert.deepEqual(
        [reveal(now.deletion?.phones), now.dueAt, now.keys.key?.done],
        isProof ? [[], null, true] : [['0900000001'], seconds(601).toISOString(), false],
      );
    }
  });
}

test('due work repeats after 5 minutes, then twice as long each time, up to 6 hours', async () => {
  const cardId = await card('0900000001');
  const { deps } = gateway({ '0900000001': Array<Reply>(10).fill(lost) });
  await cardDeletion(deps(), cardId, null, caller);
  const pauses: number[] = [];
  for (let i = 0, now = noon; i < 9; i += 1) {
    const record = await find(cardId);
    const due = new Date(record.dueAt ?? assert.fail('nothing is due'));
    pauses.push((due.getTime() - now.getTime()) / 60_000);
    now = due;
    await repeatDeletion(deps(due), record);
  }
  assert.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
});

test('a key used while a deletion was open is done when it is, and sends nothing later', async () => {
  const cardId = await card('0900000001');
  const { sent, deps } = gateway({ '0900000001': [lost, lost, done] });
  await cardDeletion(deps(), cardId, null, caller);
  assert.equal((await cardDeletion(deps(seconds(1)), cardId, null, otherKey('second'))).kind, 'open');
  assert.equal((await repeatDeletion(deps(seconds(700)), await find(cardId)))?.kind, 'deleted');
  for (const key of ['key', 'second']) {
    const again = await cardDeletion(deps(seconds(800)), cardId, null, otherKey(key));
    assert.deepEqual(again, { kind: 'deleted', replayed: true }, key);
  }
  assert.equal(sent.length, 3);
});

test('under a key that deleted already, another phone is sent; a pair that is gone is answered replayed', async () => {
  const cardId = await card('0900000001', '0900000002');
  const { sent, deps } = gateway({ '0900000001': [done, gone], '0900000002': [done] });
  const remove = (phone: string) => cardDeletion(deps(), cardId, new Masked(phone), caller);
  assert.deepEqual(await remove('0900000001'), { kind: 'deleted', replayed: false });
  assert.deepEqual(await remove('0900000002'), { kind: 'deleted', replayed: false });
  assert.deepEqual(await remove('0900000001'), { kind: 'deleted', replayed: true });
  assert.deepEqual([sent, (await find(cardId)).keys.key?.done], [['0900000001', '0900000002', '0900000001'], true]);
});

test('the last ten keys are compared with, and an older one is new again', async () => {
  const cardId = await card('0900000001');
  const { deps } = gateway({ '0900000001': Array<Reply>(11).fill(refused) });
  for (let i = 1; i <= 11; i += 1) {
    assert.equal((await cardDeletion(deps(seconds(i)), cardId, null, otherKey(`k${i}`))).kind, 'refused');
  }
  assert.equal(Object.keys((await find(cardId)).keys).length, 10);
  const reused = (key: string) =>
    cardDeletion(gateway({ '0900000001': [refused] }).deps(seconds(20)), cardId, null, {
      ...otherKey(key),
      request: 'other',
    });
  for (let i = 2; i <= 11; i += 1) assert.deepEqual(await reused(`k${i}`), { kind: 'key_reused' });
  assert.equal((await reused('k1')).kind, 'refused');
});

test('what is thrown or shown holds no phone', async () => {
  const record = await find(await card('0900000001'));
  assert.doesNotMatch(JSON.stringify(record), /0900000001/);
});
