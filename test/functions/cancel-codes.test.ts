/** Every code of manual 003's list, and what the shop's server gets. 02189999, which is sent twice, is in test/orders/cancel.test.ts. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { paid, cancel, read, at } = cardActions(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
});

const refused = `
  02030105 02030106 02030107 02030108 02030207 02030208 02030209 02080114 02080115
  02130114 02130117 02130110 02130118 02130214 02130217 02130210 02180114`
  .trim()
  .split(/\s+/);
const arm = (code: string, count = 1) => gateway.arm({ endpoint: 'cancel', fault: 'refusal', code, count });

for (const code of refused) {
  test(`${code}: 422 with the code and its meaning, paid as before, sent once`, async () => {
    const orderId = await paid(code);
    const before = await read(orderId);
    arm(code);
    const { status, headers, body } = await cancel(orderId, 'cancel');
    assert.deepEqual([status, headers['content-type']], [422, 'application/problem+json']);
    assert.deepEqual(
      [body.code, body.gatewayCode, body.order.status, body.order.attention],
      ['gateway_refused', code, 'paid', []],
    );
    assert.match(body.gatewayMeaning, /^[A-Z][ -~]{10,}$/);
    assert.doesNotMatch(body.gatewayMeaning, /not list/);
    const { history, updatedAt, version, ...order } = await read(orderId);
    const { history: _, updatedAt: updatedBefore, version: versionBefore, ...unchanged } = before;
    assert.deepEqual([order, version, updatedAt > updatedBefore], [unchanged, versionBefore + 2, true]);
    assert.deepEqual([history.at(-1).from, history.at(-1).to, history.at(-1).code], ['cancelling', 'paid', code]);
    assert.equal(at('cancel').length, 1);
  });
}

test('000: 200 cancelled', async () => {
  const orderId = await paid('000');
  arm('000');
  const { status, body } = await cancel(orderId, 'cancel');
  assert.deepEqual([status, body.status], [200, 'cancelled']);
});

test('02180118, on a first send as well: 200 cancelled, with the code in the history', async () => {
  const orderId = await paid('02180118');
  arm('02180118');
  const { status, body } = await cancel(orderId, 'cancel');
  assert.deepEqual(
    [status, body.status, body.attention, body.returned.amount, body.history.at(-1).code],
    [200, 'cancelled', [], 8000, '02180118'],
  );
});

for (const code of ['02000012', '02051010']) {
  test(`${code}: 503 with Retry-After, paid as before, and the same key sends again`, async () => {
    const orderId = await paid(code);
    arm(code);
    const { status, headers, body } = await cancel(orderId, 'cancel');
    assert.deepEqual(
      [status, body.code, body.order.status, body.order.attention],
      [503, 'gateway_maintenance', 'paid', []],
    );
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
    const again = await cancel(orderId, 'cancel');
    assert.deepEqual(
      [again.status, again.body.status, again.headers['idempotent-replayed']],
      [200, 'cancelled', undefined],
    );
  });
}

test('a code that no manual lists, under an explicit refusal: 422, the code kept', async () => {
  const orderId = await paid('unlisted');
  arm('02999999');
  const { status, body } = await cancel(orderId, 'cancel');
  assert.deepEqual([status, body.gatewayCode, body.order.status], [422, '02999999', 'paid']);
  assert.match(body.gatewayMeaning, /not list/);
});

test('the list has 22 codes, each met here or where it is sent twice', () => {
  assert.equal(new Set([...refused, '000', '02180118', '02000012', '02051010', '02189999']).size, 22);
});
