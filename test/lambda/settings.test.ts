import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAccess, readBusName, readSecretId, readSettings } from '../../shared/lambda/settings.ts';

const least = { TABLE_NAME: 'orders', DEPLOYMENT_ID: 'shop' };

test('without further variables the gateway is the real one, and no source may call', () => {
  assert.deepEqual(readSettings(least), {
    tableName: 'orders',
    deploymentId: 'shop',
    gatewayBaseUrl: 'https://linkpt.cardservice.co.jp',
    callbackSources: [],
  });
});

test('sources are a list of addresses, and an empty one has none', () => {
  assert.deepEqual(readSettings({ ...least, CALLBACK_SOURCES: '192.0.2.1,198.51.100.2' }).callbackSources, [
    '192.0.2.1',
    '198.51.100.2',
  ]);
  assert.deepEqual(readSettings({ ...least, CALLBACK_SOURCES: '' }).callbackSources, []);
  assert.equal(
    readSettings({ ...least, ZEUS_BASE_URL: 'http://127.0.0.1:4102' }).gatewayBaseUrl,
    'http://127.0.0.1:4102',
  );
});

test('what is missing is named', () => {
  for (const name of Object.keys(least)) {
    for (const value of ['', undefined])
      assert.throws(() => readSettings({ ...least, [name]: value }), { message: new RegExp(name) });
  }
});

for (const [name, read] of [
  ['EVENT_BUS_NAME', readBusName],
  ['SECRET_ID', readSecretId],
] as const) {
  test(`${name} is a variable of its own, and nothing else is asked for with it`, () => {
    assert.equal(read({ [name]: 'orders' }), 'orders');
    for (const value of ['', undefined]) assert.throws(() => read({ [name]: value }), { message: new RegExp(name) });
  });
}

const role = { AWS_REGION: 'ap-northeast-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };

test("access is the role's, at the service's own address unless one is given for it or for all", () => {
  const credentials = { accessKeyId: 'id', secretAccessKey: 'key' };
  assert.deepEqual(readAccess('SQS', role), { region: 'ap-northeast-1', credentials, endpoint: null });
  const temporary = readAccess('SQS', { ...role, AWS_SESSION_TOKEN: 'token' });
  assert.deepEqual(temporary.credentials, { ...credentials, sessionToken: 'token' });
  const all = { ...role, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_SQS: '' };
  assert.equal(readAccess('SQS', all).endpoint, 'http://127.0.0.1:1');
  assert.equal(
    readAccess('SQS', { ...all, AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:2' }).endpoint,
    'http://127.0.0.1:2',
  );
  for (const name of Object.keys(role))
    assert.throws(() => readAccess('SQS', { ...role, [name]: '' }), new RegExp(name));
});
