/** Callbacks of a payer who knows how the gateway writes them (contract 1.5 and 2): nothing of it makes money. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callBack, callbackEvent, type Response } from '../support/callbacks.ts';
import { invoke, startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, call, lines } = local;
const { items } = readersOf(clientOf(engine.endpoint));
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: { card: null, carrier: null, cvs: null } });
});

const successok = [200, 'successok'];
const said = ({ statusCode, body }: Response) => [statusCode, body];
const read = async (orderId: string) => (await call('GET', `/orders/${orderId}`)).body;
const reasonsOf = (order: { attention: { reason: string }[] }) => order.attention.map(({ reason }) => reason);

let count = 0;
async function carrierOrder(more: object = {}) {
  count += 1;
  const payer = { name: 'ゼウス', phone: '0312345678', email: 'taro@example.com' };
  const body = { carrier: 'docomo', amount: 50_000, ...payer, ...more };
  const answer = await call('POST', '/carrier/orders', { key: `attack-${count}`, body });
  return { status: answer.status, body: answer.body, number: `2026-1121-.030405-${String(count).padStart(3, '0')}` };
}

const parametersOf = (orderId: string, number: string, status: string, name = '%83%5B%83E%83X') =>
  `clientip=2019000002&status=${status}&order_no=${number}&money=50000&username=${name}&sendpoint=${orderId}`;

const testNames = {
  'after a name': '%83%5B%83E%83X_12345678',
  escaped: '%83%5B%83E%83X%5F12345678',
  'with a space after it': '%83%5B%83E%83X_12345678+',
  'with a full-width space after it': '%83%5B%83E%83X_12345678%81%40',
  'after half a character': '%83_12345678',
  alone: '_12345678',
};
for (const [what, name] of Object.entries(testNames)) {
  test(`a test ID that the payer wrote into the carrier's form pays nothing: ${what}`, async () => {
    const { body, number } = await carrierOrder();
    for (const status of ['03', '07']) {
      const raw = parametersOf(body.orderId, number, status, name);
      assert.deepEqual(said(await callBack(raw, { service: 'carrier' })), successok);
    }
    const order = await read(body.orderId);
    assert.deepEqual([order.status, order.paid, order.test], ['declined', null, false]);
    assert.deepEqual([order.failure.reason, reasonsOf(order)], ['test_payment', ['test_payment']]);
    assert.doesNotMatch(JSON.stringify(await items()), /12345678/);
    const settled = await call('POST', `/carrier/orders/${body.orderId}/settlement`, {
      key: `settle-${count}`,
      body: {},
    });
    assert.equal(settled.status, 409);
  });
}

test('names that only look like it are none, and the payment counts', async () => {
  for (const name of ['%83%5B_1234567', '%83%5B_123456789x', '%83%5B12345678', '', '_12345678%83%5B']) {
    const { body, number } = await carrierOrder();
    await callBack(parametersOf(body.orderId, number, '07', name), { service: 'carrier' });
    assert.equal((await read(body.orderId)).status, 'paid', name);
  }
});

test('orders that ask for a test are refused, beside whatever else is wrong with them', async () => {
  const refused = await carrierOrder({ test: { id: '12345678' }, amount: 0 });
  assert.equal(refused.status, 400);
  assert.deepEqual(
    refused.body.errors.map(({ field, code }: { field: string; code: string }) => [field, code]).toSorted(),
    [
      ['amount', 'invalid'],
      ['test', 'not_allowed'],
    ],
  );
  const cvs = {
    store: 'lawson',
    amount: 1000,
    name: 'ゼウス',
    phone: '0312345678',
    email: 'a@b',
    test: { id: '1', type: 'paid' },
  };
  const answer = await call('POST', '/cvs/orders', { key: 'cvs-test', body: cvs });
  assert.deepEqual([answer.status, answer.body.errors[0].field], [400, 'test']);
});

test('an e-mail that is echoed unescaped cannot name a status: nothing of the callback counts', async () => {
  const { body, number } = await carrierOrder();
  const before = (await items()).length;
  const forged = `${parametersOf(body.orderId, number, '02')}&email=a&status=07&b=@x.jp`;
  for (let i = 0; i < 3; i += 1) assert.deepEqual(said(await callBack(forged, { service: 'carrier' })), successok);
  assert.deepEqual([(await read(body.orderId)).status, (await items()).length], ['awaiting_customer', before + 1]);

  const listed = await call('GET', '/orders?attention=true');
  const conflict = listed.body.orders.find((each: { operation: string }) => each.operation === 'external');
  assert.deepEqual([conflict.status, conflict.amount, reasonsOf(conflict)], ['unknown', 0, ['conflicting_parameters']]);
  assert.deepEqual([conflict.gateway.orderNumber, conflict.version], [null, 1]);
  assert.deepEqual(conflict.history.length, 1);
  assert.match(conflict.history[0].note, new RegExp(`status; sendpoint: ${body.orderId}$`));

  // Neither the number in it nor its own ID is a way to it.
  await callBack(parametersOf(conflict.orderId, `${number}-x`, '07'), { service: 'carrier' });
  assert.deepEqual(await read(conflict.orderId), conflict);
  await callBack(parametersOf(body.orderId, number, '03'), { service: 'carrier' });
  assert.equal((await read(body.orderId)).status, 'authorized');
  const acknowledged = await call('POST', `/orders/${conflict.orderId}/resolution`, {
    key: 'seen',
    body: { outcome: 'acknowledged', note: 'seen' },
  });
  assert.deepEqual([acknowledged.status, acknowledged.body.attention], [200, []]);
});

test('every parameter that is read may be named twice with one value, and with two nothing counts', async () => {
  const names = ['clientip', 'status', 'order_no', 'money', 'username', 'sendpoint', 'error_code', 'carrier_type'];
  for (const name of names) {
    const { body, number } = await carrierOrder();
    const raw = `${parametersOf(body.orderId, number, '07')}&error_code=-&carrier_type=D`;
    const value = new RegExp(`${name}=([^&]*)`).exec(raw)?.[1] ?? '';
    await callBack(`${raw}&${name}=${value}x`, { service: 'carrier' });
    assert.equal((await read(body.orderId)).status, 'awaiting_customer', name);
    await callBack(`${raw}&${name}=${value}&telno=1&telno=2`, { service: 'carrier' });
    assert.equal((await read(body.orderId)).status, 'paid', name);
  }
});

test('no request takes a value that could be echoed so', async () => {
  for (const sign of ['&', '\r', '\n', '\r\n']) {
    const email = `a${sign}status=05${sign}b=@x.jp`;
    for (const field of [
      { email },
      { name: `ゼウス${sign}` },
      { success: { url: 'https://shop.example/', text: `x${sign}y` } },
    ])
      assert.equal((await carrierOrder(field)).status, 400, JSON.stringify(field));
    const card = { tokenKey: 'T', amount: 1000, phone: '0312345678', email, cardId: `C${sign}1` };
    const { status, body } = await call('POST', '/card/charges', { key: `echo-${count}`, body: card });
    assert.deepEqual([status, body.errors.map(({ field }: { field: string }) => field)], [400, ['email', 'cardId']]);
  }
});

test('a body over 16 KB is turned away unread, with a line that the alarm counts', async () => {
  const { body, number } = await carrierOrder();
  const raw = parametersOf(body.orderId, number, '07');
  const fill = (bytes: number) => `${raw}&x=${'a'.repeat(bytes - raw.length - 3)}`;
  for (const asText of [false, true]) {
    const before = lines.length;
    const options = { service: 'carrier', method: 'POST', asText };
    for (const long of [fill(16_385), fill(100_000), '&'.repeat(6_000_000)])
      assert.deepEqual(said(await callBack(long, options)), [400, 'ERR400']);
    assert.deepEqual(
      lines.slice(before),
      Array(3).fill({ event: 'callback_unreadable', service: 'carrier', reason: 'too_long' }),
    );
  }
  assert.equal((await read(body.orderId)).status, 'awaiting_customer');
  assert.deepEqual(said(await callBack(fill(16_384), { service: 'carrier', method: 'POST' })), successok);
  assert.equal((await read(body.orderId)).status, 'paid');
});

test('a body of white space over 16 KB does not lead to the query either', async () => {
  const { body, number } = await carrierOrder();
  const event = { ...callbackEvent(' '.repeat(16_385), { service: 'carrier', method: 'POST' }) };
  const answer = await invoke('callback', { ...event, rawQueryString: parametersOf(body.orderId, number, '07') });
  assert.deepEqual(said(answer as Response), [400, 'ERR400']);
});
