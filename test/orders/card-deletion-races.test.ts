/** Deletions beside registrations and other deletions of the same card, and when the table fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../shared/domain/masked.ts';
import { cardDeletion, repeatDeletion } from '../../shared/orders/card-deletion.ts';
import type { CardStore, Registration } from '../../shared/orders/ports.ts';
import { replies, reveal, startCards } from '../support/card-deletion.ts';
import { caller, noon, otherKey, seconds, standingClock } from '../support/orders.ts';

const { cards, card, gateway, find } = await startCards();
const { done, gone, lost } = replies;

test('the claim is stored before anything is sent, and runs for 120 s', async () => {
  const cardId = await card('0900000001');
  const { sent, deps } = gateway({ '0900000001': [done, lost] }, async () => {
    const { claim, dueAt, deletion } = await find(cardId);
    assert.deepEqual(
      [claim?.at, dueAt, reveal(deletion?.phones)],
      [noon.toISOString(), seconds(120).toISOString(), ['0900000001']],
    );
    for (const key of ['key', 'new']) {
      assert.deepEqual(await cardDeletion(deps(seconds(119.999)), cardId, null, otherKey(key)), {
        kind: 'in_progress',
      });
    }
    assert.equal(await repeatDeletion(deps(seconds(119.999)), await find(cardId)), null);
    assert.deepEqual(await repeatDeletion(deps(seconds(120)), await find(cardId)), {
      kind: 'deleted',
      replayed: false,
    });
  });
  // The first invocation's lost answer comes after another one took the card over: it changes nothing.
  assert.equal((await cardDeletion(deps(), cardId, null, caller)).kind, 'open');
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

test('a registration while requests are out keeps every phone; the deletion rests and its key deletes nothing more', async () => {
  for (const reply of [done, lost]) {
    const cardId = await card('0900000001');
    const { sent, deps } = gateway({ '0900000001': [reply] }, () => cards.remember(cardId, new Masked('0900000001')));
    await cardDeletion(deps(), cardId, null, caller);
    const record = await find(cardId);
    assert.deepEqual(
      [reveal(record.phones), reveal(record.deletion?.phones), record.dueAt, record.claim],
      [['0900000001'], reply === done ? [] : ['0900000001'], null, null],
    );
    assert.equal(await repeatDeletion(deps(seconds(86_400)), record), null);
    const again = await cardDeletion(deps(seconds(1)), cardId, null, caller);
    assert.deepEqual([again, sent.length], [{ kind: reply === done ? 'deleted' : 'open', replayed: true }, 1]);
  }
});

test('an outcome that cannot be stored is tried for 20 s, then thrown; the card stays claimed and is taken over', async () => {
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

test('an outcome whose write succeeded without a response is not stored twice', async () => {
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

test('a deletion rests while a registration stands, and goes on when it turns out that it never left', async () => {
  const cardId = await card('0900000001');
  const { sent, deps } = gateway({ '0900000001': [lost, done] });
  await cardDeletion(deps(), cardId, null, caller);
  const registration = await cards.remember(cardId, new Masked('0900000002'));
  assert.deepEqual(registration, { number: 2, restedDeletion: true });
  const rests = await find(cardId);
  assert.deepEqual([rests.dueAt, await repeatDeletion(deps(seconds(600)), rests)], [null, null]);
  assert.deepEqual(await cardDeletion(deps(seconds(600)), cardId, null, caller), { kind: 'open', replayed: true });

  await cards.forget(cardId, registration, seconds(601));
  const goesOn = await find(cardId);
  assert.equal(goesOn.dueAt, seconds(601).toISOString());
  assert.deepEqual(await repeatDeletion(deps(seconds(601)), goesOn), { kind: 'deleted', replayed: false });
  assert.deepEqual([sent, (await find(cardId)).keys.key?.done], [['0900000001', '0900000001'], true]);
});

test('a registration that never left during a deletion leaves nothing behind, whichever ends first', async () => {
  for (const first of ['registration', 'deletion']) {
    const cardId = await card('0900000001');
    let registration: Registration | null = null;
    const { deps } = gateway({ '0900000001': [lost, done] }, async () => {
      registration = await cards.remember(cardId, new Masked('0900000001'));
      if (first === 'registration') await cards.forget(cardId, registration, noon);
    });
    await cardDeletion(deps(), cardId, null, caller);
    assert.ok(registration);
    if (first === 'deletion') await cards.forget(cardId, registration, noon);
    const record = await find(cardId);
    assert.equal(record.dueAt, (first === 'deletion' ? noon : seconds(300)).toISOString(), first);
    assert.equal((await repeatDeletion(deps(seconds(300)), record))?.kind, 'deleted', first);
    assert.deepEqual((await find(cardId)).phones, [], first);
  }
});
