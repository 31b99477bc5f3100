import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { urlOfQueue } from '../../local/intrinsics.ts';
import { type QueueDefinition, startQueues } from '../../local/queues.ts';

const definitions: QueueDefinition[] = [
  { name: 'Calls', visibilitySeconds: 120, deadLetters: { queue: 'Dead', maxReceives: 2 } },
  { name: 'Dead', visibilitySeconds: 30, deadLetters: null },
];
const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-queues-test-'));
after(() => rmSync(folder, { recursive: true }));

/** Queues of their own on a clock of their own, through the SDK's client, which checks every MD5. */
async function start(file: string | null = null) {
  const clock = { now: 1_000_000 };
  const queues = await startQueues(definitions, { now: () => clock.now, file });
  const client = new SQSClient({
    endpoint: queues.endpoint,
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    useQueueUrlAsEndpoint: false,
  });
  after(() => queues.stop());
  const QueueUrl = urlOfQueue('Calls');
  return {
    clock,
    queues,
    client,
    send: (MessageBody: string) => client.send(new SendMessageCommand({ QueueUrl, MessageBody })),
    async receive(MaxNumberOfMessages = 10, name = 'Calls') {
      const asked = new ReceiveMessageCommand({ QueueUrl: urlOfQueue(name), MaxNumberOfMessages });
      return (await client.send(asked)).Messages ?? [];
    },
    remove: (ReceiptHandle = '') => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
  };
}

test('a message is received as it was sent, with when and how often', async () => {
  const { clock, send, receive } = await start();
  const { MessageId } = await send('あ "1"');
  clock.now += 5;
  const [message, ...others] = await receive();
  assert.equal(others.length, 0);
  assert.deepEqual([message?.MessageId, message?.Body], [MessageId, 'あ "1"']);
  assert.deepEqual(message?.Attributes, {
    ApproximateFirstReceiveTimestamp: '1000005',
    ApproximateReceiveCount: '1',
    SentTimestamp: '1000000',
  });
});

test('what was received is hidden for the visibility time-out, and gone once it is deleted', async () => {
  const { clock, queues, send, receive, remove } = await start();
  await send('a');
  const [first] = await receive();
  clock.now += 119_999;
  assert.deepEqual(await receive(), []);
  clock.now += 1;
  const [second] = await receive();
  assert.equal(second?.MessageId, first?.MessageId);
  // The receipt of an earlier receive deletes nothing any more.
  await remove(first?.ReceiptHandle);
  assert.equal(queues.sizeOf('Calls'), 1);
  await remove(second?.ReceiptHandle);
  clock.now += 120_000;
  assert.deepEqual([await receive(), queues.sizeOf('Calls')], [[], 0]);
});

test('no more than asked for, and never more than ten', async () => {
  const { send, receive } = await start();
  for (let i = 0; i < 14; i += 1) await send(`${i}`);
  assert.equal((await receive(3)).length, 3);
  assert.equal((await receive(10)).length, 10);
  assert.equal((await receive(10)).length, 1);
});

test('received as often as it may be, a message goes to the dead letters', async () => {
  const { clock, queues, send, receive } = await start();
  const { MessageId } = await send('poison');
  for (let receives = 0; receives < 2; receives += 1) {
    assert.equal((await receive()).length, 1);
    clock.now += 120_000;
  }
  assert.deepEqual(await receive(), []);
  assert.deepEqual([queues.sizeOf('Calls'), queues.sizeOf('Dead')], [0, 1]);
  assert.equal((await receive(10, 'Dead'))[0]?.MessageId, MessageId);
});

test('attributes: the time-out and how many there are', async () => {
  const { client, send } = await start();
  await send('a');
  const asked = new GetQueueAttributesCommand({ QueueUrl: urlOfQueue('Calls'), AttributeNames: ['All'] });
  const { Attributes } = await client.send(asked);
  assert.deepEqual(Attributes, { ApproximateNumberOfMessages: '1', VisibilityTimeout: '120' });
});

test('a queue that nobody defined, an empty message and another operation are refused', async () => {
  const { client, send, receive, queues } = await start();
  await assert.rejects(receive(1, 'Other'), { name: 'QueueDoesNotExist' });
  await assert.rejects(send(''), { name: 'InvalidParameterValue' });
  await assert.rejects(send('x'.repeat(1024 * 1024 + 1)), { name: 'InvalidParameterValue' });
  assert.ok(client);
  const answer = await fetch(queues.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'AmazonSQS.PurgeQueue' },
    body: JSON.stringify({ QueueUrl: urlOfQueue('Calls') }),
  });
  assert.equal(answer.status, 400);
});

test('with a file, messages survive a restart', async () => {
  const file = path.join(folder, 'queues.json');
  const { queues, send } = await start(file);
  await send('kept');
  await queues.stop();
  const again = await start(file);
  assert.deepEqual(
    (await again.receive()).map(({ Body }) => Body),
    ['kept'],
  );
});
