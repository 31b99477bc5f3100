import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catcher, charge, form, send, simulate } from './support.ts';

const json = { 'content-type': 'application/json' };

test('everything of the simulator can be read over HTTP', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, { sendid: 'CARD1' });
  await simulator.idle();
  const { ledger, requests, callbacks, orders, cards, settings } = simulator;
  for (const [name, read] of Object.entries({
    ledger,
    requests,
    callbacks,
    orders,
    cards,
    settings,
    faults: simulator.armed,
  })) {
    const { status, body } = await send(`${simulator.url}/_control/${name}`, { method: 'GET' });
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body.toString()), JSON.parse(JSON.stringify(read())), name);
  }
});

test('everything of the simulator can be moved over HTTP', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t);
  const act = async (name: string, value: unknown) => {
    const { status, body } = await send(`${simulator.url}/_control/${name}`, {
      headers: json,
      body: JSON.stringify(value),
    });
    assert.equal(status, 200, body.toString());
    return JSON.parse(body.toString());
  };
  assert.equal((await act('settings', { callbacks: { card: shop.url } })).callbacks.card, shop.url);
  await act('faults', { endpoint: 'charge', fault: 'maintenance' });
  assert.equal((await charge(simulator)).text, 'maintenance\n');
  assert.match((await act('clock', { now: '2026-12-01T00:00:00+09:00' })).now, /^2026-11-30T15:00:0/);
  await charge(simulator);
  await act('idle', {});
  assert.equal(shop.calls.length, 1);
  assert.equal((await act('resend', { id: '1' })).attempts.length, 2);
  await act('faults', { endpoint: 'charge', fault: 'maintenance' });
  assert.equal((await send(`${simulator.url}/_control/faults`, { method: 'DELETE' })).status, 200);
  assert.deepEqual(simulator.armed(), []);
  await act('reset', {});
  assert.deepEqual([simulator.ledger(), simulator.requests(), simulator.callbacks()], [[], [], []]);
});

test('mistakes are answered with a reason', async t => {
  const { url } = await simulate(t);
  const tries: [string, string, RegExp][] = [
    ['settings', '{"callbackRetries":6}', /callbackRetries cannot be 6/],
    ['settings', '{"nonsense":1}', /unknown nonsense/],
    ['faults', '{"endpoint":"charge"}', /unknown undefined/],
    ['clock', '{"now":"tomorrow"}', /not an ISO 8601 time/],
    ['resend', '{"id":"9"}', /unknown 9/],
    ['faults', '[]', /not a JSON object/],
  ];
  for (const [name, body, error] of tries) {
    const answer = await send(`${url}/_control/${name}`, { headers: json, body });
    assert.equal(answer.status, 400);
    assert.match(JSON.parse(answer.text).error, error);
  }
  assert.equal((await send(`${url}/_control/nothing`, { method: 'GET' })).status, 404);
});

test('a page of another origin cannot press the buttons', async t => {
  const { url } = await simulate(t);
  const press = (origin: string) => send(`${url}/_control/reset`, { headers: { ...json, origin }, body: '{}' });
  assert.equal((await press('http://evil.example')).status, 403);
  assert.equal((await press(url)).status, 200);
});

test('the console shows what happened, and its forms work', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  await charge(simulator, { sendpoint: 'order-42' });
  await charge(simulator, { sendid: '<b>' });
  await simulator.idle();
  const { text } = await send(`${simulator.url}/`, { method: 'GET' });
  const number = simulator.orders()[0]?.orderNumber ?? '?';
  for (const part of [number, 'order-42', 'parameter sendid refused', 'sendid=&lt;b&gt;', 'accepted 200 successok']) {
    assert.ok(text.includes(part), part);
  }
  const press = async (name: string, fields: Record<string, string>) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = form({ ...fields, back: `/${name}` });
    const answer = await send(`${simulator.url}/_control/${name}`, { headers, body });
    assert.deepEqual([answer.status, answer.headers.location], [303, `/${name}`], answer.text);
  };
  await press('settings', { name: 'callbackRetries', value: '3' });
  assert.equal(simulator.settings().callbackRetries, 3);
  await press('faults', { fault: 'late-answer', endpoint: 'charge', count: '2', ms: '10', code: '' });
  assert.deepEqual(simulator.armed(), [{ fault: 'late-answer', endpoint: 'charge', count: 2, ms: 10 }]);
  await press('disarm', {});
  await press('clock', { now: '2026-12-01T00:00:00Z' });
  assert.match(simulator.now(), /^2026-12-01/);
  await press('clock', {});
  assert.doesNotMatch(simulator.now(), /^2026-12-01/);
  await press('reset', {});
});

test('a setting that cannot be is told on a page', async t => {
  const simulator = await simulate(t);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = form({ name: 'callbackRetries', value: '"<b>"' });
  const answer = await send(`${simulator.url}/_control/settings`, { headers, body });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /callbackRetries cannot be &quot;&lt;b&gt;&quot;/);
  assert.equal(simulator.settings().callbackRetries, 0);
});

test('a reset drops callbacks that are under way, and order numbers go on', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url }, settings: { callbackDelayMs: 500 } });
  const before = (await charge(simulator)).text;
  simulator.reset();
  await simulator.idle();
  simulator.settings({ callbackDelayMs: 0 });
  const after = (await charge(simulator)).text;
  await simulator.idle();
  assert.equal(shop.calls.length, 1);
  assert.notEqual(after, before);
});
