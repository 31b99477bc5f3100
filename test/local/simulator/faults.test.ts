import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import type { FaultName } from '../../../local/simulator/state.ts';
import { authorized, carrierCall, catcher, charge, chargeFields, post, simulate, tokenOf } from './support.ts';

const amounts = (simulator: Simulator) => simulator.ledger().map(entry => entry.amount);
const asking = (fault: string) => ({ email: `${fault}@fault.invalid` });

test('lost answer: charged, and the connection ends without a byte', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await assert.rejects(charge(simulator, asking('lost-answer')), /socket hang up/);
  await simulator.idle();
  assert.deepEqual(amounts(simulator), [8000]);
  assert.equal(shop.calls.length, 1);
  assert.equal(simulator.requests().at(-1)?.answer, null);
});

test('closed before: the connection ends and nothing happened', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await assert.rejects(charge(simulator, asking('closed-before')), /socket hang up/);
  await simulator.idle();
  assert.deepEqual([amounts(simulator), simulator.orders(), shop.calls], [[], [], []]);
});

test('garbage: charged, and the answer means nothing', async t => {
  const simulator = await simulate(t);
  const { status, text } = await charge(simulator, asking('garbage'));
  assert.equal(status, 200);
  assert.doesNotMatch(text, /order|invalid|maintenance|error/i);
  assert.deepEqual(amounts(simulator), [8000]);
});

test('truncated: charged, and fewer bytes than announced', async t => {
  const simulator = await simulate(t);
  await assert.rejects(charge(simulator, asking('truncated.7')), /aborted/);
  assert.deepEqual(amounts(simulator), [8000]);
  assert.equal(simulator.requests().at(-1)?.answer?.body, 'Success');
});

test('truncated with the connection as the end: charged, and the answer looks whole', async t => {
  const simulator = await simulate(t);
  const { headers, text } = await charge(simulator, asking('truncated-close.7'));
  assert.equal(text, 'Success');
  assert.equal(headers['content-length'], undefined);
  assert.deepEqual(amounts(simulator), [8000]);
});

const statuses: [fault: FaultName, status: number, location: string | undefined][] = [
  ['http-500', 500, undefined],
  ['http-302', 302, '/cgi-bin/secure.cgi'],
  ['http-307', 307, '/cgi-bin/secure.cgi'],
];

for (const [fault, status, location] of statuses) {
  test(`${fault}: charged all the same`, async t => {
    const simulator = await simulate(t);
    const answer = await charge(simulator, asking(fault));
    assert.equal(answer.status, status);
    assert.equal(answer.headers.location, location);
    assert.deepEqual(amounts(simulator), [8000]);
  });
}

const words: [fault: string, body: RegExp, orders: number][] = [
  ['maintenance', /^maintenance\n$/, 0],
  ['connect-error', /^connect error\n$/, 0],
  ['invalid-parameter.telno', /^Invalid telno\n$/, 0],
  ['refusal', /^failure_order\n11\./, 1],
];

for (const [fault, body, orders] of words) {
  test(`${fault}: said, and nothing charged`, async t => {
    const simulator = await simulate(t);
    assert.match((await charge(simulator, asking(fault))).text, body);
    assert.deepEqual(amounts(simulator), []);
    assert.equal(simulator.orders().length, orders);
  });
}

test('late answer: the callback does not wait for it', async t => {
  const order: string[] = [];
  const shop = await catcher(t, (_call, response) => {
    order.push('callback');
    response.end('successok');
  });
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  assert.match((await charge(simulator, asking('late-answer.300'))).text, /^Success_order/);
  order.push('answer');
  await simulator.idle();
  assert.deepEqual(order, ['callback', 'answer']);
});

test('callback first: the merchant has answered it before the charge is answered', async t => {
  const order: string[] = [];
  const shop = await catcher(t, (_call, response) => {
    setTimeout(() => {
      order.push('callback');
      response.end('successok');
    }, 50);
  });
  const simulator = await simulate(t, { callbacks: { card: shop.url }, settings: { callbackDelayMs: 100_000 } });
  await charge(simulator, asking('callback-first'));
  order.push('answer');
  await simulator.idle();
  assert.deepEqual(order, ['callback', 'answer']);
});

test('callback twice: equal calls, two attempts of one callback', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, asking('callback-twice'));
  await simulator.idle();
  assert.equal(shop.calls.length, 2);
  assert.equal(shop.calls[0]?.url, shop.calls[1]?.url);
  assert.equal(simulator.callbacks().length, 1);
});

test('no callback: withheld until someone resends it', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, asking('no-callback'));
  await simulator.idle();
  assert.equal(simulator.callbacks()[0]?.state, 'withheld');
  assert.equal(shop.calls.length, 0);
  await simulator.resend('1');
  assert.equal(shop.calls.length, 1);
});

test('callback late: after its own delay', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, asking('callback-late.200'));
  await charge(simulator, { money: '2' });
  await simulator.idle();
  assert.deepEqual(
    shop.calls.map(call => /money=(\d+)/.exec(call.url)?.[1]),
    ['2', '8000'],
  );
});

test('faults of an e-mail can be joined, and other addresses have none', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await assert.rejects(charge(simulator, asking('lost-answer+no-callback')));
  assert.match((await charge(simulator, { email: 'lost-answer@example.com' })).text, /^Success/);
  assert.match((await charge(simulator, asking('nonsense'))).text, /^Success/);
  await simulator.idle();
  assert.equal(shop.calls.length, 2);
});

test('armed faults hit the next requests of their endpoint, in the order they were armed', async t => {
  const simulator = await simulate(t);
  simulator.arm({ endpoint: 'deletion', fault: 'maintenance' });
  simulator.arm({ endpoint: 'charge', fault: 'maintenance', count: 2 });
  simulator.arm({ endpoint: 'charge', fault: 'connect-error' });
  const words: string[] = [];
  for (let i = 0; i < 4; i += 1) words.push((await charge(simulator)).text.split('\n')[0] ?? '');
  assert.deepEqual(words, ['maintenance', 'maintenance', 'connect error', 'Success_order']);
  assert.deepEqual(simulator.armed(), [{ endpoint: 'deletion', fault: 'maintenance', count: 1 }]);
  simulator.disarm();
  assert.deepEqual(simulator.armed(), []);
});

test('an answer fault and a callback fault can be armed for one request', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  simulator.arm({ endpoint: 'charge', fault: 'lost-answer' });
  simulator.arm({ endpoint: 'charge', fault: 'no-callback' });
  await assert.rejects(charge(simulator));
  await charge(simulator);
  await simulator.idle();
  assert.equal(shop.calls.length, 1);
});

test('callback faults of a request that makes no order are for what that request calls', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { carrier: shop.url } });
  const order_no = await authorized(simulator);
  await simulator.idle();
  simulator.arm({ endpoint: 'settle', fault: 'callback-twice' });
  await carrierCall(simulator, { order_no });
  await carrierCall(simulator, { order_no, act: 'return' });
  await simulator.idle();
  assert.deepEqual(shop.calls.map(call => /status=(\d\d)/.exec(call.url)?.[1]).toSorted(), ['03', '07', '07', '08']);
});

test('callbacks have faults of their own', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  simulator.arm({ endpoint: 'callback', fault: 'callback-twice' });
  await charge(simulator);
  await charge(simulator);
  await simulator.idle();
  assert.equal(shop.calls.length, 3);
});

test('what makes no sense cannot be armed', async t => {
  const simulator = await simulate(t);
  assert.throws(() => simulator.arm({ endpoint: 'charge', fault: 'nonsense' as FaultName }), /unknown nonsense/);
  assert.throws(() => simulator.arm({ endpoint: 'nowhere' as 'charge', fault: 'garbage' }), /unknown endpoint/);
  assert.throws(() => simulator.arm({ endpoint: 'charge', fault: 'garbage', count: 0 }), /count/);
  assert.throws(() => simulator.arm({ endpoint: 'callback', fault: 'garbage' }), /callback faults/);
  assert.throws(() => simulator.arm({ endpoint: 'cvs', fault: 'connect-error' }), /connect error/);
  assert.throws(() => simulator.arm({ endpoint: 'cancel', fault: 'invalid-parameter' }), /arm a refusal/);
});

test('the whole gateway can be down', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator);
  simulator.settings({ maintenance: true });
  const { text } = await post(`${simulator.url}/cgi-bin/secure.cgi`, chargeFields(token));
  assert.equal(text, 'maintenance\n');
});
