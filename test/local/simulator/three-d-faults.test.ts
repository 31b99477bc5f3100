import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catcher, simulate, tokenOf } from './support.ts';
import {
  api,
  authenticate,
  confirmed,
  elementText,
  enrol,
  enrolXml,
  pay,
  risk,
  said,
  xidOf,
} from './three-d-support.ts';

test('faults of each step: an effect without its answer, a refusal, maintenance', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator);
  simulator.arm({ endpoint: 'enroll', fault: 'maintenance' });
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'maintenance 02000012');
  simulator.arm({ endpoint: 'enroll', fault: 'lost-answer' });
  await assert.rejects(api(simulator, enrolXml({ token })));
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'invalid 02131914');

  const xid = await xidOf(simulator);
  simulator.arm({ endpoint: 'risk', fault: 'maintenance' });
  assert.equal(elementText((await risk(simulator, xid)).text, 'status'), 'maintenance');
  simulator.arm({ endpoint: 'risk', fault: 'garbage' });
  assert.doesNotMatch((await risk(simulator, xid)).text, /response/);
  simulator.arm({ endpoint: 'authenticate', fault: 'refusal', code: '02100110' });
  assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100110');
  simulator.arm({ endpoint: 'authenticate', fault: 'truncated' });
  await assert.rejects(authenticate(simulator, xid));
  simulator.arm({ endpoint: 'pay', fault: 'closed-before' });
  await assert.rejects(pay(simulator, xid));
  simulator.arm({ endpoint: 'pay', fault: 'maintenance' });
  assert.equal(said(await pay(simulator, xid)), 'maintenance 02000012');
  assert.deepEqual(simulator.ledger(), []);
  simulator.arm({ endpoint: 'pay', fault: 'lost-answer' });
  await assert.rejects(pay(simulator, xid));
  assert.deepEqual(
    simulator.ledger().map(({ kind }) => kind),
    ['charge'],
  );
  assert.throws(() => simulator.arm({ endpoint: 'pay', fault: 'invalid-parameter' }), /arm a refusal/);
});

test('a refusal by any code at PayReq: of the card with a failed order, of the request without', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  simulator.arm({ endpoint: 'pay', fault: 'refusal', code: '02110110' });
  const xid = await confirmed(simulator);
  assert.equal(said(await pay(simulator, xid)), 'invalid 02110110');
  assert.deepEqual(simulator.orders(), []);
  simulator.arm({ endpoint: 'pay', fault: 'refusal', code: 'errd002006' });
  assert.equal(said(await pay(simulator, xid)), 'failure errd002006');
  await simulator.idle();
  assert.equal(simulator.orders()[0]?.status, 'failed');
  assert.match(shop.calls[0]?.url ?? '', /result=NG/);
});

test('faults asked for by e-mail hit the payment', async t => {
  const simulator = await simulate(t);
  const xid = await confirmed(simulator, undefined, { email: 'lost-answer@fault.invalid' });
  await assert.rejects(pay(simulator, xid));
  assert.equal(simulator.ledger().length, 1);
});

test('an armed outside at the risk step leaves a session that may be confirmed', async t => {
  const simulator = await simulate(t);
  const xid = await xidOf(simulator);
  simulator.arm({ endpoint: 'risk', fault: 'refusal', code: 'outside' });
  const { text } = await risk(simulator, xid);
  assert.deepEqual([elementText(text, 'status'), elementText(text, 'transStatus')], ['outside', null]);
  assert.equal(said(await authenticate(simulator, xid, 'N')), 'invalid 02100112');
  assert.equal(said(await authenticate(simulator, xid)), 'success 001');
});

test('settings: no callback after PayReq, the other root element, the whole gateway in maintenance', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, {
    callbacks: { card: shop.url },
    settings: { callbackAfterPay: false, authenticationRoot: 'request' },
  });
  const xid = await xidOf(simulator);
  await risk(simulator, xid);
  assert.match(
    (await authenticate(simulator, xid)).text,
    /^<\?xml[^\n]*\n<request service="secure_link_3d" action="authentication">\n/,
  );
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  await simulator.idle();
  assert.deepEqual(shop.calls, []);
  simulator.settings({ maintenance: true });
  assert.equal(said(await pay(simulator, xid)), 'maintenance 02000012');
});

test('forgetting everything forgets sessions', async t => {
  const simulator = await simulate(t);
  await enrol(simulator);
  simulator.reset();
  assert.deepEqual(simulator.sessions(), []);
});
