import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { callbackFields, carrierCalls, inputsOf } from '../support/carrier.ts';
import { countDynamoDb, startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway, engine, lines, call } = local;
const { bodyOf, order, read, submit, act, authorized, giveBack, settle, callBack, knownAs, ledger } =
  carrierCalls(local);
const { items, itemOf } = readersOf(clientOf(engine.endpoint));
beforeEach(() => gateway.reset());

const links = {
  success: { url: 'https://shop.example/ok?a=1&b=2', text: 'お店へ戻る (完了)' },
  failure: { url: 'http://shop.example/ng', text: '能表予へ' },
};

test('an order waits for its payer: 201 with the order as contract 1.3 writes it, and its form', async () => {
  const { status, headers, body } = await order('whole', { reference: 'A-1' });
  assert.equal(status, 201);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['idempotent-replayed'], undefined);
  const { createdAt, updatedAt, history, form, ...rest } = body;
  assert.deepEqual(rest, {
    orderId: orderIdOf('test', 'whole'),
    method: 'carrier',
    operation: 'carrier_order',
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
    gateway: { orderNumber: null, status: null },
    carrier: { type: 'docomo', settlement: null, settleBy: null },
    version: 1,
  });
  assert.deepEqual(
    history.map(({ at: _, ...entry }: { at: string }) => entry),
    [
      {
        source: 'api',
        event: 'carrier_order',
        from: null,
        to: 'awaiting_customer',
        code: null,
        note: null,
        actor: 'local',
        count: 1,
      },
    ],
  );
  assert.deepEqual([createdAt, history[0].at], [updatedAt, createdAt]);
  assert.deepEqual(await read(body.orderId), { ...rest, createdAt, updatedAt, history });
  assert.deepEqual(Object.keys(form), ['action', 'method', 'acceptCharset', 'fields', 'html']);
});

test('the form as fields: the manual’s names in its order, absent ones left out', async () => {
  const { body } = await order('least', { email: undefined });
  assert.equal(body.form.action, `${gateway.url}/cgi-bin/carrier/order.cgi`);
  assert.deepEqual([body.form.method, body.form.acceptCharset], ['POST', 'Shift_JIS']);
  assert.deepEqual(Object.entries(body.form.fields), [
    ['clientip', '2019000002'],
    ['money', '8000'],
    ['carrier_type', 'D'],
    ['username', 'ゼウス'],
    ['telno', '0312345678'],
    ['sendpoint', body.orderId],
  ]);
  const most = await order('most', { ...links, carrier: 'softbank', amount: 100_000, test: { id: '12345678' } });
  assert.equal(most.body.test, true);
  assert.deepEqual(Object.entries(most.body.form.fields), [
    ['clientip', '2019000002'],
    ['money', '100000'],
    ['carrier_type', 'S'],
    ['username', 'ゼウス_12345678'],
    ['telno', '0312345678'],
    ['email', 'taro@example.com'],
    ['sendpoint', most.body.orderId],
    ['success_url', 'https://shop.example/ok?a=1&b=2'],
    ['success_str', 'お店へ戻る (完了)'],
    ['failure_url', 'http://shop.example/ng'],
    ['failure_str', '能表予へ'],
  ]);
});

test('the form as html is one form of ASCII that holds the same fields', async () => {
  const { body } = await order('html', { ...links, name: 'ソヴー' });
  const { html, fields, action } = body.form;
  assert.match(html, /^[\n -~]+$/);
  assert.equal(html.match(/<form /g)?.length, 1);
  assert.match(html, /^<form [^>]*accept-charset="Shift_JIS"[^>]*>/);
  assert.ok(html.includes(`action="${action}"`) && /method="POST"/i.test(html) && html.trim().endsWith('</form>'));
  assert.deepEqual(inputsOf(html), fields);
});

test('the gateway takes the form as it is, and knows the order by our id', async () => {
  const { body } = await order('taken', { ...links, name: 'ソヴー', test: { id: '12345678' } });
  const orderNumber = await submit(body.form);
  const { sendpoint, username, telno, money, test: isTest, links: known } = knownAs(orderNumber) ?? {};
  assert.deepEqual(
    [sendpoint, username, telno, money, isTest],
    [body.orderId, 'ソヴー_12345678', '0312345678', 8000, true],
  );
  assert.deepEqual(known, {
    successUrl: 'https://shop.example/ok?a=1&b=2',
    successStr: 'お店へ戻る (完了)',
    failureUrl: 'http://shop.example/ng',
    failureStr: '能表予へ',
  });
  assert.deepEqual(gateway.requests()[0]?.violations, []);
});

test('opening an order sends nothing, and writes once', async () => {
  const counts = await countDynamoDb(() => order('counted'));
  assert.deepEqual(counts, { PutItem: 1 });
  assert.deepEqual(gateway.requests(), []);
});

test('a replay rebuilds the form while the order waits for its payer', async () => {
  const first = await order('replayed', links);
  const again = await order('replayed', links);
  assert.deepEqual([again.status, again.headers['idempotent-replayed']], [200, 'true']);
  assert.deepEqual(again.body, first.body);
});

test('once the order has moved on a replay answers it as it is, without a form', async () => {
  const { orderId, orderNumber } = await authorized('moved-on');
  const replayed = await order('moved-on');
  assert.deepEqual([replayed.status, replayed.headers['idempotent-replayed']], [200, 'true']);
  assert.deepEqual([replayed.body.status, replayed.body.form], ['authorized', null]);
  assert.deepEqual(replayed.body, { ...(await read(orderId)), form: null });
  assert.equal(replayed.body.gateway.orderNumber, orderNumber);
});

test('a payment that the carrier refused: declined, a replay is 402, and the payer may still succeed', async () => {
  const { body } = await order('declined');
  const orderNumber = await submit(body.form);
  await act(orderNumber, 'fail');
  const replayed = await order('declined');
  const { reason, code, message } = replayed.body.failure;
  assert.deepEqual([replayed.status, replayed.body.status, replayed.body.form], [402, 'declined', null]);
  assert.deepEqual([reason, code], ['refused', '010201301']);
  assert.match(message, /^[ -~]+$/);
  await act(orderNumber, 'complete');
  const { status, failure, attention } = await read(body.orderId);
  assert.deepEqual([status, failure, attention], ['authorized', null, []]);
  assert.deepEqual(ledger(), ['authorization 8000']);
});

test('another body under the same key is 422; phone, e-mail and name are no part of a request’s identity', async () => {
  const key = 'other-body';
  const { body } = await order(key);
  const others = [{ amount: 7999 }, { carrier: 'au' }, { reference: 'B' }, { test: { id: '12345678' } }, links];
  for (const more of others) {
    const answered = await order(key, more);
    assert.deepEqual([answered.status, answered.body.code], [422, 'idempotency_key_reused'], JSON.stringify(more));
  }
  for (const more of [{ name: 'ソ' }, { phone: '0312345679' }, { email: 'jiro@example.com' }, {}]) {
    const { status, headers, body: replayed } = await order(key, more);
    assert.deepEqual([status, headers['idempotent-replayed'], replayed.orderId], [200, 'true', body.orderId]);
  }
  assert.equal((await read(body.orderId)).amount, 8000);
});

test('creating calls share one key space: a key of a charge is not free for a carrier order', async () => {
  await order('shared');
  const body = { store: 'lawson', amount: 8000, name: 'ゼウス', phone: '0312345678', email: 'taro@example.com' };
  const answered = await call('POST', '/cvs/orders', { key: 'shared', body });
  assert.deepEqual([answered.status, answered.body.code], [422, 'idempotency_key_reused']);
});

test('without a key, or with a broken one, nothing is stored', async () => {
  const before = (await items()).length;
  for (const key of [undefined, '', 'ソ', 'k'.repeat(256)]) {
    const { status, body } = await call('POST', '/carrier/orders', {
      ...(key !== undefined && { key }),
      body: bodyOf(),
    });
    assert.deepEqual([status, body.code], [400, 'idempotency_key_invalid']);
  }
  assert.equal((await items()).length, before);
});

test('nothing of the payer is stored, logged or shown, from the form to the return', async () => {
  lines.length = 0;
  const { orderId, orderNumber } = await authorized('private', links);
  await settle('private-settle', orderId);
  await gateway.idle();
  await giveBack('private-return', orderId);
  await gateway.idle();
  assert.deepEqual(await callBack(callbackFields(orderId, '99', { order_no: orderNumber })), [200, 'successok']);
  const shown = await read(orderId);
  assert.equal(shown.status, 'cancelled');
  const personal = /0312345678|03-1234|taro|ゼウス|%83%5B|89abcdef/i;
  assert.doesNotMatch(JSON.stringify(await itemOf(orderId)), personal);
  assert.doesNotMatch(JSON.stringify(shown), personal);
  assert.ok(lines.length >= 6);
  assert.doesNotMatch(JSON.stringify(lines), personal);
});
