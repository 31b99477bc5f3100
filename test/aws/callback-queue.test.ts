import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { callbackQueue, sqsClient } from '../../shared/aws/callback-queue.ts';
import { accessTo } from '../support/aws.ts';
import { answered, startService } from '../support/service.ts';

const service = await startService();
const QueueUrl = 'https://queue.example/0/callbacks';
const send = callbackQueue(sqsClient(undefined, accessTo(service.url)), QueueUrl);
const MD5OfMessageBody = createHash('md5').update('callback あ').digest('hex');

test('a message is durable once the queue has confirmed that it took these bytes', async () => {
  service.behave(answered(200, { MessageId: '1', MD5OfMessageBody }));
  await send('callback あ');
  assert.deepEqual(
    service.received.map(({ body }) => JSON.parse(body)),
    [{ QueueUrl, MessageBody: 'callback あ' }],
  );
});

const unconfirmed: [what: string, body: object, error: RegExp][] = [
  ['nothing', {}, /InvalidChecksumError/],
  ['no MD5', { MessageId: '1' }, /InvalidChecksumError/],
  ['the MD5 of another message', { MessageId: '1', MD5OfMessageBody: MD5OfMessageBody.replace(/^./, 'x') }, /Checksum/],
  ['no id', { MD5OfMessageBody }, /did not confirm/],
];
for (const [what, body, error] of unconfirmed) {
  test(`a 200 with ${what} confirms nothing`, async () => {
    service.behave(answered(200, body));
    await assert.rejects(send('callback あ'), error);
  });
}
