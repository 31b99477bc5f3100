import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBusName, readSecretId, readSettings } from '../../shared/lambda/settings.ts';

const least = { TABLE_NAME: 'orders', DEPLOYMENT_ID: 'shop' };

test('without further variables the gateway is the real one, and no source may call', () => {
  assert.deepEqual(readSettings(least), {
    tableName: 'orders',
    deploymentId: 'shop',
    gatewayBaseUrl: 'https://linkpt.cardservice.co.jp',
    callbackSources: [],
    testPayments: 'refuse',
    strictCallbacks: false,
    orderRetentionDays: null,
    threeDSecure: 'optional',
    threeDSecureOutside: 'refuse',
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
  [
    'CARD_KEY_SECRET_ID',
    (environment: Record<string, string | undefined>) => readSecretId('CARD_KEY_SECRET_ID', environment),
  ],
] as const) {
  test(`${name} is a variable of its own, and nothing else is asked for with it`, () => {
    assert.equal(read({ [name]: 'orders' }), 'orders');
    for (const value of ['', undefined]) assert.throws(() => read({ [name]: value }), { message: new RegExp(name) });
  });
}
