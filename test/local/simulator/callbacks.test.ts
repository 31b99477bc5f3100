import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cardIdCharge,
  catcher,
  charge,
  chargeFields,
  FAILING,
  newCardXml,
  post,
  simulate,
  tokenOf,
} from './support.ts';

test('after a charge the registered URL gets every parameter of the manual, in its order', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: `${shop.url}/notify` } });
  simulator.setClock('2026-11-30T15:00:00Z');
  const fields = { sendid: 'A [1]', email: 'a+b@example.com', div: '03' };
  const number = (await charge(simulator, fields)).text.split('\n')[1];
  await simulator.idle();
  assert.equal(
    shop.calls[0]?.url,
    `/notify?result=OK&clientip=2019000001&ordd=${number}&money=8000&telno=0312345678&email=a%2Bb%40example.com` +
      '&sendid=A+%5B1%5D&sendpoint=order-1&cardnumber=1111&cardbrand=V&div=03&date=20261201',
  );
  assert.equal(shop.calls[0]?.method, 'GET');
  assert.equal(shop.calls[0]?.headers['user-agent'], undefined);
  assert.equal(shop.calls[0]?.headers.connection, 'close');
  assert.equal(shop.calls.length, 1);
});

test('a failed charge is called too, a charge with pubsec is not', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, { pubsec: 'yes' });
  await charge(simulator, { money: '77' }, FAILING);
  await simulator.idle();
  assert.match(shop.calls[0]?.url ?? '', /^\/\?result=NG&.*&money=77&.*&cardnumber=0000&/);
  assert.equal(shop.calls.length, 1);
});

test('a charge of a stored card is called like a first one', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, { sendid: 'CARD1', pubsec: 'yes' });
  await cardIdCharge(simulator);
  await simulator.idle();
  assert.match(
    shop.calls[0]?.url ?? '',
    /result=OK.*&money=500&.*&sendid=CARD1&sendpoint=order-2&cardnumber=1111&cardbrand=V&div=01/,
  );
});

test('POST where agreed, beside the query the URL has of its own', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, {
    callbacks: { card: `${shop.url}/n?shop=7` },
    settings: { callbackMethod: 'POST' },
  });
  await charge(simulator);
  await simulator.idle();
  assert.equal(shop.calls[0]?.method, 'POST');
  assert.equal(shop.calls[0]?.url, '/n?shop=7');
  assert.match(shop.calls[0]?.body ?? '', /^result=OK&clientip=/);
  assert.equal(shop.calls[0]?.headers['content-type'], 'application/x-www-form-urlencoded');
  simulator.settings({ callbackMethod: 'GET' });
  await charge(simulator);
  await simulator.idle();
  assert.match(shop.calls[1]?.url ?? '', /^\/n\?shop=7&result=OK&clientip=/);
});

test('escapes, spaces, left-out parameters and the padded IP code are settings', async t => {
  const shop = await catcher(t);
  const contracts = {
    card: { clientip: '20190', key: 'k' },
    carrier: { clientip: '2019000002', zkey: 'z' },
    cvs: { clientip: '2019000003' },
  };
  const simulator = await simulate(t, { callbacks: { card: shop.url }, contracts });
  const go = async () => {
    const token = await tokenOf(simulator, newCardXml({ clientip: '20190' }));
    await post(`${simulator.url}/cgi-bin/secure.cgi`, chargeFields(token, { clientip: '20190', sendid: 'A [1]' }));
    await simulator.idle();
    return shop.calls.at(-1)?.url ?? '';
  };
  assert.match(await go(), /&clientip=20190&/);
  simulator.settings({
    padCardClientip: true,
    callbackEscapes: 'lower',
    callbackSpace: '%20',
    callbackOmit: ['money', 'telno'],
  });
  const url = await go();
  assert.match(url, /&clientip=0000020190&/);
  assert.match(url, /&sendid=A%20%5b1%5d&/);
  assert.doesNotMatch(url, /money|telno/);
  simulator.settings({ callbackEscapes: 'raw' });
  assert.match(await go(), /&sendid=A%20\[1\]&/);
});

test('anything but 200 is noted and not retried', async t => {
  const shop = await catcher(t, (_call, response) => response.writeHead(500).end('ERR500'));
  const simulator = await simulate(t, {
    callbacks: { card: shop.url },
    settings: { callbackRetries: 5, timeScale: 0.001 },
  });
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(
    simulator.callbacks()[0]?.attempts.map(({ outcome, status, body }) => ({ outcome, status, body })),
    [{ outcome: 'refused', status: 500, body: 'ERR500' }],
  );
});

test('nobody listening is noted and not retried', async t => {
  const simulator = await simulate(t, { callbacks: { card: 'http://127.0.0.1:1/' }, settings: { callbackRetries: 5 } });
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(
    simulator.callbacks()[0]?.attempts.map(attempt => attempt.outcome),
    ['not-connected'],
  );
});

test('a time-out is retried as often as agreed', async t => {
  const shop = await catcher(t, () => {});
  const simulator = await simulate(t, { callbacks: { card: shop.url }, settings: { timeScale: 0.001 } });
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(
    simulator.callbacks()[0]?.attempts.map(attempt => attempt.outcome),
    ['timed-out'],
  );
  simulator.settings({ callbackRetries: 5 });
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(
    simulator.callbacks()[1]?.attempts.map(attempt => attempt.outcome),
    Array(6).fill('timed-out'),
  );
  assert.equal(new Set(shop.calls.slice(1).map(call => call.url)).size, 1);
  assert.equal(shop.calls.length, 7);
});

test('an answer ends the retries', async t => {
  let calls = 0;
  const shop = await catcher(t, (_call, response) => {
    calls += 1;
    if (calls === 3) response.end('successok');
  });
  const simulator = await simulate(t, {
    callbacks: { card: shop.url },
    settings: { callbackRetries: 5, timeScale: 0.005 },
  });
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(
    simulator.callbacks()[0]?.attempts.map(attempt => attempt.outcome),
    ['timed-out', 'timed-out', 'accepted'],
  );
});

test('successok is looked for only where agreed, and at the beginning', async t => {
  const answers = ['NG', 'NG', ' successok', 'successok\n'];
  const shop = await catcher(t, (_call, response) => response.end(answers.shift()));
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator);
  await simulator.idle();
  simulator.settings({ checkSuccessok: true });
  for (let i = 0; i < 3; i += 1) {
    await charge(simulator);
    await simulator.idle();
  }
  assert.deepEqual(
    simulator.callbacks().map(callback => callback.attempts[0]?.outcome),
    ['accepted', 'no-successok', 'no-successok', 'accepted'],
  );
});

test('resend sends the very same bytes again and keeps the attempt', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator);
  await simulator.idle();
  const record = await simulator.resend('1');
  assert.equal(record.attempts.length, 2);
  assert.equal(shop.calls[1]?.url, shop.calls[0]?.url);
  await assert.rejects(simulator.resend('2'), /unknown/);
});

test('without a registered URL nothing is called', async t => {
  const simulator = await simulate(t);
  await charge(simulator);
  await simulator.idle();
  assert.deepEqual(simulator.callbacks(), []);
});
