import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { type Answer, carrierFields, carrierOrder, catcher, form, post, send, simulate } from './support.ts';

const decode = (answer: Answer) => new TextDecoder('shift_jis').decode(answer.body);

/** Presses a button of a hosted page. */
async function press(simulator: Simulator, path: string, order: string, action: string): Promise<string> {
  const answer = await post(simulator.url + path, { order, do: action });
  assert.equal(answer.headers['content-type'], 'text/html; charset=Shift_JIS');
  return decode(answer);
}

test('the payer goes through confirmation, the carrier, and back to the shop', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  const { page, orderNumber } = await carrierOrder(simulator, {
    success_url: 'https://shop.example/back?a=1&b=2',
    success_str: 'サイトへ戻る (完了)',
  });
  assert.match(page, /お支払い内容の確認.*docomo 1000円 ゼウス 様.*action="\/carrier\/pay"/s);
  assert.ok(orderNumber.length <= 38);
  assert.equal(simulator.orders()[0]?.status, 'accepted');
  assert.match(await press(simulator, '/carrier/pay', orderNumber, 'proceed'), /docomo の認証画面/);
  const result = await press(simulator, '/carrier/done', orderNumber, 'complete');
  assert.match(
    result,
    /お支払い完了.*<a id="site-back" href="https:\/\/shop.example\/back\?a=1&amp;b=2">サイトへ戻る \(完了\)<\/a>/s,
  );
  await simulator.idle();
  assert.deepEqual(
    simulator.ledger().map(entry => [entry.kind, entry.amount, entry.sendpoint]),
    [['authorization', 1000, 'order-4']],
  );
  assert.equal(
    shop.calls[0]?.url,
    `/?clientip=2019000002&money=1000&username=%83%5B%83E%83X&telno=0312345678&email=payer%40example.com&sendid=&sendpoint=order-4&order_no=${orderNumber}&carrier_type=D&status=03&error_code=-`,
  );
});

test('a payment that fails is called 02 with its code, and leads back by the other link', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  const links = { failure_url: 'http://shop.example/f', failure_str: '戻る' };
  const { orderNumber } = await carrierOrder(simulator, links);
  assert.match(
    await press(simulator, '/carrier/done', orderNumber, 'fail'),
    /お支払い失敗.*href="http:\/\/shop.example\/f">戻る/s,
  );
  await simulator.idle();
  assert.match(shop.calls[0]?.url ?? '', /&status=02&error_code=010201301$/);
  assert.deepEqual(simulator.ledger(), []);
});

test('a button pressed again changes nothing', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  const { orderNumber } = await carrierOrder(simulator);
  await press(simulator, '/carrier/done', orderNumber, 'complete');
  assert.match(await press(simulator, '/carrier/done', orderNumber, 'fail'), /お支払い完了/);
  await simulator.idle();
  assert.equal(shop.calls.length, 1);
  assert.equal((await post(`${simulator.url}/carrier/pay`, { order: 'x' })).status, 404);
});

test('the form sent twice makes two orders', async t => {
  const simulator = await simulate(t);
  const [one, two] = [await carrierOrder(simulator), await carrierOrder(simulator)];
  assert.notEqual(one.orderNumber, two.orderNumber);
  assert.equal(simulator.orders().length, 2);
});

test('an immediate sale is settled at once and called 07', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url }, settings: { carrierSale: 'immediate' } });
  const { orderNumber } = await carrierOrder(simulator);
  await press(simulator, '/carrier/done', orderNumber, 'complete');
  await simulator.idle();
  assert.match(shop.calls[0]?.url ?? '', /&status=07&error_code=-$/);
  assert.deepEqual(
    simulator.ledger().map(entry => entry.kind),
    ['settlement'],
  );
});

test('a name with the test ID leads to the test page, with another number to the carrier', async t => {
  const simulator = await simulate(t);
  const tested = await carrierOrder(simulator, { username: 'ゼウステスト_12345678' });
  assert.match(tested.orderNumber, /-TEST-/);
  const page = await press(simulator, '/carrier/pay', tested.orderNumber, 'proceed');
  assert.match(page, /キャリア決済お支払いテスト.*支払完了テスト.*支払失敗テスト/s);
  await press(simulator, '/carrier/done', tested.orderNumber, 'complete');
  assert.equal(simulator.ledger()[0]?.test, true);
  const other = await carrierOrder(simulator, { username: 'ゼウステスト_87654321' });
  assert.match(await press(simulator, '/carrier/pay', other.orderNumber, 'proceed'), /認証画面/);
});

const refusals: [parameter: string, what: string, changes: Record<string, string>][] = [
  ['clientip', 'missing', { clientip: '' }],
  ['clientip', '5 digits', { clientip: '20190' }],
  ['clientip', 'of another service', { clientip: '2019000001' }],
  ['money', 'missing', { money: '' }],
  ['money', 'nothing', { money: '0' }],
  ['money', 'too much for docomo', { money: '50001' }],
  ['money', 'too much for au', { carrier_type: 'A', money: '50001' }],
  ['money', 'too much for SoftBank', { carrier_type: 'S', money: '100001' }],
  ['carrier_type', 'missing', { carrier_type: '' }],
  ['carrier_type', 'lower case', { carrier_type: 'd' }],
  ['username', 'missing', { username: '' }],
  ['username', 'a space', { username: 'ゼ　ウス' }],
  ['username', 'kanji', { username: '山田' }],
  ['username', 'half-width katakana', { username: 'ｾﾞｳｽ' }],
  ['username', '52 bytes', { username: 'ア'.repeat(26) }],
  ['telno', 'missing', { telno: '' }],
  ['telno', 'a hyphen', { telno: '03-1234' }],
  ['telno', '33 digits', { telno: '0'.repeat(33) }],
  ['email', 'a sign of the other column', { email: 'a&b@example.com' }],
  ['email', '51 bytes', { email: `${'a'.repeat(39)}@example.com` }],
  ['sendid', '26 bytes', { sendid: 'A'.repeat(26) }],
  ['sendid', 'a sign of the other column', { sendid: 'a^b' }],
  ['sendpoint', '51 bytes', { sendpoint: 'A'.repeat(51) }],
  ['sendpoint', 'a sign of the other column', { sendpoint: 'a=b' }],
  ['success_str', 'URL without text', { success_url: 'http://a.example/' }],
  ['success_url', 'text without URL', { success_str: '戻る' }],
  ['failure_str', 'URL without text', { failure_url: 'http://a.example/' }],
  ['failure_url', 'text without URL', { failure_str: '戻る' }],
  ['success_url', 'no web address', { success_url: 'javascript:alert(1)', success_str: '戻る' }],
  ['success_url', '257 bytes', { success_url: `http://a.example/${'a'.repeat(240)}`, success_str: '戻る' }],
  ['success_str', '258 bytes', { success_url: 'http://a.example/', success_str: '戻'.repeat(129) }],
  ['failure_str', 'a sign', { failure_url: 'http://a.example/', failure_str: '<b>' }],
];

for (const [parameter, what, changes] of refusals) {
  test(`${parameter} refused: ${what}`, async t => {
    const simulator = await simulate(t);
    const { page, orderNumber } = await carrierOrder(simulator, changes);
    assert.match(page, new RegExp(`お支払い失敗.*Invalid ${parameter}<`, 's'));
    assert.equal(orderNumber, '');
    assert.deepEqual(simulator.orders(), []);
  });
}

test('limits that are still good', async t => {
  const simulator = await simulate(t);
  const good: Record<string, string>[] = [
    { money: '1' },
    { money: '50000', carrier_type: 'A' },
    { money: '100000', carrier_type: 'S' },
    { username: 'ア'.repeat(25), telno: '1', email: '' },
    { username: 'ヴェーヶ', email: `!#$%~|-.\`{}*?_^=+/${'a'.repeat(19)}@example.com`.slice(-50) },
    { sendid: '\\!#$%()~|- @[]:./`{}*?_', sendpoint: 'A'.repeat(50) },
    { success_url: `http://a.example/${'a'.repeat(239)}`, success_str: '戻る　Ａ1 あ漢'.padEnd(100, '戻') },
  ];
  for (const changes of good) {
    assert.notEqual((await carrierOrder(simulator, changes)).orderNumber, '', JSON.stringify(changes));
  }
});

test('a form in UTF-8 is refused', async t => {
  const simulator = await simulate(t);
  const body = form(carrierFields()).replace(/username=[^&]*/, `username=${encodeURIComponent('ゼウス')}`);
  const answer = await send(`${simulator.url}/cgi-bin/carrier/order.cgi`, { body });
  assert.match(decode(answer), /Invalid username/);
});

test('a browser of another origin may post the form', async t => {
  const simulator = await simulate(t);
  const headers = { origin: 'http://shop.example', 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await send(`${simulator.url}/cgi-bin/carrier/order.cgi`, { headers, body: form(carrierFields()) });
  assert.equal(answer.status, 200);
  assert.equal(simulator.orders().length, 1);
});

test('faults asked for by e-mail: maintenance, refusal, and what becomes of the callbacks', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  assert.match((await carrierOrder(simulator, { email: 'maintenance@fault.invalid' })).page, /メンテナンス中/);
  assert.equal(simulator.orders().length, 0);
  await carrierOrder(simulator, { email: 'refusal.010100085@fault.invalid' });
  await simulator.idle();
  assert.match(shop.calls[0]?.url ?? '', /&status=02&error_code=010100085$/);
  const { orderNumber } = await carrierOrder(simulator, { email: 'callback-twice@fault.invalid' });
  simulator.carrier({ orderNumber, action: 'complete' });
  await simulator.idle();
  assert.equal(shop.calls.length, 3);
});

test('a payer may complete after a failure, and the carrier can be made to fail', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  const act = async (orderNumber: string, ...actions: string[]) => {
    for (const action of actions) {
      simulator.carrier({ orderNumber, action });
      await simulator.idle();
    }
  };
  await act((await carrierOrder(simulator)).orderNumber, 'fail', 'complete', 'fail-settlement');
  simulator.settings({ carrierSale: 'immediate' });
  const paid = (await carrierOrder(simulator)).orderNumber;
  await act(paid, 'complete', 'fail-return');
  assert.deepEqual(
    simulator.callbacks().map(callback => callback.status),
    ['02', '03', '06', '07', '09'],
  );
  assert.throws(() => simulator.carrier({ orderNumber: paid, action: 'complete' }), /allows no complete/);
  assert.throws(() => simulator.carrier({ orderNumber: paid, action: 'nonsense' }), /allows no nonsense/);
  assert.throws(() => simulator.carrier({ orderNumber: 'x', action: 'complete' }), /unknown order/);
});
