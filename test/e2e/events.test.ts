import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { callDynamoDb } from '../../local/dynamodb.ts';
import type { PublishedEvent } from '../../local/event-bus.ts';
import { type Runner, startRunner } from '../../local/runner.ts';
import { readLocalSettings } from '../../local/settings.ts';
import { cardToken, until } from '../support/local.ts';

/** ORDERS=1000 for a measurement. */
const ORDERS = Number(process.env.ORDERS ?? 200);
const AT_ONCE = 10;
const payer = { phone: '09011112222', email: 'canary@example.com' };

const dataDir = mkdtempSync(path.join(tmpdir(), 'events-'));
const free = { API_PORT: '0', CALLBACK_PORT: '0', GATEWAY_PORT: '0', DYNAMODB_PORT: '0', DATA_DIR: dataDir };
const settings = await readLocalSettings(free);
const urlOf = (variable: keyof typeof settings.ports) => `http://127.0.0.1:${settings.ports[variable]}`;
const [api, callbacks, gateway, dynamodb] = (
  ['API_PORT', 'CALLBACK_PORT', 'GATEWAY_PORT', 'DYNAMODB_PORT'] as const
).map(urlOf) as [string, string, string, string];
let runner: Runner = await startRunner(settings, () => {});
after(async () => {
  await runner.stop();
  rmSync(dataDir, { recursive: true });
});

interface Shown {
  orderId: string;
  gateway: { orderNumber: string | null };
  history: { from: string | null; to: string }[];
}

async function send(method: string, route: string, key?: string, body?: object): Promise<Shown> {
  const answer = await fetch(`${api}${route}`, {
    method,
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.ok([200, 201, 402].includes(answer.status), `${route}: ${answer.status}`);
  return (await answer.json()) as Shown;
}

async function callBack({ orderId, gateway: { orderNumber } }: Shown, status: string, money: number): Promise<void> {
  const query = `clientip=2019000003&money=${money}&order_no=${orderNumber}&status=${status}&sendpoint=${orderId}`;
  const answer = await fetch(`${callbacks}/local/cvs?${query}`);
  assert.equal(await answer.text(), 'successok');
}

/** A card that is paid or declined; or a store's order that goes through cash and payment, one in five with a mismatch that an operator acknowledges. */
async function liveThrough(n: number): Promise<string> {
  if (n % 2 === 0) {
    const tokenKey = await cardToken(gateway, n % 4 === 0 ? '4111111111111111' : '0000000000000000');
    return (await send('POST', '/card/charges', `k${n}`, { tokenKey, amount: 8000, ...payer })).orderId;
  }
  const asked = { store: 'lawson', amount: 5000, name: 'カナリア', ...payer };
  const order = await send('POST', '/cvs/orders', `k${n}`, asked);
  await callBack(order, '04', 5000);
  if (n % 5 === 0) {
    await callBack(order, '05', 1);
    await send('POST', `/orders/${order.orderId}/resolution`, `r${n}`, { outcome: 'acknowledged', note: 'looked at' });
  }
  await callBack(order, '05', 5000);
  return order.orderId;
}

/** The events of each order, those that came twice once. */
async function published(): Promise<Map<string, PublishedEvent[]>> {
  const all = (await (await fetch(`${api}/_local/events`)).json()) as PublishedEvent[];
  const first = new Map(all.toReversed().map(event => [event.detail.eventId, event]));
  return Map.groupBy([...first.values()].reverse(), ({ detail }) => (detail.order as Shown).orderId);
}
const movesOf = (events: PublishedEvent[] = []) =>
  events
    .filter(event => event['detail-type'] === 'order.status_changed')
    .map(({ detail }) => `${detail.from} > ${detail.to}`);

const orderIds: string[] = [];

test(`every change of ${ORDERS} orders is published, those of one order in their order, past a record that cannot be read`, async () => {
  const began = performance.now();
  const numbers = Array.from({ length: ORDERS }, (_, n) => n).values();
  const work = async () => {
    for (const n of numbers) {
      if (n === ORDERS / 2) await putPoison();
      orderIds.push(await liveThrough(n));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const lived = performance.now();
  const events = await untilTold();
  if (process.env.ORDERS) {
    console.log(
      `lived ${Math.round(lived - began)} ms, the last told ${Math.round(performance.now() - lived)} ms later`,
    );
  }

  assert.equal(events.size, ORDERS);
  for (const orderId of orderIds) {
    const { history } = await send('GET', `/orders/${orderId}`);
    const moves = history.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from} > ${to}`);
    assert.ok(moves.length >= 2);
    assert.deepEqual(movesOf(events.get(orderId)), moves);
  }
});

test('attention is published when it is raised and when it is cleared', async () => {
  const helped = [...(await published()).values()]
    .map(events => events.filter(event => event['detail-type'] !== 'order.status_changed'))
    .filter(events => events.length > 0);
  assert.equal(helped.length, ORDERS / 10);
  for (const events of helped) {
    assert.deepEqual(
      events.map(({ 'detail-type': type, detail }) => [type, detail.from, detail.to]),
      [
        ['order.attention_raised', 'received', 'received'],
        ['order.attention_cleared', 'received', 'received'],
      ],
    );
  }
});

test('an event is what the contract says, and holds nothing of the payer', async () => {
  const all = [...(await published()).values()].flat();
  for (const { source, time, detail, 'detail-type': type } of all) {
    assert.equal(source, 'zeus.payments');
    assert.ok(!Number.isNaN(Date.parse(time)));
    const { reason, ...rest } = detail as typeof detail & { reason?: string };
    assert.deepEqual(Object.keys(rest), ['eventId', 'order', 'from', 'to']);
    assert.equal(reason !== undefined, type !== 'order.status_changed');
    assert.equal((detail.order as { status: string }).status, detail.to);
  }
  assert.doesNotMatch(JSON.stringify(all), /09011112222|canary@example|カナリア|0123456789abcdef/);
});

test('the record that cannot be read lies in the failure queue, alone', async () => {
  const pointer = await until(async () => (await failures())[0], 'the failure queue');
  assert.equal(pointer.requestContext.condition, 'RetryAttemptsExhausted');
  assert.equal(pointer.DDBStreamBatchInfo.batchSize, 1);
  assert.equal((await failures()).length, 0);
});

test('after a restart the changes are published again, each under the id it had', async () => {
  const idsOf = (events: Map<string, PublishedEvent[]>) =>
    [...events.values()].flat().map(({ detail }) => detail.eventId);
  const before = idsOf(await published());
  await runner.stop();
  runner = await startRunner(settings, () => {});
  assert.deepEqual(idsOf(await untilTold()).sort(), before.sort());
});

const ends = ['paid', 'declined'];
/** Every order here ends in one of these. */
function untilTold(): Promise<Map<string, PublishedEvent[]>> {
  return until(async () => {
    const events = await published();
    const isTold = (orderId: string) => ends.includes(String(events.get(orderId)?.at(-1)?.detail.to));
    return orderIds.every(isTold) && events;
  }, 'the last event');
}

async function putPoison(): Promise<void> {
  const TableName = runner.deployed.tables[0]?.TableName;
  const Item = { pk: { S: 'order#broken' }, status: { S: 'paid' } };
  assert.ok((await callDynamoDb(dynamodb, 'DynamoDB_20120810.PutItem', { TableName, Item })).ok);
}

// biome-ignore lint/suspicious/noExplicitAny: messages are compared, not typed
async function failures(): Promise<any[]> {
  const QueueUrl = runner.deployed.streams[0]?.failureQueue.replace(/.*:/, '/');
  const answer = await fetch(runner.queues.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
    body: JSON.stringify({ QueueUrl, MaxNumberOfMessages: 10 }),
  });
  const { Messages = [] } = (await answer.json()) as { Messages?: { Body: string }[] };
  return Messages.map(({ Body }) => JSON.parse(Body));
}
