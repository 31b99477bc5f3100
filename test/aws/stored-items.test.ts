import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { fromItem, isOrderItem, toItem } from '../../shared/aws/items.ts';
import { present } from '../../shared/domain/present.ts';
import type { CardRecord } from '../../shared/orders/ports.ts';
import { noon, noonText } from '../support/orders.ts';
import { clearTable, startTable, tableName } from '../support/table.ts';
import { readItems, type StoredItem } from './stored-items.ts';

// What an earlier release stored is read by this one, from the engine, through the store.

const { client, dynamo, store } = await startTable();
const items = readItems();
const ordersAmong = items.filter(({ item }) => isOrderItem(unmarshall(item)));
const named = (name: string): StoredItem => items.find(each => each.name === name) ?? assert.fail(name);
const put = ({ item }: StoredItem) => client.send(new PutItemCommand({ TableName: tableName, Item: item }));

test('there are items of every method and of every kind of step and answer', () => {
  const orders = ordersAmong.map(({ item }) => fromItem(unmarshall(item)));
  const steps = orders.flatMap(order => order.steps);
  const kinds = new Set(steps.map(({ kind }) => kind));
  assert.deepEqual([...kinds].sort(), [
    'acknowledgement',
    'booking',
    'booking_ended',
    'decision',
    'send',
    'settlement_due',
  ]);
  const answers = new Set(steps.map(step => (step.kind === 'send' ? step.answer?.kind : undefined)));
  for (const kind of ['done', 'not_processed', 'refused', 'unknown', undefined] as const) assert.ok(answers.has(kind));
  assert.deepEqual([...new Set(orders.map(({ method }) => method))].sort(), ['card', 'carrier', 'cvs']);
});

for (const stored of ordersAmong) {
  test(`${stored.name}: shown as it was, and nothing is lost by writing it again`, async () => {
    await put(stored);
    const item = unmarshall(stored.item);
    const order = (await store.find(item.pk.replace('order#', ''))) ?? assert.fail();
    assert.deepEqual(JSON.parse(JSON.stringify(present(order, noon))), stored.shown);
    const { writeId: _, ...written } = toItem(order);
    const { writeId: __, ...before } = item;
    const kept = Object.fromEntries(Object.keys(before).map(name => [name, written[name]]));
    assert.deepEqual(kept, before);
    await clearTable(client);
  });
}

test('a pointer leads to its order', async () => {
  await put(named('0.1.0/carrier-paid-twice'));
  await put(named('0.1.0/pointer'));
  const list = {
    index: 'byOrderNumber',
    value: 'N2',
    newestFirst: true,
    days: { from: '2026-11-01', to: '2026-11-30' },
  } as const;
  const { orders } = await store.list(list, 50, null);
  const [order, ...others] = orders;
  assert.ok(order && others.length === 0);
  assert.deepEqual(
    order.numbers.map(({ number }) => number),
    ['N1', 'N2'],
  );
  await clearTable(client);
});

const cards: Record<string, Omit<CardRecord, 'phones' | 'deletion'> & { phones: string[]; deletion: object | null }> = {
  'card-kept': {
    cardId: 'CARD1',
    phones: ['0312345678', '09012345678'],
    registrations: 2,
    keys: {},
    claim: null,
    deletion: null,
    dueAt: null,
    version: 2,
  },
  'card-deleting': {
    cardId: 'CARD2',
    phones: ['0312345678'],
    registrations: 1,
    keys: { key: { request: 'request', at: noonText, done: false, registrations: 1 } },
    claim: { id: 'claim', at: noonText },
    deletion: { phones: ['0312345678'], keys: ['key'], attempts: 1, registrations: 1 },
    dueAt: noonText,
    version: 3,
  },
};
for (const [name, expected] of Object.entries(cards)) {
  test(`a stored card: ${name}`, async () => {
    await put(named(`0.1.0/${name}`));
    const record = (await cardsTable(dynamo, tableName).find(expected.cardId)) ?? assert.fail();
    const phones = record.phones.map(phone => phone.reveal()).toSorted();
    const deletion = record.deletion && {
      ...record.deletion,
      phones: record.deletion.phones.map(each => each.reveal()),
    };
    assert.deepEqual({ ...record, phones, deletion }, expected);
  });
}
