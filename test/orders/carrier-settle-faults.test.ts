/** What is wrong with a settlement in the light of its order, as the caller reads it: amounts by carrier, and days (contract 1.7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../shared/domain/masked.ts';
import type { Carrier } from '../../shared/domain/words.ts';
import { carrierSettle, type SettleRequest } from '../../shared/orders/carrier-settle.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import { anOrder, caller, idOf, noon, standingClock, told } from '../support/orders.ts';

const asked: SettleRequest = { amountYen: null, on: null, by: 'schedule', orderNumber: null };

/** Nothing can be sent or written: what is allowed fails as such. */
async function faultsOf(request: Partial<SettleRequest>, now = noon, type: Carrier = 'docomo'): Promise<unknown> {
  const order = told(anOrder('carrier', { carrier: { type } }), '03');
  const store = { find: async () => order, replace: () => Promise.reject(new Error('allowed')) } as Partial<OrderStore>;
  const send = () => assert.fail('sent');
  const deps = { ...standingClock(now), store: store as OrderStore, send, ipCode: '1', zkey: new Masked('z') };
  const operated = await carrierSettle(deps, idOf('order'), caller, { ...asked, ...request }).catch(
    error => (error as Error).message,
  );
  if (typeof operated === 'string') return operated;
  return operated.kind === 'invalid' ? operated.faults : assert.fail(operated.kind);
}

const invalid = (field: string, message: string) => [{ field, code: 'invalid', message }];
const lateMessage = 'is too late: from 23:55 JST the gateway settles from the next day on';
const tooLate = [{ field: 'on', code: 'too_late_today', message: lateMessage }];

test('amounts: at most the first; SoftBank settles the first only', async () => {
  for (const type of ['docomo', 'au'] as const) {
    for (const amountYen of [null, 1, 8000]) assert.equal(await faultsOf({ amountYen }, noon, type), 'allowed');
    assert.deepEqual(
      await faultsOf({ amountYen: 8001 }, noon, type),
      invalid('amount', 'must be at most 8000, the first amount'),
    );
  }
  for (const amountYen of [null, 8000]) assert.equal(await faultsOf({ amountYen }, noon, 'softbank'), 'allowed');
  for (const amountYen of [7999, 8001]) {
    assert.deepEqual(
      await faultsOf({ amountYen }, noon, 'softbank'),
      invalid('amount', 'must be 8000: SoftBank settles the first amount only'),
    );
  }
});

test('days: not past, not after settleBy; all faults at once', async () => {
  for (const on of [null, '2026-11-20', '2027-01-09']) assert.equal(await faultsOf({ on }), 'allowed');
  assert.deepEqual(await faultsOf({ on: '2026-11-19' }), invalid('on', 'must not be past'));
  const late = invalid('on', 'must be at most 2027-01-09, the last day to settle');
  assert.deepEqual(await faultsOf({ on: '2027-01-10' }), late);
  assert.deepEqual(await faultsOf({ on: '2027-01-10', amountYen: 9000 }), [
    ...invalid('amount', 'must be at most 8000, the first amount'),
    ...late,
  ]);
  const afterSettleBy = new Date('2027-01-20T03:00:00.000Z');
  for (const on of [null, '2027-01-20']) assert.equal(await faultsOf({ on }, afterSettleBy), 'allowed');
});

test('today is too late from 23:55:00 JST on; without a day it is then for tomorrow', async () => {
  const inTime = new Date('2026-11-20T14:54:59.999Z');
  const late = new Date('2026-11-20T14:55:00.000Z');
  assert.equal(await faultsOf({ on: '2026-11-20' }, inTime), 'allowed');
  assert.deepEqual(await faultsOf({ on: '2026-11-20' }, late), tooLate);
  assert.equal(await faultsOf({}, late), 'allowed');
  assert.equal(await faultsOf({ on: '2026-11-21' }, late), 'allowed');
});
