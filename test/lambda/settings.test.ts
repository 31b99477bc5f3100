import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBusName, readSettings } from '../../shared/lambda/settings.ts';

const least = { TABLE_NAME: 'orders', SECRET_ID: 'secret', DEPLOYMENT_ID: 'shop' };

test('without further variables the gateway is the real one, and no source may call', () => {
  assert.deepEqual(readSettings(least), {
    tableName: 'orders',
    secretId: 'secret',
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

test('the bus is named by a variable of its own, and nothing else is asked for', () => {
  assert.equal(readBusName({ EVENT_BUS_NAME: 'orders' }), 'orders');
  for (const EVENT_BUS_NAME of ['', undefined]) assert.throws(() => readBusName({ EVENT_BUS_NAME }), /EVENT_BUS_NAME/);
});
