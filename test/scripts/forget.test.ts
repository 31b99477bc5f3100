/** `npm run forget`: nothing of a card is left in the table, and everything else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { forgetCard } from '../../scripts/support/forget-card.ts';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { addCallback } from '../../shared/domain/changes.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { present } from '../../shared/domain/present.ts';
import { aCallback, anOrder, idOf, noon } from '../support/orders.ts';
import { startTable, tableName } from '../support/table.ts';
import { aDeployment } from './support.ts';

const { client, dynamo, endpoint, store, items, cardOf } = await startTable();
const documents = DynamoDBDocumentClient.from(client);
const cards = cardsTable(dynamo, tableName);

async function anOrderWith(cardId: string, name: string) {
  const order = anOrder('card', { orderId: idOf(name), card: { cardId, installments: '01' } });
  const created = (await store.create(order)).stored ?? assert.fail('not stored');
  const told = addCallback(created, aCallback('card', 'OK'), noon) ?? assert.fail('not added');
  return (await store.replace(told)).stored ?? assert.fail('not stored');
}

test('the record, and what its orders show of the card; the orders stay as they are otherwise', async () => {
  await cards.remember('MEMBER-1', new Masked('07099887766'));
  const orders = [await anOrderWith('MEMBER-1', 'a'), await anOrderWith('MEMBER-1', 'b')];
  const other = await anOrderWith('MEMBER-2', 'c');
  assert.deepEqual(await forgetCard(documents, tableName, 'MEMBER-1'), { isRecord: true, phones: 1, orders: 2 });
  assert.doesNotMatch(
    JSON.stringify((await items()).filter(({ pk }) => pk !== `order#${other.orderId}`)),
    /MEMBER|1111|visa|0709/,
  );
  for (const order of orders) {
    const found = (await store.find(order.orderId)) ?? assert.fail('gone');
    const card = { cardId: null, last4: null, brand: null, installments: '01', authentication: null };
    assert.deepEqual(present(found, noon), { ...present(order, noon), card, version: order.version + 1 });
  }
  assert.deepEqual(await store.find(other.orderId), other);
  assert.deepEqual(await forgetCard(documents, tableName, 'MEMBER-1'), { isRecord: false, phones: 0, orders: 0 });
});

test('a deletion that waits for its answer keeps its phones', async () => {
  await cards.remember('MEMBER-3', new Masked('07099887766'));
  const record = (await cards.find('MEMBER-3')) ?? assert.fail('no card');
  const deletion = { phones: record.phones, keys: [], attempts: 1, registrations: 1 };
  assert.ok(await cards.replace({ ...record, deletion, version: record.version + 1 }));
  await assert.rejects(forgetCard(documents, tableName, 'MEMBER-3'), { message: /waits for its answer/ });
  assert.ok(await cardOf('MEMBER-3'));
});

test('the command finds the table by the outputs, says what it did, and never names a phone', async () => {
  await cards.remember('MEMBER-4', new Masked('07099887766'));
  const { runScript } = await aDeployment({ table: tableName, dynamodb: endpoint });
  const removed = await runScript('forget', ['--card-id', 'MEMBER-4']);
  assert.deepEqual([removed.code, removed.err], [0, '']);
  assert.match(removed.out, /^card record: removed\norders without the card now: 0\nPhones were kept/);
  assert.doesNotMatch(removed.out, /0709/);
  assert.equal(await cardOf('MEMBER-4'), undefined);
  const again = await runScript('forget', ['--card-id', 'MEMBER-4']);
  assert.deepEqual([again.code, again.out], [1, 'The table holds nothing of this card.\n']);
  assert.equal((await runScript('forget')).code, 2);
});
