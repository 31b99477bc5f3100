/** The table is gone for a while in the middle of a load of callbacks: what was answered `successok` is in its order afterwards. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTable, ordersTable as definition, startDynamoDb } from '../../local/dynamodb.ts';
import type { Invoke } from '../../local/lambda.ts';
import { type QueueMapping, takeBatch } from '../../local/queue-mapping.ts';
import { startQueues } from '../../local/queues.ts';
import { localSecrets } from '../../local/secrets.ts';
import { callbackQueue, sqsClient } from '../../shared/aws/callback-queue.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { callbackHandler } from '../../shared/lambda/callback.ts';
import { callbackRetryHandler } from '../../shared/lambda/callback-retry.ts';
import { parseIpCodes, parsePathTokens } from '../../shared/lambda/secret.ts';
import { accessTo } from '../support/aws.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { idOf, settings, statusOf, usual } from '../support/orders.ts';
import { dynamoOf, tableName } from '../support/table.ts';

console.info = () => {};

const dataDir = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-outage-test-'));
after(() => rmSync(dataDir, { recursive: true }));

/** A minute passes in 600 ms, for everything that waits: 20 s of trying, 120 s of the queue. */
const FASTER = 100;
const OUTAGE_MS = 60_000 / FASTER;
const begun = Date.now();
const clock = {
  now: () => new Date(begun + (Date.now() - begun) * FASTER),
  sleep: (milliseconds: number) => sleep(milliseconds / FASTER).then(() => {}),
};
const CALLS = 120;

test('60 s without a table: every callback that was answered successok is in its order', async t => {
  let engine = await startDynamoDb({ port: 0, dataDir });
  const port = Number(new URL(engine.endpoint).port);
  await createTable(engine.endpoint, definition(tableName));
  const store = ordersTable(dynamoOf(engine.endpoint), tableName);
  const queues = await startQueues([{ name: 'callbacks', visibilitySeconds: 120, deadLetters: null }], {
    now: () => clock.now().getTime(),
  });
  t.after(() => Promise.all([engine.stop(), queues.stop()]));
  const send = callbackQueue(
    sqsClient({ maxAttempts: 2, attemptMs: 30_000 }, accessTo(queues.endpoint)),
    'https://sqs.example/0/callbacks',
  );

  const deps = {
    ...clock,
    // Nothing hangs here, and what a busy machine takes for a request does not shrink with the minute.
    within: <T>(_: number, work: Promise<T>) => work,
    store,
    ...settings,
    deploymentId: 'test',
    ipCodes: async () => parseIpCodes(JSON.stringify(localSecrets)),
  };
  const answerCallback = callbackHandler({
    ...deps,
    callbackSources: ['127.0.0.1'],
    pathTokens: async () => parsePathTokens(JSON.stringify(localSecrets)),
    queue: send,
  });
  const retry = callbackRetryHandler(deps);
  const invoke: Invoke = async event => ({ kind: 'returned', payload: JSON.stringify(await retry(event as never)) });
  const mapping: QueueMapping = { functionName: 'retry', queueName: 'callbacks', batchSize: 10, reportsFailures: true };

  const orderIds = Array.from({ length: CALLS }, (_, i) => idOf(`outage-${i}-`));
  for (const orderId of orderIds) await store.create({ ...usual.card.unknown(), orderId });

  // The callbacks come in over the whole time: before the outage, during it, and after it.
  const answers = orderIds.map(async (sendpoint, i) => {
    await sleep((i / CALLS) * 2 * OUTAGE_MS);
    return answerCallback(callbackEvent(cardParameters({ sendpoint, ordd: `N${i}` })));
  });
  await sleep(OUTAGE_MS / 4);
  await engine.stop();
  // In the outage, the consumer tries in vain. A busy machine takes longer to give up storing.
  await sleep(OUTAGE_MS / 2);
  for (let waits = 0; queues.sizeOf('callbacks') === 0 && waits < 500; waits += 1) await sleep(10);
  const stopped = { queued: queues.sizeOf('callbacks'), taken: await takeBatch(queues.endpoint, mapping, invoke) };
  await sleep(OUTAGE_MS / 2);
  engine = await startDynamoDb({ port, dataDir });

  assert.deepEqual(new Set((await Promise.all(answers)).map(({ body }) => body)), new Set(['successok']));
  assert.ok(stopped.queued > 0 && stopped.taken > 0, 'the outage was too short to fill the queue');
  while (queues.sizeOf('callbacks') > 0) {
    if ((await takeBatch(queues.endpoint, mapping, invoke)) === 0) await sleep(20);
  }
  const orders = await Promise.all(orderIds.map(orderId => store.find(orderId)));
  const found = orders.map(order => order && `${statusOf(order)} ${order.callbacks.length} ${order.history.length}`);
  assert.deepEqual(new Set(found), new Set(['paid 1 3']));
});
