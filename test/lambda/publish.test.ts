import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type Item, toItem, toPointer } from '../../shared/aws/items.ts';
import type { Order } from '../../shared/domain/order.ts';
import { publishHandler } from '../../shared/lambda/publish.ts';
import type { OrderEvent } from '../../shared/orders/events.ts';
import { anOrder, idOf, standingClock, told, usual } from '../support/orders.ts';

const lines: object[] = [];
console.info = line => lines.push(line);
beforeEach(() => lines.splice(0));

let count = 0;
function recordOf(before: Item | null, next: Item | null): DynamoDBRecord {
  count += 1;
  const images = { ...(before && { OldImage: marshall(before) }), ...(next && { NewImage: marshall(next) }) };
  return { eventName: 'MODIFY', dynamodb: { SequenceNumber: String(count), ...images } } as DynamoDBRecord;
}
const sending = (name: string): Order => anOrder('card', { orderId: idOf(name) });
const paid = (name: string): Order => told(sending(name), 'OK');
const created = (name: string) => recordOf(null, toItem(sending(name)));
const settled = (name: string) => recordOf(toItem(sending(name)), toItem(paid(name)));
const poison = () => recordOf(null, { pk: 'order#broken', statusShard: 'paid#1' });

/** A bus that keeps what it takes; `takes` says of each attempt, from 0 on, which orders' events go through. */
function aBus(takes: (orderId: string, attempt: number) => boolean = () => true) {
  const taken: OrderEvent[] = [];
  let attempts = 0;
  const clock = standingClock();
  const handler = publishHandler({
    ...clock,
    async publish(events) {
      const attempt = attempts++;
      const left = events.filter(event => !takes(event.orderId, attempt));
      taken.push(...events.filter(event => !left.includes(event)));
      return { left, code: left.length > 0 ? 'InternalFailure' : null };
    },
  });
  const run = (...Records: DynamoDBRecord[]) => handler({ Records } as DynamoDBStreamEvent);
  const told = () => taken.map(({ orderId, detail }) => `${orderId.replace(/0+$/, '')} ${detail.to}`);
  return { run, told, clock, attempts: () => attempts };
}
const numberOf = (record: DynamoDBRecord) => ({ itemIdentifier: record.dynamodb?.SequenceNumber });
const none = { batchItemFailures: [] };

test('the changes of a batch are told in their order', async () => {
  const { run, told } = aBus();
  assert.deepEqual(await run(created('a'), created('b'), settled('a'), settled('b')), none);
  assert.deepEqual(told(), ['a sending', 'b sending', 'a paid', 'b paid']);
  assert.deepEqual(lines, [{ event: 'publish', done: 4, failed: 0, code: null }]);
});

test('nothing is told of stored cards, pointers, deletions and writes that change neither status nor attention', async () => {
  const { run, told: events } = aBus();
  const card = { pk: 'card#1', phones: new Set(['0312345678']), version: 1 };
  const [before, after] = [toItem(paid('a')), toItem(told(paid('a'), 'NG'))];
  const unlisted = told(paid('b'), 'XX');
  const again = told(unlisted, 'YY');
  const records = [
    recordOf(null, card),
    recordOf(card, { ...card, version: 2 }),
    recordOf(null, toPointer(usual.card.paid(), 'N2')),
    recordOf(before, null),
    recordOf(before, before),
    recordOf(toItem(unlisted), toItem(again)),
  ];
  assert.deepEqual(await run(...records), none);
  assert.deepEqual(events(), []);
  assert.deepEqual(await run(recordOf(before, after)), none);
  assert.deepEqual(events(), ['a paid'], 'a contradiction');
});

test('a bus that stumbles is asked again, for what it did not take', async () => {
  const { run, told, clock } = aBus((orderId, attempt) => attempt > 0 || orderId !== idOf('a'));
  assert.deepEqual(await run(created('a'), created('b')), none);
  assert.deepEqual(told(), ['b sending', 'a sending']);
  assert.ok(clock.slept.length > 0);
});

test('what the bus does not take in 20 s is delivered again, from its first record on', async () => {
  const { run, told, clock } = aBus(orderId => orderId !== idOf('b'));
  const second = created('b');
  assert.deepEqual(await run(created('a'), second, created('c')), { batchItemFailures: [numberOf(second)] });
  assert.deepEqual(told(), ['a sending', 'c sending']);
  const slept = clock.slept.reduce((sum, each) => sum + each, 0);
  assert.ok(slept > 15_000 && slept <= 20_000, String(slept));
  assert.deepEqual(lines.at(-1), { event: 'publish', done: 2, failed: 1, code: 'InternalFailure' });
});

test('a batch whose first record is not taken fails as a whole, so that the stream splits it', async () => {
  await assert.rejects(aBus(() => false).run(created('a'), created('b')), /first record/);
  const { run, told } = aBus(orderId => orderId !== idOf('a'));
  await assert.rejects(run(created('a'), created('b')), /first record/);
  assert.deepEqual(told(), ['b sending']);
});

test('a record that cannot be read stops what follows it, at once, and nothing before it', async () => {
  const { run, told, clock } = aBus();
  const broken = poison();
  assert.deepEqual(await run(created('a'), broken, created('c')), { batchItemFailures: [numberOf(broken)] });
  assert.deepEqual(told(), ['a sending']);
  assert.deepEqual(clock.slept, []);
  assert.deepEqual(lines.at(-1), { event: 'publish', done: 1, failed: 1, code: null });
  await assert.rejects(run(broken, created('c')), /first record/);
});

test('of a record that the bus refused and one that cannot be read, the earlier is named', async () => {
  const { run } = aBus(orderId => orderId !== idOf('b'));
  const refused = created('b');
  assert.deepEqual(await run(created('a'), refused, poison()), { batchItemFailures: [numberOf(refused)] });
});

test('lines never quote a record', async () => {
  const { run } = aBus();
  await run(created('a'), recordOf(null, { pk: 'order#x', history: 'secret-word' }));
  assert.ok(lines.length > 1);
  assert.doesNotMatch(JSON.stringify(lines), /secret-word/);
});

test('a batch of nothing is nothing to do', async () => {
  assert.deepEqual(await aBus().run(), none);
});
