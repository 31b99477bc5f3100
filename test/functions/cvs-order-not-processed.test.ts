/** Provably nothing happened: no connection, or an answer that is `maintenance` and nothing else. The same key sends again. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cvsCalls, eventsOf, reasonOf, startMouth } from '../support/cvs.ts';
import { calledStatuses, standingOf } from '../support/cvs-contract.ts';
import { startLocal } from '../support/local.ts';
import { fixture } from '../zeus/recorded.ts';

// The recorded response names a test order.
const local = await startLocal({ testPayments: 'accept' });
const { order, read, callBack } = cvsCalls(local);
const mouth = await startMouth();
// The settings are read with the first call.
process.env.ZEUS_BASE_URL = mouth.url;
beforeEach(() => mouth.forget());
const issued = fixture('cvs/success-lawson-crlf');

for (const text of ['maintenance', 'maintenance\n', ' maintenance\r\n']) {
  test(`${JSON.stringify(text)} is not processed: 503 with Retry-After, the order as body, and the same key sends again`, async () => {
    const key = `body ${JSON.stringify(text)}`;
    mouth.say(text, text, issued);
    for (let i = 0; i < 2; i += 1) {
      const { status, headers, body } = await order(key);
      assert.deepEqual(
        [status, headers['content-type'], headers['idempotent-replayed']],
        [503, 'application/json', undefined],
      );
      assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
      assert.deepEqual([body.status, body.attention, body.orderId], ['not_processed', [], orderIdOf('test', key)]);
      const { message, ...failure } = body.failure;
      assert.deepEqual(failure, { reason: 'maintenance', code: null, parameter: null, payerMessage: null });
      assert.deepEqual(await read(body.orderId), body);
    }
    const { status, headers, body } = await order(key);
    assert.deepEqual(
      [status, headers['idempotent-replayed'], body.status, body.failure],
      [201, undefined, 'awaiting_customer', null],
    );
    assert.deepEqual([mouth.heard.length, new Set(mouth.heard).size], [3, 1]);
    assert.equal((await order(key)).status, 200);
    assert.equal(mouth.heard.length, 3);
  });
}

test('maintenance with anything else beside it is none of the answers: unknown', async () => {
  for (const text of ['maintenance now', 'rel=maintenance', 'Maintenance', '<html>maintenance</html>']) {
    mouth.say(text);
    const { status, body } = await order(`beside ${text}`);
    assert.deepEqual([status, body.status], [202, 'unknown'], text);
  }
});

test('no connection is not processed, and the same key sends once there is one', async () => {
  await mouth.shut();
  for (let i = 0; i < 2; i += 1) {
    const { status, headers, body } = await order('shut');
    assert.deepEqual([status, body.status, body.attention], [503, 'not_processed', []]);
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
    assert.deepEqual([body.failure.reason, body.failure.code], ['connection_failed', null]);
    assert.match(body.failure.message, /ECONNREFUSED/);
  }
  await mouth.reopen();
  mouth.say(issued);
  const { status, body } = await order('shut');
  assert.deepEqual([status, body.status, mouth.heard.length], [201, 'awaiting_customer', 1]);
  assert.deepEqual(eventsOf(body), ['cvs_order', 'not_processed', 'cvs_order', 'not_processed', 'cvs_order', 'done']);
});

test('of ten repeats at once, after nothing happened, one is sent', async () => {
  mouth.say('maintenance', issued);
  await order('ten');
  const all = await Promise.all(Array.from({ length: 10 }, () => order('ten')));
  assert.equal(mouth.heard.length, 2);
  assert.ok(all.every(({ status }) => [200, 201, 409].includes(status)));
});

test('another body under the key of one that was not processed: 422, nothing sent', async () => {
  mouth.say('maintenance');
  await order('reused');
  const { status, body } = await order('reused', { amount: 8001 });
  assert.deepEqual([status, body.code, mouth.heard.length], [422, 'idempotency_key_reused', 1]);
});

const callOf = (orderId: string, status: string) =>
  callBack(
    `clientip=2019000003&money=8000&sendpoint=${orderId}&order_no=N-1&pay_cvs=D002&pay_no1=123&pay_no2=456&status=${status}`,
  );

for (const call of calledStatuses) {
  const { status, reasons } = standingOf('not_processed', [call]);
  test(`${call} after it: ${[status, ...reasons].join(', ')}; the gateway knows the order, so nothing is sent again`, async () => {
    mouth.say('maintenance', issued);
    const { body } = await order(`then-${call}`);
    assert.deepEqual(await callOf(body.orderId, call), { status: 200, type: 'text/plain', body: 'successok' });
    const after = await read(body.orderId);
    assert.deepEqual([after.status, after.attention.map(reasonOf)], [status, reasons]);
    assert.equal(after.failure === null, status !== 'declined');
    const again = await order(`then-${call}`);
    assert.deepEqual([again.headers['idempotent-replayed'], again.body], ['true', after]);
    assert.equal(mouth.heard.length, 1);
  });
}

test.after(() => mouth.shut());
