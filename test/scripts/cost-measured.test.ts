/** The numbers that `npm run cost` takes from the code, measured on the local engine: one order of each method, with all its callbacks. */
import assert from 'node:assert/strict';
import { after, beforeEach, mock, test } from 'node:test';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { functions } from '../../infra/functions.ts';
import { streamReader } from '../../local/stream-reader.ts';
import { type Method, measured, stack } from '../../scripts/support/cost-measured.ts';
import { indexes, tableKey } from '../../shared/aws/indexes.ts';
import { publishHandler } from '../../shared/lambda/publish.ts';
import { resourcesOf, templateWith } from '../infra/template.ts';
import { startCapacityProxy } from '../support/capacity.ts';
import { cardActions } from '../support/card-actions.ts';
import { carrierCalls, runDueWork, setClocks } from '../support/carrier.ts';
import { cvsCalls } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';
import { clearTable, clientOf, readersOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine } = local;
const lines = local.lines as { event: string }[];
const proxy = await startCapacityProxy(engine.endpoint);
after(() => proxy.stop());
// The handlers read it when they are first called.
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint;
const client = clientOf(engine.endpoint);
const [card, carrier, cvs] = [cardActions(local), carrierCalls(local), cvsCalls(local)];
const stream = { tableName, batchSize: 100, streamArn: 'stream' };
const reading = new AbortController();
after(() => reading.abort());
const readStream = streamReader(engine.endpoint, stream, reading.signal);

async function changes(): Promise<DynamoDBRecord[]> {
  const records: DynamoDBRecord[] = [];
  for (let read = await readStream(); read; read = await readStream()) records.push(...read.records);
  return records;
}

/** One run of the publisher for each change; returns the number of events. */
async function publish(records: DynamoDBRecord[]): Promise<number> {
  let count = 0;
  const run = publishHandler({
    now: () => new Date(),
    sleep: async () => {},
    within: (_, work) => work,
    async publish(events) {
      count += events.length;
      return { left: [], code: null };
    },
  });
  for (const record of records) await run({ Records: [record] });
  return count;
}

/** The callback comes after the outcome is stored; which is first otherwise depends on timing, and costs other units. */
async function withCallbackAfter(endpoint: 'charge' | 'cvs' | 'settle', work: () => Promise<unknown>): Promise<void> {
  gateway.arm({ endpoint, fault: 'no-callback' });
  await work();
  await card.sendWithheld();
}

const flows: Record<Method, { prepare?: () => Promise<unknown>; run: () => Promise<unknown> }> = {
  card: { run: () => withCallbackAfter('charge', () => card.charge('by-token')) },
  'card-id': {
    prepare: async () => card.paid('stored', { body: { cardId: 'CARD-1' } }),
    run: () => withCallbackAfter('charge', () => card.recurring('by-card-id')),
  },
  carrier: {
    async run() {
      setClocks(gateway, '2026-12-01 12:00:00');
      const { orderId } = await carrier.authorized('carrier');
      await carrier.settle('settlement', orderId, { on: '2026-12-10' });
      setClocks(gateway, '2026-12-10 00:03:00');
      await withCallbackAfter('settle', runDueWork);
      mock.timers.reset();
    },
  },
  cvs: {
    async run() {
      await withCallbackAfter('cvs', () => cvs.order('cvs'));
      await cvs.counter(gateway.orders().at(-1)?.orderNumber ?? '', 'pay', 'confirm');
    },
  },
};
/** Logged once a run, not for an order. */
const ofRuns = ['due_work', 'oldest_unknown', 'publish'];

beforeEach(() => gateway.reset());

for (const [method, { prepare, run }] of Object.entries(flows) as [Method, (typeof flows)[Method]][]) {
  test(`what one order makes: ${method}`, async () => {
    await prepare?.();
    await clearTable(client);
    await changes();
    proxy.take();
    lines.length = 0;
    const callsBefore = gateway.callbacks().length;
    const sentBefore = gateway.requests().length;

    await run();
    const { writeUnits, byOperation } = proxy.take();
    const said = lines.filter(({ event }) => !ofRuns.includes(event));
    const records = await changes();
    const { logBytes, storedBytes, title: _, gatewayCalls, dueCalls, ...expected } = measured[method];
    assert.deepEqual(
      {
        apiCalls: said.filter(({ event }) => event === 'request').length,
        callbacks: said.filter(({ event }) => event === 'callback').length,
        writeUnits,
        // Each of one order below 4 KB. Queries are the run's, however much is due.
        readUnits: byOperation.GetItem ?? 0,
        changes: records.length,
        events: await publish(records),
        logLines: said.length,
      },
      expected,
    );
    const sent = gateway.requests().slice(sentBefore);
    // Here it is due work alone that settles.
    const sendsTo = (...to: string[]) => sent.filter(({ endpoint }) => to.includes(endpoint)).length;
    assert.deepEqual([sendsTo('charge', 'cvs'), sendsTo('settle')], [gatewayCalls, dueCalls]);
    assert.equal(gateway.callbacks().length - callsBefore, expected.callbacks);
    isAbout(bytesOf(said), logBytes);
    const items = await readersOf(client).items();
    assert.equal(items.length, 1);
    isAbout(
      items.map(item => storedBytesOf(marshall(item))).reduce((a, b) => a + b),
      storedBytes,
    );
  });
}

test('a reference is one write more', async () => {
  proxy.take();
  await withCallbackAfter('charge', () => card.charge('with-reference', { body: { reference: '4711' } }));
  assert.equal(proxy.take().writeUnits, measured.card.writeUnits + 1);
});

test('what a run of due work with nothing to do makes', async () => {
  await clearTable(client);
  proxy.take();
  lines.length = 0;
  await runDueWork();
  const { queries, logLines, logBytes } = stack.dueRun;
  assert.deepEqual(proxy.take().byOperation, { Query: queries });
  assert.equal(lines.length, logLines);
  isAbout(bytesOf(lines), logBytes);
});

test('what a run of the publisher logs', async () => {
  lines.length = 0;
  await publish([{}]);
  assert.equal(lines.length, stack.publishRun.logLines);
  isAbout(bytesOf(lines), stack.publishRun.logBytes);
});

test('what stands in the stack', () => {
  const template = templateWith();
  const count = (type: string) => Object.keys(resourcesOf(template, type)).length;
  const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
  // An expression is no metric of its own.
  const metricsOf = (metrics: { MetricStat?: object }[] = [{ MetricStat: {} }]) =>
    metrics.filter(each => each.MetricStat);
  assert.equal(alarms.flatMap(({ Properties }) => metricsOf(Properties.Metrics)).length, stack.alarmMetrics);
  assert.equal(count('AWS::CloudWatch::CompositeAlarm'), stack.compositeAlarms);
  assert.equal(count('AWS::CloudWatch::Dashboard'), stack.dashboards);
  assert.equal(count('AWS::SecretsManager::Secret'), stack.secrets);
  for (const { name, memoryMb, trigger } of functions) {
    assert.equal(memoryMb, stack.memoryMb, name);
    if ('everyMinutes' in trigger) assert.equal(trigger.everyMinutes, stack.dueEveryMinutes);
  }
});

test('the metrics that are made from the lines of every day', () => {
  const filters = Object.values(resourcesOf(templateWith(), 'AWS::Logs::MetricFilter'));
  const ofEveryDay = filters.filter(({ Properties }) =>
    /event = "(callback|due_work|oldest_unknown)"/.test(Properties.FilterPattern),
  );
  const names = ofEveryDay.map(({ Properties }) => Properties.MetricTransformations[0].MetricName);
  assert.equal(new Set(names).size, stack.customMetrics);
});

/** Numbers of the gateway differ by a digit or two. */
function isAbout(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * 0.05, `${actual}, not about ${expected}`);
}

const bytesOf = (said: object[]): number => said.reduce((sum, line) => sum + JSON.stringify(line).length, 0);

/** Of the item and of its entry in every index whose keys it has, with 100 bytes for each. */
function storedBytesOf(item: Record<string, AttributeValue>): number {
  const entries = indexes
    .map(({ partitionKey, sortKey }) => [tableKey, partitionKey, sortKey].map(name => [name, item[name]] as const))
    .filter(keys => keys.every(([, value]) => value));
  const sizes = [Object.entries(item), ...entries].map(attributes =>
    attributes.reduce((sum, [name, value]) => sum + name.length + (value ? sizeOf(value) : 0), 100),
  );
  return sizes.reduce((a, b) => a + b);
}

/** As DynamoDB's developer guide counts an attribute's bytes. */
function sizeOf({ S, N, SS, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  if (N !== undefined) return Math.ceil(N.length / 2) + 1;
  if (SS) return SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (L) return L.reduce((sum, each) => sum + sizeOf(each) + 1, 3);
  return M ? Object.entries(M).reduce((sum, [name, each]) => sum + name.length + sizeOf(each) + 1, 3) : 1;
}
