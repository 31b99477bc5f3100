import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { callbackQueue } from '../../shared/aws/callback-queue.ts';
import type { Queues } from '../../shared/aws/operations.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const sendTo = (answer: object) => {
  const sent: object[] = [];
  const queues: Queues = async (_, input) => {
    sent.push(input);
    return { $metadata: {}, ...answer };
  };
  return { sent, send: callbackQueue(queues, 'https://queue.example/calls') };
};

test('a message is durable once the queue has said that it took these bytes', async () => {
  const { sent, send } = sendTo({ MessageId: '1', MD5OfMessageBody: md5('call あ') });
  await send('call あ');
  assert.deepEqual(sent, [{ QueueUrl: 'https://queue.example/calls', MessageBody: 'call あ' }]);
});

test('an answer that does not say so is none', async () => {
  const answers = [
    {},
    { MessageId: '1' },
    { MD5OfMessageBody: md5('call') },
    { MessageId: '1', MD5OfMessageBody: md5('x') },
  ];
  for (const answer of answers) await assert.rejects(sendTo(answer).send('call'), /did not confirm/);
});
