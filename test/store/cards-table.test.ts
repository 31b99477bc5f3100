import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/store/cards-table.ts';
import { Masked } from '../../shared/zeus/masked.ts';
import { clientOf, startTable, tableName } from '../support/table.ts';

const { client, cardOf } = await startTable();
const cards = cardsTable(client, tableName);

test('a card keeps every phone it was registered with, each once', async () => {
  for (const phone of ['0312345678', '09012345678', '0312345678']) await cards.remember('CARD1', new Masked(phone));
  assert.deepEqual((await cardOf('CARD1'))?.phones?.SS?.toSorted(), ['0312345678', '09012345678']);
});

test('cards differ by every character of their id', async () => {
  for (const cardId of ['card1', 'CARD1\\', 'CARD1#', 'order#x']) {
    await cards.remember(cardId, new Masked('0600000000'));
    assert.deepEqual((await cardOf(cardId))?.phones?.SS, ['0600000000'], cardId);
  }
  assert.equal((await cardOf('CARD1'))?.phones?.SS?.length, 2);
});

test('registrations at once all stay', async () => {
  const phones = Array.from({ length: 10 }, (_, i) => `03000000${i}0`);
  await Promise.all(phones.map(phone => cards.remember('CARD2', new Masked(phone))));
  assert.deepEqual((await cardOf('CARD2'))?.phones?.SS?.toSorted(), phones);
});

test('an engine that does not answer makes it throw', async () => {
  await assert.rejects(
    cardsTable(clientOf('http://127.0.0.1:9'), tableName).remember('CARD3', new Masked('0312345678')),
  );
});
