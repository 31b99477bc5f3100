/** How the clients behave where a service does not: time-outs, retries and what their callers get to see. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { sqsClient } from '../../shared/aws/callback-queue.ts';
import { documentClient, itemInTheWay } from '../../shared/aws/document-client.ts';
import { eventBridgeClient } from '../../shared/aws/event-bus.ts';
import { callLimitMs, type Limits } from '../../shared/aws/limits.ts';
import { secretReader, secretsManagerClient } from '../../shared/aws/secret.ts';
import { accessTo } from '../support/aws.ts';
import {
  answered,
  type Behaviour,
  broken,
  cutShort,
  refusedAs,
  silent,
  stalling,
  startService,
  trickling,
} from '../support/service.ts';

const service = await startService();
const access = accessTo(service.url);
const ok = answered(200, {});
const nowhere = 'http://127.0.0.1:9';

const put = (client: ReturnType<typeof documentClient>) =>
  client.send(new PutCommand({ TableName: 'orders', Item: { pk: '注文', absent: undefined } }));

interface Calling {
  client: { config: { maxAttempts(): Promise<number>; requestHandler: object }; destroy(): void };
  call(): Promise<unknown>;
}
const clients: Record<string, (limits?: Limits, config?: typeof access) => Calling> = {
  DynamoDB: (...given) => {
    const client = documentClient(...given);
    return { client, call: () => put(client) };
  },
  'Secrets Manager': (...given) => {
    const client = secretsManagerClient(...given);
    return { client, call: () => client.send(new GetSecretValueCommand({ SecretId: 'a' })) };
  },
  SQS: (...given) => {
    const client = sqsClient(...given);
    const message = { QueueUrl: 'https://queue.example/1/calls', MessageBody: 'm' };
    return { client, call: () => client.send(new SendMessageCommand(message)) };
  },
  EventBridge: (...given) => {
    const client = eventBridgeClient(...given);
    return { client, call: () => client.send(new PutEventsCommand({ Entries: [] })) };
  },
};

/** Of one attempt, and of all with the pauses between them. */
const limits: [name: string, limits: Limits, milliseconds: number][] = [
  ['DynamoDB', { maxAttempts: 3, attemptMs: 2000, callMs: 5000 }, 5000],
  ['Secrets Manager', { maxAttempts: 3, attemptMs: 2000, callMs: 5000 }, 5000],
  ['SQS', { maxAttempts: 2, attemptMs: 3500 }, 8000],
  ['EventBridge', { maxAttempts: 3, attemptMs: 5000 }, 18_000],
];
for (const [name, ofClient, all] of limits) {
  const { maxAttempts, attemptMs } = ofClient;
  test(`${name}: ${maxAttempts} attempts of ${attemptMs} ms`, async () => {
    const { client, call } = clients[name]?.(undefined, access) ?? assert.fail();
    service.behave(answered(400, {}));
    await assert.rejects(call);
    const handler = client.config.requestHandler as { httpHandlerConfigs(): Record<string, unknown> };
    const { connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout } = handler.httpHandlerConfigs();
    assert.deepEqual(
      [await client.config.maxAttempts(), connectionTimeout, requestTimeout, socketTimeout, throwOnRequestTimeout],
      [maxAttempts, 1000, attemptMs, attemptMs, true],
    );
    assert.equal(callLimitMs(ofClient), all);
  });

  for (const [what, behaviour] of [
    ['a service that never responds', silent],
    ['a response that stalls', stalling],
  ] as const) {
    test(`${name}: ${what} times out, at every attempt`, async () => {
      service.behave(behaviour);
      const { call } = clients[name]?.({ maxAttempts: 2, attemptMs: 60 }, access) ?? assert.fail();
      const [error, milliseconds] = await failure(call);
      assert.equal(error.name, 'TimeoutError');
      assert.equal(service.received.length, 2);
      assert.ok(milliseconds >= 120 && milliseconds < 1060, `${milliseconds} ms`);
    });
  }

  test(`${name}: a response that trickles in is cut off by the limit of the whole call`, async () => {
    service.behave(trickling);
    const { call } = clients[name]?.({ maxAttempts: 2, attemptMs: 60 }, access) ?? assert.fail();
    const [error, milliseconds] = await failure(call);
    assert.equal(error.name, 'AbortError');
    assert.ok(milliseconds >= 1100 && milliseconds < 3000, `${milliseconds} ms`);
  });

  test(`${name}: a refused connection is retried and then thrown`, async () => {
    const { call } = clients[name]?.({ maxAttempts: 2, attemptMs: 1000 }, accessTo(nowhere)) ?? assert.fail();
    const [error] = await failure(call);
    assert.deepEqual([error.code, error.$metadata?.attempts], ['ECONNREFUSED', 2]);
  });
}

interface Failure extends Error {
  code?: string;
  $metadata?: { attempts?: number };
}

async function failure(call: () => Promise<unknown>): Promise<[error: Failure, milliseconds: number]> {
  const begun = performance.now();
  try {
    await call();
  } catch (error) {
    return [error as Failure, performance.now() - begun];
  }
  return assert.fail('it did not fail');
}

const table = documentClient({ maxAttempts: 3, attemptMs: 3000 }, access);

const passing: [what: string, behaviour: Behaviour][] = [
  ['a 500', answered(500, {})],
  ['a 503 of a load balancer', answered(503, '<html></html>')],
  ['throttling', refusedAs('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
  ['a connection that breaks off', broken],
  ['a response that breaks off', cutShort],
];
for (const [what, behaviour] of passing) {
  test(`${what} is retried, byte for byte`, async () => {
    service.behave(behaviour, behaviour, ok);
    assert.equal((await put(table)).$metadata.attempts, 3);
    assert.equal(service.received.length, 3);
    assert.equal(new Set(service.received.map(({ body }) => body)).size, 1);
  });

  test(`${what}, three times, is thrown`, async () => {
    service.behave(behaviour);
    const [error] = await failure(() => put(table));
    assert.deepEqual([error.$metadata?.attempts, service.received.length], [3, 3]);
  });
}

test('a body that is not JSON is thrown', async () => {
  service.behave(answered(200, '<html></html>'));
  await assert.rejects(put(table));
});

test('attributes without a value are left out', async () => {
  service.behave(ok);
  await put(table);
  assert.deepEqual(JSON.parse(service.received[0]?.body ?? ''), { TableName: 'orders', Item: { pk: { S: '注文' } } });
});

const stored = { pk: { S: 'a' }, version: { N: '2' }, phones: { SS: ['0312345678'] } };

test('a failed condition is thrown at once, and its item comes unmarshalled', async () => {
  service.behave(refusedAs('com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', { Item: stored }));
  const [error] = await failure(() => put(table));
  assert.deepEqual(itemInTheWay(error), { pk: 'a', version: 2, phones: new Set(['0312345678']) });
  service.behave(answered(200, { Item: stored }));
  const { Item } = await table.send(new GetCommand({ TableName: 'orders', Key: { pk: 'a' } }));
  assert.deepEqual(itemInTheWay(error), Item);
  assert.equal(service.received.length, 1);
});

test('a condition that failed on nothing has no item; other errors stay what they are', async () => {
  service.behave(refusedAs('ConditionalCheckFailedException'));
  assert.equal(itemInTheWay((await failure(() => put(table)))[0]), null);
  service.behave(refusedAs('ValidationException'));
  const [error] = await failure(() => put(table));
  assert.throws(() => itemInTheWay(error), { name: 'ValidationException' });
});

test('a secret is read by its id; one without text is empty', async () => {
  const read = secretReader(secretsManagerClient(undefined, access), () => 'arn');
  service.behave(answered(200, { SecretString: '{"a":1}' }), answered(200, {}));
  assert.deepEqual([await read(), await read()], ['{"a":1}', '']);
  assert.deepEqual(JSON.parse(service.received[0]?.body ?? ''), { SecretId: 'arn' });
});

test('all attempts together take no longer than their own limit', async () => {
  service.behave(silent);
  const { call } = clients.DynamoDB?.({ maxAttempts: 3, attemptMs: 500, callMs: 700 }, access) ?? assert.fail();
  const [error, milliseconds] = await failure(call);
  assert.equal(error.name, 'AbortError');
  assert.ok(milliseconds >= 700 && milliseconds < 2500, `${milliseconds} ms`);
});
