/** When an order may be deleted from the table: so many days after it changed last, once nothing is expected of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiresAtSeconds } from '../../shared/domain/retention.ts';
import { aCallback, begun, noon, told, usual, withCallbacks } from '../support/orders.ts';

const day = 86_400;
const noonSeconds = noon.getTime() / 1000;

test('closed orders are kept for the days of the setting, all others for good', () => {
  const kept: Record<keyof typeof usual, string[]> = {
    card: ['sending', 'unknown', 'cancelling'],
    carrier: ['awaiting_customer', 'authorized', 'settle_scheduled', 'settling', 'cancelling'],
    // `paid_after_cancel` has attention until it is acknowledged.
    cvs: ['sending', 'unknown', 'awaiting_customer', 'received', 'received_after_cancel', 'paid_after_cancel'],
  };
  for (const [method, orders] of Object.entries(usual) as [
    keyof typeof usual,
    Record<string, typeof usual.card.paid>,
  ][]) {
    for (const [status, make] of Object.entries(orders)) {
      const expected = kept[method].includes(status) ? null : noonSeconds + 365 * day;
      assert.equal(expiresAtSeconds(make(), 365), expected, `${method} ${status}`);
      assert.equal(expiresAtSeconds(make(), null), null);
    }
  }
});

test('attention, an open send and a payment that is not closed keep an order', () => {
  assert.equal(expiresAtSeconds(told(usual.card.paid(), 'XX'), 1), null);
  assert.equal(expiresAtSeconds(begun(usual.card.paid(), 'cancel'), 1), null);
  const other = withCallbacks(usual.carrier.settle_failed(), [aCallback('carrier', '02', { orderNumber: 'N2' })]);
  assert.equal(expiresAtSeconds(other, 1), noonSeconds + day);
  const twice = withCallbacks(usual.carrier.cancelled(), [aCallback('carrier', '03', { orderNumber: 'N2' })]);
  assert.equal(expiresAtSeconds(twice, 1), null);
});
