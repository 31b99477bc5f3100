/** The one test that really waits: manual 003's 10 s and 5 s, in the function itself. The rest of it is in test/orders/cancel.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, cancel, at, effects } = cardActions(local);

test('a cancel right after its charge waits until 10 s have passed, and 5 s before its second send', async () => {
  const { body } = await charge('young');
  gateway.arm({ endpoint: 'cancel', fault: 'refusal', code: '02189999' });
  const { status } = await cancel(body.orderId, 'cancel');
  assert.deepEqual([status, effects('cancel').length], [200, 1]);
  const [charged, first, second] = [at('charge')[0], ...at('cancel')].map(each => Date.parse(each?.at ?? ''));
  assert.ok(first && charged && first - charged >= 10_000);
  assert.ok(second && second - first >= 4_990);
});
