import assert from 'node:assert/strict';
import { test } from 'node:test';
import { charge, chargeFields, FAILING, newCardXml, post, quickXml, send, simulate, tokenOf } from './support.ts';

const ORDER_NUMBER = /^11\.\d+\.\d+\.\d+-\d{3}-\d{3}-\d{3}$/;

test('a success answers the word, and the order number where it is asked for', async t => {
  const simulator = await simulate(t);
  const [word, number, rest] = (await charge(simulator)).text.split('\n');
  assert.equal(word, 'Success_order');
  assert.match(number ?? '', ORDER_NUMBER);
  assert.equal(rest, '');
  assert.equal((await charge(simulator, { printord: '' })).text, 'Success_order');
});

test('the ledger holds one charge', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-12-01T00:00:00Z');
  const number = (await charge(simulator)).text.split('\n')[1];
  const [entry, ...others] = simulator.ledger();
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...entry, at: entry?.at.slice(0, 16) },
    {
      seq: 1,
      at: '2026-12-01T00:00',
      kind: 'charge',
      service: 'card',
      orderNumber: number,
      sendpoint: 'order-1',
      sendid: '',
      amount: 8000,
      test: false,
      afterCancel: false,
      authentication: null,
    },
  );
});

test('order numbers differ, within a run and between runs', async t => {
  const first = await simulate(t);
  const second = await simulate(t);
  const numbers = new Set<string>();
  for (const simulator of [first, first, second, second]) numbers.add((await charge(simulator)).text);
  assert.equal(numbers.size, 4);
});

test('the failing card gets a token and fails at the charge, with an order number and nothing in the ledger', async t => {
  const simulator = await simulate(t);
  const { text } = await charge(simulator, { sendid: 'CARD1' }, FAILING);
  assert.match(text, /^failure_order\n11\./);
  assert.deepEqual(simulator.ledger(), []);
  assert.deepEqual(simulator.cards(), []);
  assert.equal(simulator.orders()[0]?.status, 'failed');
  assert.equal((await charge(simulator, { printord: '' }, FAILING)).text, 'failure_order');
});

test('amount 0 registers the card and charges nothing', async t => {
  const simulator = await simulate(t);
  assert.match((await charge(simulator, { money: '0', sendid: 'CARD1' })).text, /^Success_order/);
  const { kind, amount, sendid } = simulator.ledger()[0] ?? {};
  assert.deepEqual([kind, amount, sendid], ['registration', 0, 'CARD1']);
  assert.deepEqual(
    simulator.cards().map(card => [card.sendid, card.telno, card.last4, card.brand]),
    [['CARD1', '0312345678', '1111', 'V']],
  );
});

test('a token works once', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator);
  const url = `${simulator.url}/cgi-bin/secure.cgi`;
  assert.match((await post(url, chargeFields(token))).text, /^Success_order/);
  assert.equal((await post(url, chargeFields(token))).text, 'Invalid token_key\n');
  assert.equal(simulator.ledger().length, 1);
});

test('a token lives an hour', async t => {
  const simulator = await simulate(t);
  const url = `${simulator.url}/cgi-bin/secure.cgi`;
  simulator.setClock('2026-12-01T00:00:00Z');
  const [young, old] = [await tokenOf(simulator), await tokenOf(simulator)];
  simulator.setClock('2026-12-01T00:59:50Z');
  assert.match((await post(url, chargeFields(young))).text, /^Success_order/);
  simulator.setClock('2026-12-01T01:00:10Z');
  assert.equal((await post(url, chargeFields(old))).text, 'Invalid token_key\n');
});

test('a refused parameter leaves the token as it was', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator);
  const url = `${simulator.url}/cgi-bin/secure.cgi`;
  assert.equal((await post(url, chargeFields(token, { money: '8,000' }))).text, 'Invalid money\n');
  assert.match((await post(url, chargeFields(token))).text, /^Success_order/);
});

const refusals: [parameter: string, what: string, value: string][] = [
  ['clientip', 'missing', ''],
  ['clientip', '9 digits', '201900000'],
  ['clientip', 'of another service', '2019000003'],
  ['token_key', 'missing', ''],
  ['token_key', 'unknown', 'A'.repeat(86)],
  ['token_key', '87 bytes', 'A'.repeat(87)],
  ['money', 'missing', ''],
  ['money', '8 digits', '10000000'],
  ['money', 'no digits', '-1'],
  ['send', 'missing', ''],
  ['send', 'another word', 'shop'],
  ['telno', 'missing', ''],
  ['telno', 'a hyphen', '03-1234-5678'],
  ['telno', '33 digits', '0'.repeat(33)],
  ['email', 'missing', ''],
  ['email', '51 bytes', `${'a'.repeat(39)}@example.com`],
  ['email', 'a sign outside the list', 'a(b)@example.com'],
  ['sendid', '26 bytes', 'A'.repeat(26)],
  ['sendid', 'a sign outside the list', 'A+B'],
  ['sendid', 'a letter of another charset', 'カード'],
  ['sendpoint', '51 bytes', 'A'.repeat(51)],
  ['sendpoint', 'a sign outside the list', 'A^B'],
  ['pubsec', 'another word', 'no'],
  ['printord', 'another word', 'no'],
  ['div', 'a number not offered', '02'],
  ['div', 'one digit', '3'],
  ['div', 'three digits', '003'],
];

for (const [parameter, what, value] of refusals) {
  test(`Invalid ${parameter}: ${what}`, async t => {
    const simulator = await simulate(t);
    assert.equal((await charge(simulator, { [parameter]: value })).text, `Invalid ${parameter}\n`);
    assert.deepEqual(simulator.ledger(), []);
    assert.deepEqual(simulator.orders(), []);
    assert.ok(simulator.requests().at(-1)?.violations.includes(`parameter ${parameter} refused`));
  });
}

test('every row takes its longest value and every sign of its list', async t => {
  const simulator = await simulate(t);
  const signs = '\\!#$%()~|- @[:]./`{*}?_';
  const full = {
    money: '9999999',
    telno: '0'.repeat(32),
    email: `!#$%&*+-/=?^_\`{|}~.${'a'.repeat(19)}@example.com`,
    sendid: signs.padEnd(25, 'A'),
    sendpoint: signs.padEnd(50, 'A'),
    pubsec: 'yes',
    printord: 'yes',
    div: '24',
  };
  assert.match((await charge(simulator, full)).text, /^Success_order/);
});

const installments: [number: string, div: string, good: boolean][] = [
  ...['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99'].map((div): [string, string, boolean] => [
    '4111111111111111',
    div,
    true,
  ]),
  ['378282246310005', '24', true],
  ['30569309025904', '01', true],
  ['30569309025904', '99', true],
  ['30569309025904', '03', false],
  ['9000000000000001', '99', false],
];

for (const [number, div, good] of installments) {
  test(`card ending ${number.slice(-4)} with div ${div} is ${good ? 'charged' : 'refused'}`, async t => {
    const simulator = await simulate(t);
    const { text } = await charge(simulator, { div }, number);
    assert.equal(text.split('\n')[0], good ? 'Success_order' : 'Invalid div');
  });
}

test('instalments need an agreement', async t => {
  const simulator = await simulate(t, { settings: { installments: false } });
  assert.equal((await charge(simulator, { div: '03' })).text, 'Invalid div\n');
  assert.match((await charge(simulator, { div: '01' })).text, /^Success_order/);
});

test('GET is accepted, and noted', async t => {
  const simulator = await simulate(t);
  const query = new URLSearchParams(chargeFields(await tokenOf(simulator))).toString();
  const { text } = await send(`${simulator.url}/cgi-bin/secure.cgi?${query}`, { method: 'GET' });
  assert.match(text, /^Success_order/);
  assert.match(simulator.requests().at(-1)?.violations.join() ?? '', /GET/);
});

test('a quick token is none for a first charge', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator, quickXml());
  assert.equal((await post(`${simulator.url}/cgi-bin/secure.cgi`, chargeFields(token))).text, 'Invalid token_key\n');
});

test('requests record bytes, parameters, connection and what the manual does not provide for', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator, newCardXml());
  const url = `${simulator.url}/cgi-bin/secure.cgi`;
  await post(url, { extra: '1', ...chargeFields(token), clientip: '2019000001' });
  const { money, ...rest } = chargeFields(await tokenOf(simulator));
  const body = await post(url, { ...rest, money: money ?? '' });
  assert.match(body.text, /^Success_order/);
  const [, first, , second] = simulator.requests();
  assert.deepEqual(first?.violations, ['unknown parameter extra']);
  assert.deepEqual(second?.violations, ["parameters not in the manual's order"]);
  assert.deepEqual(first?.parameters.slice(0, 4), [
    { name: 'extra', value: '1' },
    { name: 'clientip', value: '2019000001' },
    { name: 'token_key', value: '***' },
    { name: 'money', value: '8000' },
  ]);
  assert.match(Buffer.from(second?.raw ?? '', 'base64').toString(), /^clientip=2019000001&token_key=/);
  assert.equal(new Set(simulator.requests().map(request => request.connection)).size, 4);
  assert.equal(second?.answer?.body, body.text);
  assert.equal(second?.sendpoint, 'order-1');
});

test('line ends and the spelling of Invalid can be changed', async t => {
  const simulator = await simulate(t, { settings: { lineEnd: '\r\n', invalidWord: 'invalid' } });
  assert.match((await charge(simulator)).text, /^Success_order\r\n11\.[^\r]+\r\n$/);
  assert.equal((await charge(simulator, { money: '' })).text, 'invalid money\r\n');
});
