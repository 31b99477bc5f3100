import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardIdCharge, charge, quickXml, simulate, tokenOf } from './support.ts';

const WITH_PHONE = '8888888888888888';

test('a stored card is charged by its card ID, whatever the phone', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1', money: '0' });
  const { text } = await cardIdCharge(simulator, { telno: '0999999999' });
  assert.match(text, /^Success_order\n11\.[^\n]+\n$/);
  const { kind, amount, sendid, sendpoint } = simulator.ledger()[1] ?? {};
  assert.deepEqual([kind, amount, sendid, sendpoint], ['charge', 500, 'CARD1', 'order-2']);
});

test('with the phone in the search, both must match', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1', money: '0' });
  const other = await cardIdCharge(simulator, { cardnumber: WITH_PHONE, telno: '0999999999' });
  assert.equal(other.text, 'failure_order');
  assert.match((await cardIdCharge(simulator, { cardnumber: WITH_PHONE })).text, /^Success_order/);
});

test('several found: the newest, by card ID alone and by pair', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1', telno: '0300000001' }, '4111111111111111');
  await charge(simulator, { sendid: 'CARD1', telno: '0300000002' }, '5555555555554444');
  const lastFour = async (changes: Record<string, string>) => {
    await cardIdCharge(simulator, changes);
    const order = simulator.orders().at(-1);
    return order?.service === 'card' ? order.last4 : null;
  };
  assert.equal(await lastFour({ telno: '0300000001' }), '4444');
  assert.equal(await lastFour({ cardnumber: WITH_PHONE, telno: '0300000001' }), '1111');
  await charge(simulator, { sendid: 'CARD1', telno: '0300000001' }, '3530111333300000');
  assert.equal(await lastFour({}), '0000');
  assert.equal(simulator.cards().length, 2);
});

test('no card found: failure without an order, a callback or a ledger entry', async t => {
  const simulator = await simulate(t);
  assert.equal((await cardIdCharge(simulator)).text, 'failure_order');
  assert.deepEqual([simulator.orders(), simulator.ledger(), simulator.callbacks()], [[], [], []]);
});

test('a card that fails once stored: failure without order number, the order is kept', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' }, '4000000000000341');
  assert.equal((await cardIdCharge(simulator)).text, 'failure_order');
  assert.deepEqual(
    simulator.orders().map(order => order.status),
    ['charged', 'failed'],
  );
  assert.equal(simulator.ledger().length, 1);
});

test('the security code is needed only where that is agreed', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' });
  const token_key = await tokenOf(simulator, quickXml('123'));
  assert.match((await cardIdCharge(simulator, { token_key })).text, /^Success_order/);
  assert.equal((await cardIdCharge(simulator, { token_key })).text, 'Invalid token_key\n');
  const without = await tokenOf(simulator, quickXml(''));
  simulator.settings({ cvvRequired: true });
  assert.equal((await cardIdCharge(simulator)).text, 'Invalid token_key\n');
  assert.equal((await cardIdCharge(simulator, { token_key: without })).text, 'Invalid token_key\n');
  assert.match(
    (await cardIdCharge(simulator, { token_key: await tokenOf(simulator, quickXml('123')) })).text,
    /^Success_order/,
  );
});

test('a new-card token is none for a stored card', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' });
  assert.equal((await cardIdCharge(simulator, { token_key: await tokenOf(simulator) })).text, 'Invalid token_key\n');
});

test("instalments follow the stored card's brand", async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' }, '30569309025904');
  assert.equal((await cardIdCharge(simulator, { div: '03' })).text, 'Invalid div\n');
  assert.match((await cardIdCharge(simulator, { div: '99' })).text, /^Success_order/);
});

const refusals: [parameter: string, what: string, value: string][] = [
  ['clientip', 'of another service', '2019000002'],
  ['clientip', 'missing', ''],
  ['cardnumber', 'a card number', '4111111111111111'],
  ['cardnumber', 'one digit short', '888888888888888'],
  ['expyy', 'missing', ''],
  ['expyy', 'a real year', '26'],
  ['expmm', 'missing', ''],
  ['expmm', 'a real month', '12'],
  ['money', 'missing', ''],
  ['money', '8 digits', '10000000'],
  ['send', 'another word', 'shop'],
  ['telno', 'missing', ''],
  ['telno', '33 digits', '0'.repeat(33)],
  ['email', 'missing', ''],
  ['email', '51 bytes', `${'a'.repeat(39)}@example.com`],
  ['sendid', 'missing', ''],
  ['sendid', '26 bytes', 'A'.repeat(26)],
  ['sendpoint', '51 bytes', 'A'.repeat(51)],
  ['pubsec', 'another word', '1'],
  ['printord', 'another word', '1'],
  ['div', 'a number not offered', '07'],
];

for (const [parameter, what, value] of refusals) {
  test(`Invalid ${parameter}: ${what}`, async t => {
    const simulator = await simulate(t);
    await charge(simulator, { sendid: 'CARD1' });
    assert.equal((await cardIdCharge(simulator, { [parameter]: value })).text, `Invalid ${parameter}\n`);
    assert.equal(simulator.ledger().length, 1);
    assert.doesNotMatch(JSON.stringify(simulator.requests()), /4111111111111111/);
  });
}
