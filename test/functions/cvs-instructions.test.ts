/** What a shop shows the payer (issue of numbers, 002 p.6 and 7): store, numbers under their labels, amount, deadline, page. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { CvsOrder } from '../../local/simulator/state.ts';
import type { Store } from '../../shared/domain/words.ts';
import { cvsCalls, dashedDay, manualStores, storeNames } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, knownAs, counter } = cvsCalls(local);
beforeEach(() => gateway.reset());

/** What a shop's page would say, from the order alone. */
const printed = ({
  amount,
  cvs,
}: {
  amount: number;
  cvs: { store: string; paymentNumbers: { label: string; value: string }[]; payBy: string };
}): string[] => [
  cvs.store,
  ...cvs.paymentNumbers.map(({ label, value }) => `${label}: ${value}`),
  `${amount}円`,
  cvs.payBy,
];

/** The same from the gateway's record and the manual's labels. */
const expected = (store: Store, { payNo1, payNo2, money, payLimit }: CvsOrder): string[] => [
  store,
  ...manualStores[store].labels.map((label, i) => `${label}: ${[payNo1, payNo2][i]}`),
  `${money}円`,
  dashedDay(payLimit),
];

const lost = 'lost-answer@fault.invalid';

for (const store of storeNames) {
  test(`${store}: after the answer, and after the callbacks that follow it`, async () => {
    const { body } = await order(`answer-${store}`, { store });
    const shown = expected(store, knownAs(body.orderId));
    assert.deepEqual(printed(body), shown);
    await gateway.idle();
    assert.deepEqual(printed(await read(body.orderId)), shown);
    await counter(knownAs(body.orderId).orderNumber, 'pay');
    assert.deepEqual(printed(await read(body.orderId)), shown);
  });

  test(`${store}: after 01 alone`, async () => {
    const { body } = await order(`callback-${store}`, { store, email: lost });
    await gateway.idle();
    assert.deepEqual(printed(await read(body.orderId)), expected(store, knownAs(body.orderId)));
  });

  test(`${store}: after a re-issue with a later deadline`, async () => {
    const { body } = await order(`reissue-${store}`, { store });
    await gateway.idle();
    gateway.settings({ payDays: 30 });
    await counter(knownAs(body.orderId).orderNumber, 'reissue');
    const after = await read(body.orderId);
    assert.deepEqual(printed(after), expected(store, knownAs(body.orderId)));
    assert.equal(after.cvs.redirectUrl, null);
  });
}

// The merchant chooses which parameters a call carries (002 p.11), and may well leave these out.
for (const callbackOmit of [['pay_cvs'], ['pay_no2'], ['pay_limit'], ['pay_cvs', 'pay_no1', 'pay_no2', 'pay_limit']]) {
  test(`a call without ${callbackOmit.join(', ')} takes nothing away that the answer told`, async () => {
    gateway.settings({ callbackOmit });
    for (const store of ['lawson', 'seven-eleven'] as const) {
      const { body } = await order(`omit-${callbackOmit}-${store}`, { store });
      const shown = expected(store, knownAs(body.orderId));
      await gateway.idle();
      assert.deepEqual(printed(await read(body.orderId)), shown, `${store} after 01`);
      await counter(knownAs(body.orderId).orderNumber, 'pay', 'confirm');
      assert.deepEqual(printed(await read(body.orderId)), shown, `${store} after 05`);
    }
  });
}

test('after 01 alone without pay_cvs: the order knows its store, so the labels are its own', async () => {
  gateway.settings({ callbackOmit: ['pay_cvs'] });
  const { body } = await order('no store', { store: 'familymart', email: lost });
  await gateway.idle();
  assert.deepEqual(printed(await read(body.orderId)), expected('familymart', knownAs(body.orderId)));
});

test('after a re-issue without pay_cvs: the same', async () => {
  gateway.settings({ callbackOmit: ['pay_cvs'] });
  const { body } = await order('no store, again', { store: 'familymart' });
  await gateway.idle();
  gateway.settings({ payDays: 30 });
  await counter(knownAs(body.orderId).orderNumber, 'reissue');
  assert.deepEqual(printed(await read(body.orderId)), expected('familymart', knownAs(body.orderId)));
});

test('the page of 7-Eleven stays through the calls about its number', async () => {
  const { body } = await order('page stays', { store: 'seven-eleven' });
  assert.match(body.cvs.redirectUrl, /^http.*=.*=/);
  await gateway.idle();
  await counter(knownAs(body.orderId).orderNumber, 'pay', 'confirm');
  assert.equal((await read(body.orderId)).cvs.redirectUrl, body.cvs.redirectUrl);
});
