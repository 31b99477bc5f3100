import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cvsCalls, historyOf, shownBlock, storeNames } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, lines } = local;
const { order, read, known, knownAs, sent } = cvsCalls(local);
const { items } = readersOf(clientOf(engine.endpoint));
beforeEach(() => gateway.reset());
const quiet = () => gateway.settings({ callbacks: { cvs: null } });

test('an order: 201 with the order as contract 1.3 writes it', async () => {
  quiet();
  const { status, headers, body } = await order('first', { reference: 'A-1' });
  assert.equal(status, 201);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['idempotent-replayed'], undefined);
  const { createdAt, updatedAt, history: _, ...shown } = body;
  assert.deepEqual(shown, {
    orderId: orderIdOf('test', 'first'),
    method: 'cvs',
    operation: 'cvs_order',
    status: 'awaiting_customer',
    amount: 8000,
    currency: 'JPY',
    reference: 'A-1',
    test: false,
    failure: null,
    attention: [],
    paid: null,
    returned: null,
    otherPayments: [],
    gateway: { orderNumber: known()[0]?.orderNumber, status: '01' },
    cvs: shownBlock('lawson', knownAs(body.orderId)),
    version: 2,
  });
  for (const at of [createdAt, updatedAt]) assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual(historyOf(body), [
    { source: 'api', event: 'cvs_order', from: null, to: 'sending', code: null, note: null, actor: 'local', count: 1 },
    {
      source: 'gateway',
      event: 'done',
      from: 'sending',
      to: 'awaiting_customer',
      code: null,
      note: null,
      actor: null,
      count: 1,
    },
  ]);
  assert.deepEqual(await read(body.orderId), body);
});

for (const store of storeNames) {
  test(`${store}: its own labels, the deadline as a date, ${store === 'seven-eleven' ? 'its page' : 'no page'}`, async () => {
    quiet();
    const { status, body } = await order(`store-${store}`, { store });
    assert.deepEqual([status, body.status], [201, 'awaiting_customer']);
    assert.deepEqual(body.cvs, shownBlock(store, knownAs(body.orderId)));
    assert.match(body.cvs.payBy, /^\d{4}-\d\d-\d\d$/);
    assert.equal(body.cvs.redirectUrl === null, store !== 'seven-eleven');
  });
}

test('the page of 7-Eleven is whole and shows the number', async () => {
  const { body } = await order('page', { store: 'seven-eleven' });
  const page = await fetch(body.cvs.redirectUrl);
  assert.equal(page.status, 200);
  assert.ok((await page.text()).includes(body.cvs.paymentNumbers[0].value));
});

test('a deadline of any agreed length, across months and years', async () => {
  gateway.setClock('2027-12-30T16:00:00Z');
  for (const [payDays, payBy] of [[2, '2028-01-02'] as const, [59, '2028-02-28'] as const]) {
    gateway.settings({ payDays });
    assert.equal((await order(`deadline-${payDays}`)).body.cvs.payBy, payBy);
  }
});

test('the callback 01 says what the answer said, and is one entry of the history', async () => {
  const { body } = await order('with-callback');
  await gateway.idle();
  const after = await read(body.orderId);
  assert.deepEqual(after.history.map(({ event, to, count }: Record<string, unknown>) => [event, to, count]).at(-1), [
    'cvs_01',
    'awaiting_customer',
    1,
  ]);
  assert.deepEqual({ ...after, history: 0, updatedAt: 0 }, { ...body, history: 0, updatedAt: 0, version: 3 });
  assert.deepEqual(
    gateway.callbacks()[0]?.attempts.map(({ status, body: text }) => [status, text]),
    [[200, 'successok']],
  );
});

test('a callback that is faster than the answer changes nothing of it', async () => {
  gateway.arm({ endpoint: 'cvs', fault: 'callback-first' });
  const { status, body } = await order('faster', { store: 'seven-eleven' });
  assert.deepEqual([status, body.status, body.attention], [201, 'awaiting_customer', []]);
  assert.deepEqual(body.cvs, shownBlock('seven-eleven', knownAs(body.orderId)));
  assert.deepEqual(
    body.history.map(({ event }: { event: string }) => event),
    ['cvs_order', 'cvs_01', 'done'],
  );
});

test('the same key again: the order as it is now, nothing sent; another request: 422', async () => {
  const { body } = await order('again');
  await gateway.idle();
  // Phone, e-mail and name are no part of a request's identity.
  for (const more of [{}, { phone: '0312345678', email: 'hanako@example.com', name: 'ハナコ' }]) {
    const { status, headers, body: replayed } = await order('again', more);
    assert.deepEqual([status, headers['idempotent-replayed']], [200, 'true']);
    assert.deepEqual(replayed, await read(body.orderId));
  }
  for (const more of [{ amount: 8001 }, { store: 'ministop' }, { reference: 'A-1' }]) {
    const other = await order('again', more);
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused'], JSON.stringify(more));
  }
  assert.equal(sent().length, 1);
});

test('of ten equal requests at once one is sent, and all are about one order', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => order('at-once')));
  assert.deepEqual([sent().length, known().length], [1, 1]);
  for (const { status, headers } of all) {
    assert.ok([200, 201, 409].includes(status), String(status));
    if (status === 409) assert.match(String(headers['retry-after']), /^\d+$/);
  }
  assert.equal(all.filter(({ status }) => status === 201).length, 1);
});

test('different keys are different orders at the gateway too', async () => {
  const [one, two] = [await order('one'), await order('two')];
  assert.notEqual(one.body.orderId, two.body.orderId);
  assert.deepEqual(
    known().map(each => each.sendpoint),
    [one.body.orderId, two.body.orderId],
  );
});

test('nothing of the payer comes back, is stored or is logged', async () => {
  const secret = { name: 'ヒミツ　ノナマエ', phone: '08098765432', email: 'himitsu@example.com' };
  const answers = [
    await order('private', secret),
    await order('private-refused', { ...secret, email: 'refusal.0008@fault.invalid' }),
    await order('private-parameter', { ...secret, email: 'invalid-parameter.telno@fault.invalid' }),
    await order('private-unknown', { ...secret, email: 'lost-answer@fault.invalid' }),
    await order('private-invalid', {
      ...secret,
      amount: 1,
      name: '秘密',
      phone: `${secret.phone}0`,
      email: '秘密@fault.invalid',
    }),
  ];
  await gateway.idle();
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 402, 402, 202, 400],
  );
  const everything = JSON.stringify([answers, lines, await items()]);
  assert.doesNotMatch(everything, /ヒミツ|ノナマエ|秘密|08098765432|himitsu|fault\.invalid/);
  assert.match(everything, /cvs_order/);
});
