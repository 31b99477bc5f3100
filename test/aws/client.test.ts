import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createClient, type Patience, ServiceError } from '../../shared/aws/client.ts';
import type { DynamoDb, Events, Queues, Secrets } from '../../shared/aws/operations.ts';

interface Heard {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
type Behaviour = (response: ServerResponse) => void;

const answered =
  (status: number, body: string): Behaviour =>
  response =>
    response.writeHead(status).end(body);
const ok = answered(200, '{"EventId":"1"}');
const refusedAs = (type: string, more: object = {}) => answered(400, JSON.stringify({ __type: type, ...more }));
const broken: Behaviour = response => response.destroy();
const silent: Behaviour = () => {};
const cutShort: Behaviour = response => {
  response.writeHead(200, { 'content-length': 100 }).write('{"Item":');
  setTimeout(() => response.destroy(), 20);
};
const hanging: Behaviour = response => {
  response.writeHead(200, { 'content-length': 100 }).write('{"Item":');
};

let heard: Heard[] = [];
/** One for each request, the last for all that follow. */
let behaviours: Behaviour[] = [ok];
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  heard.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
  const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
  behaviour?.(response);
});
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  heard = [];
  behaviours = [ok];
});

const access = {
  region: 'ap-northeast-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'session' },
  endpoint,
};
const patience: Patience = { maxAttempts: 3, timeoutMs: 3000 };
const dynamo: DynamoDb = createClient('dynamodb', access, patience);
const put = () => dynamo('PutItem', { TableName: 'orders', Item: { pk: { S: '注文' } } });

const entry = { Source: 's', DetailType: 'd', Detail: '{}' };
const pairs: [name: string, ours: () => Promise<object>, theirs: () => Promise<object>][] = [
  [
    'DynamoDB',
    put,
    () => new DynamoDBClient(access).send(new PutItemCommand({ TableName: 'orders', Item: { pk: { S: '注文' } } })),
  ],
  [
    'EventBridge',
    () => (createClient('events', access, patience) as Events)('PutEvents', { Entries: [{ ...entry, Time: 1.5 }] }),
    () => new EventBridgeClient(access).send(new PutEventsCommand({ Entries: [{ ...entry, Time: new Date(1500) }] })),
  ],
  [
    'Secrets Manager',
    () => (createClient('secretsmanager', access, patience) as Secrets)('GetSecretValue', { SecretId: 'a' }),
    () => new SecretsManagerClient(access).send(new GetSecretValueCommand({ SecretId: 'a' })),
  ],
  [
    'SQS',
    () =>
      (createClient('sqs', access, patience) as Queues)('SendMessage', { QueueUrl: 'https://q/1', MessageBody: 'm' }),
    () =>
      new SQSClient({ ...access, useQueueUrlAsEndpoint: false, md5: false }).send(
        new SendMessageCommand({ QueueUrl: 'https://q/1', MessageBody: 'm' }),
      ),
  ],
];
for (const [name, ours, theirs] of pairs) {
  test(`${name} hears from us what it hears from the SDK's own client`, async () => {
    await ours();
    await theirs();
    const [mine, sdk] = heard.map(({ url, headers, body }) => ({
      url,
      body: JSON.parse(body),
      target: headers['x-amz-target'],
      type: headers['content-type'],
      length: headers['content-length'],
      token: headers['x-amz-security-token'],
      scope: /Credential=\w+\/\d+\/(\S+),/.exec(headers.authorization ?? '')?.[1],
    }));
    assert.equal(heard.length, 2);
    assert.deepEqual(mine, sdk);
    assert.equal(mine?.token, 'session');
  });
}

test('the signature covers host, time, target, token and body', async () => {
  await put();
  const { authorization = '' } = heard[0]?.headers ?? {};
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? [];
  for (const name of ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'])
    assert.ok(signed.includes(name), name);
});

const passing: [what: string, behaviour: Behaviour][] = [
  ['a connection that breaks off', broken],
  ['an answer that breaks off', cutShort],
  ['a fault of the service', answered(500, '{}')],
  ['a refusal of something in between', answered(503, '<html></html>')],
  ['a 200 that says nothing', answered(200, '')],
  ['a 200 that is no JSON', answered(200, '<html></html>')],
  ['throttling', refusedAs('com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException')],
];
for (const [what, behaviour] of passing) {
  test(`${what} is repeated, byte for byte`, async () => {
    behaviours = [behaviour, behaviour, ok];
    assert.deepEqual(await put(), { EventId: '1' });
    assert.equal(heard.length, 3);
    assert.equal(new Set(heard.map(({ body }) => body)).size, 1);
  });

  test(`${what} is an error in the end`, async () => {
    behaviours = [behaviour];
    await assert.rejects(put());
    assert.equal(heard.length, 3);
  });
}

test('who signs by a wrong clock signs again by that of the service, and from then on', async t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() - 10 * 60_000 });
  const skewed: Behaviour = response => {
    const { 'x-amz-date': signedAt = '' } = heard.at(-1)?.headers ?? {};
    const date = new Date(Date.now() + 10 * 60_000);
    const isCurrent = String(signedAt).slice(0, 13) === date.toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
    const refusal = { __type: 'InvalidSignatureException', message: 'Signature not yet current' };
    response
      .writeHead(isCurrent ? 200 : 400, { date: date.toUTCString() })
      .end(JSON.stringify(isCurrent ? { ok: true } : refusal));
  };
  behaviours = [skewed];
  const own: DynamoDb = createClient('dynamodb', access, patience);
  const get = () => own('GetItem', { TableName: 'orders', Key: {} });
  assert.deepEqual(await get(), { ok: true });
  assert.equal(heard.length, 2);
  await get();
  assert.equal(heard.length, 3);
});

test('a refusal that has nothing to do with the clock is not repeated for it', async t => {
  const date = new Date().toUTCString();
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 86_400_000 });
  behaviours = [response => response.writeHead(400, { date }).end('{"__type":"ConditionalCheckFailedException"}')];
  await assert.rejects(put(), { name: 'ConditionalCheckFailedException' });
  assert.equal(heard.length, 1);
});

test('a refused signature is not repeated where the clock is right', async () => {
  behaviours = [refusedAs('InvalidSignatureException', { message: 'The security token is invalid' })];
  await assert.rejects(put(), { name: 'InvalidSignatureException' });
  assert.equal(heard.length, 1);
});

const types = [
  'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
  'ConditionalCheckFailedException',
  'ConditionalCheckFailedException:http://internal.example/coral/',
];
for (const type of types) {
  test(`${type} is told at once, with what stood in the way`, async () => {
    behaviours = [refusedAs(type, { message: 'The conditional request failed', Item: { pk: { S: 'a' } } })];
    await assert.rejects(put(), error => {
      assert.ok(error instanceof ServiceError);
      assert.deepEqual(
        [error.name, error.message],
        ['ConditionalCheckFailedException', 'The conditional request failed'],
      );
      assert.deepEqual(error.answer.Item, { pk: { S: 'a' } });
      return true;
    });
    assert.equal(heard.length, 1);
  });
}

test('a refusal without a name has one all the same', async () => {
  for (const body of ['', 'null', '[]', '"text"', '<html></html>', '{"__type":null}']) {
    behaviours = [answered(413, body)];
    await assert.rejects(put(), { name: 'UnknownError', message: '' });
  }
});

for (const [what, behaviour] of [
  ['the answer', silent],
  ['its end', hanging],
] as const) {
  test(`who waits in vain for ${what} hears of it, after every attempt`, async () => {
    behaviours = [behaviour];
    const hasty: DynamoDb = createClient('dynamodb', access, { maxAttempts: 2, timeoutMs: 50 });
    await assert.rejects(hasty('GetItem', { TableName: 'orders', Key: {} }), { name: 'TimeoutError' });
    assert.equal(heard.length, 2);
  });
}

test('without an endpoint it is the service of the region, over TLS', async () => {
  const nowhere: DynamoDb = createClient(
    'dynamodb',
    { ...access, region: 'r.invalid', endpoint: null },
    { maxAttempts: 1, timeoutMs: 3000 },
  );
  await assert.rejects(nowhere('GetItem', { TableName: 'orders', Key: {} }), {
    hostname: 'dynamodb.r.invalid.amazonaws.com',
  });
});
