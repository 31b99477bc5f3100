import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catcher, cvsFields, cvsOrder, form, send, simulate } from './support.ts';

test('an order gets every line of the manual, empty where there is no value', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-11-30T15:00:00Z');
  const { text } = await cvsOrder(simulator);
  assert.match(
    text,
    /^rel=Success_order\norder_no=11\.\d+\.\d+\.\d+-000-000-001\npay_no1=\d{8}\npay_no2=\d{9}\npay_limit=20261215\npay_url=\nerror_code=\n$/,
  );
  const { service, status, money, sendpoint } = simulator.orders()[0] ?? {};
  assert.deepEqual([service, status, money, sendpoint], ['cvs', 'unpaid', 1500, 'order-3']);
  assert.deepEqual(simulator.ledger(), []);
});

const stores: [code: string, second: boolean, url: boolean][] = [
  ['D001', false, true],
  ['D002', true, false],
  ['D030', true, false],
  ['D015', false, false],
  ['D050', true, false],
  ['D060', false, false],
];

for (const [pay_cvs, second, url] of stores) {
  test(`${pay_cvs}: ${second ? 'two payment numbers' : 'one payment number'}, ${url ? 'a' : 'no'} result page`, async t => {
    const simulator = await simulate(t);
    const { values } = await cvsOrder(simulator, { pay_cvs });
    assert.match(values.pay_no1 ?? '', /^\d{1,20}$/);
    assert.equal(values.pay_no2 !== '', second);
    assert.equal(values.pay_url !== '', url);
  });
}

test('the result page behind pay_url shows the number', async t => {
  const simulator = await simulate(t);
  const { values } = await cvsOrder(simulator, { pay_cvs: 'D001' });
  assert.ok((values.pay_url ?? '').length <= 120);
  assert.ok((values.pay_url ?? '').split('=').length > 2);
  const page = await send(values.pay_url ?? '', { method: 'GET' });
  assert.equal(page.status, 200);
  assert.ok(page.text.includes(values.pay_no1 ?? '?'));
  assert.equal((await send(`${simulator.url}/cvs/result?order=1`, { method: 'GET' })).status, 404);
});

test('payment numbers are not unique, order numbers are', async t => {
  const simulator = await simulate(t, { seed: 7 });
  const orders = [];
  for (let i = 0; i < 10; i += 1) orders.push((await cvsOrder(simulator)).values);
  assert.equal(new Set(orders.map(order => order.pay_no1)).size, 8);
  assert.equal(new Set(orders.map(order => order.order_no)).size, 10);
});

const refusals: [parameter: string, what: string, value: string][] = [
  ['clientip', 'missing', ''],
  ['clientip', '5 digits', '20190'],
  ['act', 'missing', ''],
  ['act', 'another word', 'order'],
  ['money', 'missing', ''],
  ['money', 'too little', '199'],
  ['money', 'too much', '300000'],
  ['money', 'no digits', '1,500'],
  ['username', 'missing', ''],
  ['username', 'spaces only', '　 '],
  ['username', 'kanji', '山田'],
  ['username', 'hiragana', 'やまだ'],
  ['username', 'half-width katakana', 'ﾔﾏﾀﾞ'],
  ['username', 'letters', 'ZEUS'],
  ['username', '42 bytes', 'ア'.repeat(21)],
  ['telno', 'missing', ''],
  ['telno', 'no 0 in front', '312345678'],
  ['telno', '8 digits', '03123456'],
  ['telno', '12 digits', '031234567890'],
  ['email', 'missing', ''],
  ['email', 'a space', 'a b@example.com'],
  ['email', '51 bytes', `${'a'.repeat(39)}@example.com`],
  ['pay_cvs', 'missing', ''],
  ['pay_cvs', '5 characters', 'D0011'],
  ['sendid', '26 bytes', 'A'.repeat(26)],
  ['sendpoint', '51 bytes', 'A'.repeat(51)],
  ['sendpoint', 'a space', 'A B'],
  ['testid', '9 digits', '123456789'],
  ['test_type', 'not offered', '3'],
];

for (const [parameter, what, value] of refusals) {
  test(`${parameter} ${what}: one bare line that names it`, async t => {
    const simulator = await simulate(t);
    const { text } = await cvsOrder(simulator, { [parameter]: value });
    assert.equal(text, `${parameter} is not valid\n`);
    assert.deepEqual(simulator.orders(), []);
  });
}

test('a name in UTF-8 is refused', async t => {
  const simulator = await simulate(t);
  const body = form(cvsFields()).replace(/username=[^&]*/, `username=${encodeURIComponent('ゼウス')}`);
  const answer = await send(`${simulator.url}/cgi-bin/cvs.cgi`, { body });
  assert.equal(answer.text, 'username is not valid\n');
});

test('limits that are still good', async t => {
  const simulator = await simulate(t);
  const good = { money: '200', username: 'ア'.repeat(20), telno: '012345678', email: `${'a'.repeat(38)}@example.com` };
  assert.equal((await cvsOrder(simulator, good)).values.rel, 'Success_order');
  const most = {
    money: '299999',
    username: 'ヴ ー　ヶ',
    telno: '01234567890',
    sendid: '\\'.repeat(25),
    sendpoint: '-'.repeat(50),
  };
  assert.equal((await cvsOrder(simulator, most)).values.rel, 'Success_order');
});

test('error codes: an unknown IP code, a store that is not taken, maintenance, and any that is armed', async t => {
  const simulator = await simulate(t);
  const failure = async (changes: Record<string, string> = {}) => {
    const { values } = await cvsOrder(simulator, changes);
    const { rel, pay_no1, error_code } = values;
    return [rel, pay_no1, error_code];
  };
  assert.deepEqual(await failure({ clientip: '2019999999' }), ['failure_order', '', '800001']);
  assert.deepEqual(await failure({ pay_cvs: 'D999' }), ['failure_order', '', '800002']);
  assert.deepEqual(await failure({ email: 'maintenance@fault.invalid' }), ['failure_order', '', '0013']);
  assert.deepEqual(await failure({ email: 'refusal@fault.invalid' }), ['failure_order', '', '900000']);
  for (const code of ['800000', '800001', '800002', '900000', '0011', '0008', '0013']) {
    assert.deepEqual(await failure({ email: `refusal.${code}@fault.invalid` }), ['failure_order', '', code]);
  }
  assert.ok(simulator.orders().every(order => order.status === 'error'));
});

test('spaces, line ends, order of lines and the line for a bad parameter can be changed', async t => {
  const settings = { cvsEquals: ' = ', lineEnd: '\r\n', cvsParameterLine: 'Invalid {name}' } as const;
  const simulator = await simulate(t, { settings, seed: 3 });
  assert.match((await cvsOrder(simulator)).text, /^rel = Success_order\r\norder_no = /);
  assert.equal((await cvsOrder(simulator, { money: '' })).text, 'Invalid money\r\n');
  simulator.settings({ cvsShuffle: true, cvsEquals: '= ' });
  const first = new Set<string>();
  for (let i = 0; i < 10; i += 1) first.add((await cvsOrder(simulator)).text.split('=')[0] ?? '');
  assert.ok(first.size > 2);
});

const types: [type: string, statuses: string[], final: string][] = [
  ['0', ['01'], 'unpaid'],
  ['1', ['01', '04', '05'], 'confirmed'],
  ['2', ['01', '04', '06'], 'reversed'],
];

for (const [test_type, statuses, final] of types) {
  test(`test type ${test_type} is called ${statuses.join(', ')}`, async t => {
    const shop = await catcher(t);
    const simulator = await simulate(t, { callbacks: { cvs: shop.url } });
    const { values } = await cvsOrder(simulator, { testid: '12345678', test_type });
    await simulator.idle();
    assert.match(values.order_no ?? '', /-TEST-/);
    assert.deepEqual(
      simulator.callbacks().map(callback => callback.status),
      statuses,
    );
    assert.equal(simulator.orders()[0]?.status, final);
    assert.ok(simulator.ledger().every(entry => entry.test));
  });
}

test('a wrong test ID, or no type, makes an ordinary order', async t => {
  const simulator = await simulate(t);
  await cvsOrder(simulator, { testid: '87654321', test_type: '1' });
  await cvsOrder(simulator, { testid: '12345678' });
  await simulator.idle();
  assert.deepEqual(
    simulator.orders().map(order => [order.test, order.status]),
    [
      [false, 'unpaid'],
      [false, 'unpaid'],
    ],
  );
});
