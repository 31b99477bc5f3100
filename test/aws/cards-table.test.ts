import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { CardRecord } from '../../shared/orders/ports.ts';
import { dynamoOf, startTable, tableName } from '../support/table.ts';

const { dynamo, cardOf } = await startTable();
const cards = cardsTable(dynamo, tableName);

test('a card keeps every phone it was registered with, each once', async () => {
  for (const phone of ['0312345678', '09012345678', '0312345678']) await cards.remember('CARD1', new Masked(phone));
  assert.deepEqual((await cardOf('CARD1'))?.phones, new Set(['0312345678', '09012345678']));
});

test('cards differ by every character of their id', async () => {
  for (const cardId of ['card1', 'CARD1\\', 'CARD1#', 'order#x']) {
    await cards.remember(cardId, new Masked('0600000000'));
    assert.deepEqual((await cardOf(cardId))?.phones, new Set(['0600000000']), cardId);
  }
  assert.deepEqual((await cardOf('CARD1'))?.phones, new Set(['0312345678', '09012345678']));
});

test('registrations at once all stay', async () => {
  const phones = Array.from({ length: 10 }, (_, i) => `03000000${i}0`);
  await Promise.all(phones.map(phone => cards.remember('CARD2', new Masked(phone))));
  assert.deepEqual((await cardOf('CARD2'))?.phones, new Set(phones));
});

test('an engine that does not answer makes it throw', async () => {
  await assert.rejects(
    cardsTable(dynamoOf('http://127.0.0.1:9'), tableName).remember('CARD3', new Masked('0312345678')),
  );
});

const record = (cardId: string, changes: Partial<CardRecord> = {}): CardRecord => ({
  cardId,
  phones: [],
  registrations: 0,
  keys: {},
  claim: null,
  deletion: null,
  dueAt: null,
  version: 1,
  ...changes,
});
const claim = { id: 'claim', at: '2026-11-20T03:00:00.000Z' };
const reveal = (phones: Masked[] = []) => phones.map(phone => phone.reveal());

test('a card that was not registered is not found, and a new record is stored once', async () => {
  assert.equal(await cards.find('CARD4'), null);
  assert.equal(await cards.replace(record('CARD4')), true);
  assert.deepEqual(await cards.find('CARD4'), record('CARD4'));
  assert.equal(await cards.replace(record('CARD4')), false);
});

test('a record comes back as it was stored, its phones masked', async () => {
  const deletion = { phones: [new Masked('0312345678')], keys: ['k'], attempts: 3, registrations: 2 };
  const keys = { k: { request: 'r', at: claim.at, done: false, registrations: 2 } };
  const phones = [new Masked('0312345678'), new Masked('09012345678')];
  const full = record('CARD5', { phones, registrations: 2, keys, claim, deletion, dueAt: claim.at });
  await cards.replace(full);
  const found = await cards.find('CARD5');
  assert.deepEqual(
    [reveal(found?.phones).toSorted(), reveal(found?.deletion?.phones)],
    [reveal(phones), ['0312345678']],
  );
  const { phones: _, deletion: __, ...rest } = found ?? record('');
  const { phones: ___, deletion: ____, ...expected } = full;
  assert.deepEqual(rest, expected);
  assert.doesNotMatch(JSON.stringify(found), /0312345678|09012345678/);
});

test('only the version after the stored one is stored', async () => {
  await cards.remember('CARD6', new Masked('0312345678'));
  const found = await cards.find('CARD6');
  assert.deepEqual([found?.version, found?.registrations, found?.keys], [1, 1, {}]);
  for (const version of [1, 3]) assert.equal(await cards.replace(record('CARD6', { version })), false);
  assert.equal(await cards.replace(record('CARD6', { version: 2 })), true);
});

test('a claim whose write is repeated is still ours; another write of the same version is not', async () => {
  const claimed = record('CARD7', { claim });
  assert.equal(await cards.replace(claimed), true);
  assert.equal(await cards.replace(claimed), true);
  assert.equal(await cards.replace(record('CARD7', { claim: { ...claim, id: 'other' } })), false);
});

/** A card whose deletion waits for its outcome. */
const withDeletion = (cardId: string) => {
  const keys = { k: { request: 'r', at: claim.at, done: false, registrations: 1 } };
  const deletion = { phones: [new Masked('0312345678')], keys: ['k'], attempts: 1, registrations: 1 };
  const phones = [new Masked('0312345678')];
  return record(cardId, { phones, registrations: 1, keys, claim, deletion, dueAt: claim.at });
};
const stateOf = async (cardId: string) => {
  const { version, registrations, dueAt, deletion, phones } = (await cards.find(cardId)) ?? assert.fail('no card');
  return { version, registrations, dueAt, waits: reveal(deletion?.phones), phones: reveal(phones) };
};

test('a registration lets a deletion that waits rest, and keeps claim and keys', async () => {
  const before = withDeletion('CARD8');
  await cards.replace(before);
  const registration = await cards.remember('CARD8', new Masked('0312345678'));
  assert.deepEqual(registration, { number: 2, restedDeletion: true });
  const phones = ['0312345678'];
  assert.deepEqual(await stateOf('CARD8'), { version: 2, registrations: 2, dueAt: null, waits: phones, phones });
  const { claim: claimed, keys } = (await cards.find('CARD8')) ?? assert.fail('no card');
  assert.deepEqual([claimed, keys], [claim, before.keys]);
  const next = await cards.remember('CARD8', new Masked('0312345678'));
  assert.deepEqual(next, { number: 3, restedDeletion: false });
});

test('a registration that never left is taken back, and the deletion is due at once', async () => {
  await cards.replace(withDeletion('CARD10'));
  const registration = await cards.remember('CARD10', new Masked('0312345678'));
  const at = new Date('2026-11-20T03:01:00.000Z');
  await cards.forget('CARD10', registration, at);
  const phones = ['0312345678'];
  const expected = { version: 3, registrations: 1, dueAt: at.toISOString(), waits: phones, phones };
  assert.deepEqual(await stateOf('CARD10'), expected);
  await cards.forget('CARD10', registration, at);
  assert.deepEqual(await stateOf('CARD10'), expected);
});

test('it is not taken back where the card was registered once more, or where no deletion waits', async () => {
  await cards.replace(withDeletion('CARD11'));
  const registration = await cards.remember('CARD11', new Masked('0312345678'));
  await cards.remember('CARD11', new Masked('0312345678'));
  const only = await cards.remember('CARD12', new Masked('0312345678'));
  assert.deepEqual(only, { number: 1, restedDeletion: false });
  for (const [cardId, each] of [
    ['CARD11', registration],
    ['CARD12', only],
  ] as const) {
    const before = await stateOf(cardId);
    await cards.forget(cardId, each, new Date());
    assert.deepEqual(await stateOf(cardId), before, cardId);
  }
});

test('a deleted card leaves a record that nothing is due for and that holds no phone', async () => {
  await cards.remember('CARD9', new Masked('0312345678'));
  await cards.replace(record('CARD9', { registrations: 1, version: 2 }));
  const item = await cardOf('CARD9');
  assert.deepEqual(Object.keys(item ?? {}).toSorted(), ['keys', 'pk', 'registrations', 'shard', 'version']);
});
