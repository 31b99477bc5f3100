import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { SQSEvent } from 'aws-lambda';
import { startGuard } from '../../local/guard.ts';
import { arnOf, urlOfQueue } from '../../local/intrinsics.ts';
import type { Invoke, Result } from '../../local/lambda.ts';
import { type QueueMapping, startQueueMapping, takeBatch } from '../../local/queue-mapping.ts';
import { startQueues } from '../../local/queues.ts';
import { callbackQueue, sqsClient } from '../../shared/aws/callback-queue.ts';
import { accessTo } from '../support/aws.ts';

const nobody = 'http://127.0.0.1:9';
const resource = arnOf('AWS::SQS::Queue', 'Calls');
const mapping: QueueMapping = { functionName: 'Consumer', queueName: 'Calls', batchSize: 3, reportsFailures: true };
const returned = (value: unknown): Result => ({ kind: 'returned', payload: JSON.stringify(value) });

/** A guarded queue; the functions may do to it what their names say. */
async function start(consumerActions = ['ReceiveMessage', 'DeleteMessage']) {
  const clock = { now: 0 };
  const queues = await startQueues([{ name: 'Calls', visibilitySeconds: 120, deadLetters: null }], {
    now: () => clock.now,
  });
  const grants = new Map([
    ['Sender', [{ action: 'sqs:SendMessage', resource }]],
    ['Consumer', consumerActions.map(action => ({ action: `sqs:${action}`, resource }))],
  ]);
  const complaints: string[] = [];
  const services = { dynamodb: nobody, eventBridge: nobody, secretsManager: nobody, sqs: queues.endpoint };
  const guard = await startGuard(grants, services, line => complaints.push(line));
  after(() => Promise.all([guard.close(), queues.stop()]));
  const sendAs = (name: string) => {
    const client = sqsClient({ maxAttempts: 1, attemptMs: 3000 }, accessTo(guard.url, name));
    return callbackQueue(client, urlOfQueue('Calls'));
  };
  const events: SQSEvent[] = [];
  const answering =
    (result: (event: SQSEvent) => Result): Invoke =>
    async event => {
      events.push(event as SQSEvent);
      return result(event as SQSEvent);
    };
  return { clock, queues, complaints, events, answering, url: guard.url, send: sendAs('Sender'), sendAs };
}

test('the function gets a batch as Lambda brings it, and what it took is gone', async () => {
  const { queues, events, answering, url, send } = await start();
  for (const body of ['a', 'b', 'c', 'd']) await send(body);
  const invoke = answering(() => returned({ batchItemFailures: [] }));
  assert.deepEqual([await takeBatch(url, mapping, invoke), await takeBatch(url, mapping, invoke)], [3, 1]);
  assert.deepEqual(
    events.map(({ Records }) => Records.map(({ body }) => body)),
    [['a', 'b', 'c'], ['d']],
  );
  const [record] = events[0]?.Records ?? [];
  assert.deepEqual(
    [record?.eventSource, record?.eventSourceARN, record?.attributes.SentTimestamp],
    ['aws:sqs', resource, '0'],
  );
  assert.equal(queues.sizeOf('Calls'), 0);
  assert.equal(await takeBatch(url, mapping, invoke), 0);
  assert.equal(events.length, 2);
});

test('what is reported as failed comes again after the time-out, alone', async () => {
  const { clock, events, answering, url, send } = await start();
  for (const body of ['a', 'b']) await send(body);
  const failingB = answering(({ Records }) => {
    const failed = Records.filter(({ body }) => body === 'b');
    return returned({ batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) });
  });
  await takeBatch(url, mapping, failingB);
  assert.equal(await takeBatch(url, mapping, failingB), 0);
  clock.now = 120_000;
  await takeBatch(url, mapping, failingB);
  assert.deepEqual(
    events.at(-1)?.Records.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]),
    [['b', '2']],
  );
});

test('a run that fails took nothing; without reports, one that returns took all', async () => {
  const { clock, queues, answering, url, send } = await start();
  await send('a');
  await takeBatch(
    url,
    mapping,
    answering(() => ({ kind: 'failed', errorType: 'Error', errorMessage: '' })),
  );
  assert.equal(queues.sizeOf('Calls'), 1);
  clock.now = 120_000;
  const failing = answering(({ Records }) =>
    returned({ batchItemFailures: [{ itemIdentifier: Records[0]?.messageId }] }),
  );
  await takeBatch(url, { ...mapping, reportsFailures: false }, failing);
  assert.equal(queues.sizeOf('Calls'), 0);
});

test('the grants decide: who may not send, receive or delete does not', async () => {
  const { queues, complaints, answering, url, send, sendAs } = await start(['ReceiveMessage']);
  await send('a');
  await assert.rejects(sendAs('Consumer')('b'), { name: 'AccessDeniedException' });
  await assert.rejects(
    takeBatch(
      url,
      mapping,
      answering(() => returned(null)),
    ),
    /DeleteMessage/,
  );
  await assert.rejects(
    takeBatch(
      url,
      { ...mapping, functionName: 'Stranger' },
      answering(() => returned(null)),
    ),
  );
  assert.equal(queues.sizeOf('Calls'), 1);
  assert.deepEqual(complaints, [
    `Consumer is not authorized to perform sqs:SendMessage on ${resource}`,
    `Consumer is not authorized to perform sqs:DeleteMessage on ${resource}`,
    `Stranger is not authorized to perform sqs:ReceiveMessage on ${resource}`,
  ]);
});

test('a service that is gone is an internal error to the function, not the end of the guard', async () => {
  const { queues, send } = await start();
  await queues.stop();
  await assert.rejects(send('a'), { name: 'InternalServerError' });
  await assert.rejects(send('b'), { name: 'InternalServerError' });
});

test('the mapping follows the queue until it is stopped', async () => {
  const { events, answering, queues, url, send } = await start();
  let taken = () => {};
  const took = new Promise<void>(resolve => {
    taken = resolve;
  });
  const following = startQueueMapping(
    url,
    mapping,
    answering(() => {
      taken();
      return returned(null);
    }),
    1,
  );
  await send('a');
  await took;
  await following.stop();
  assert.deepEqual([events.length, queues.sizeOf('Calls')], [1, 0]);
  await send('b');
  assert.equal(queues.sizeOf('Calls'), 1);
});
