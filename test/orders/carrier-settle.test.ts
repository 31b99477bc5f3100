/** Contract 1.6: what each answer of the gateway makes of a settlement, on a first send and after a lost answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Operated } from '../../shared/orders/operate.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  anAuthorized,
  answering,
  carrierCase,
  failed,
  lost,
  maintenance,
  notSent,
  resultOf,
  standingOf,
  succeeded,
} from '../support/carrier-case.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();

const provesNothing = ['010010007', '010010010', '010010107'];
/** A code of each kind that proves nothing about the payment, and one that no manual lists. */
const plain = [
  '010010000',
  '010010012',
  '010010013',
  '010010015',
  '010100020',
  '010100033',
  '010100034',
  '010100086',
  '010201301',
  '019999999',
];

type Row = [name: string, answer: Reply, ...expected: unknown[]];

const open = ['open', 'settling', 'outcome_unknown'];

/** The same on a first send and after a lost answer. */
const always: Row[] = [
  ['success', succeeded('20261201'), 'done', 'paid'],
  ['being settled', failed('010100036'), ...open],
  ['will be settled by itself', failed('010100024'), ...open],
  ['cancelled instead', failed('010100021'), 'refused', 'cancelled'],
  ['no answer', lost, ...open],
  ['an empty answer', answering(''), ...open],
  ['an answer that no manual lists', answering('<html>'), ...open],
  ['success without a day', answering('result=Success_order&error_code=-'), ...open],
  [
    'HTTP 500',
    { kind: 'answered', status: 500, body: Buffer.from('result=Success_order&error_code=-&date=20261201') },
    ...open,
  ],
];
/** Whatever restores the order on a first send and proves nothing after a lost answer. */
const restoring: [name: string, answer: Reply, kind: string][] = [
  ...[...plain, ...provesNothing].map((code): [string, Reply, string] => [code, failed(code), 'refused']),
  ['no code', answering('result=failure_order'), 'refused'],
  ['invalid', answering('result=invalid&error_code=00000002'), 'refused'],
  ['maintenance', maintenance, 'not_processed'],
  ['maintenance as the whole body', answering('maintenance\n'), 'not_processed'],
  ['no connection', notSent, 'not_processed'],
];
const first: Row[] = [
  ...always,
  ['settled already', failed('010100023'), 'done', 'paid', 'settled_elsewhere'],
  ...restoring.map(([name, answer, kind]): Row => [name, answer, kind, 'authorized']),
];
const afterLost: Row[] = [
  ...always,
  ['settled already', failed('010100023'), 'done', 'paid'],
  ...restoring.map(([name, answer]): Row => [name, answer, ...open]),
];

const asked = (amountYen: number) => ({ on: '2026-12-01', amountYen, by: 'schedule' }) as const;
/** Without effect nothing is shown as settled; said to be done already, the amount is not known to be ours. */
const shownFor = ([, status, reason]: unknown[], amountYen: number) =>
  status === 'settling' || (status === 'paid' && reason !== 'settled_elsewhere') ? asked(amountYen) : null;

for (const [name, answer, ...expected] of first) {
  test(`settlement, first send, ${name}: ${expected.join(' ')}`, async () => {
    const { gateway, settle, keep, read } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.answer(answer);
    assert.deepEqual(resultOf(await settle(orderId, 'A')), expected);
    const { carrier, open: left, paid } = await read(orderId);
    assert.deepEqual(carrier?.settlement ?? null, shownFor(expected, 8000));
    assert.deepEqual([left?.lost ?? null, left?.claim ?? null], [expected[0] === 'open' ? true : null, null]);
    const amountYen = expected[2] === 'settled_elsewhere' ? null : 8000;
    assert.deepEqual(paid, expected[1] === 'paid' ? { amountYen, at: '2026-12-01T03:00:00.000Z' } : null);
    assert.equal(gateway.requests.length, 1);
  });
}

type Case = ReturnType<typeof carrierCase>;
/** What sends again, and how. */
const repeats: Record<string, (all: Case, orderId: string) => Promise<Operated | null>> = {
  'the same key': ({ settle }, orderId) => settle(orderId, 'A', { amountYen: 5000 }),
  'a new key': ({ settle }, orderId) => settle(orderId, 'B', { amountYen: 5000 }),
  'due work': async ({ runAt }, orderId) => runAt(orderId, '2026-12-01 12:05:00').then(() => null),
};

for (const [by, again] of Object.entries(repeats)) {
  test(`a settlement whose answer was lost, repeated by ${by}: every answer, the bytes of the first send`, async () => {
    for (const [name, answer, ...expected] of afterLost) {
      const all = carrierCase(store);
      const orderId = await all.keep(anAuthorized());
      all.gateway.answer(lost, answer);
      assert.deepEqual(resultOf(await all.settle(orderId, 'A', { amountYen: 5000 })), open);
      const operated = await again(all, orderId);
      if (by !== 'due work') assert.deepEqual(resultOf(operated), expected, name);
      assert.deepEqual(standingOf(await all.find(orderId)), expected.slice(1), name);
      const { carrier, open: left } = await all.read(orderId);
      assert.equal(left?.lost ?? null, expected[0] === 'open' ? true : null, name);
      assert.deepEqual(carrier?.settlement ?? null, shownFor(expected, 5000), name);
      const [sent, repeated, ...more] = all.gateway.requests;
      assert.deepEqual([repeated, more], [sent, []], name);
    }
  });
}

test('due work leaves alone what another invocation holds', async () => {
  const { gateway, settle, keep, runOnly } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.onRequest = () => runOnly(orderId);
  gateway.answer(succeeded('20261201'));
  assert.deepEqual(resultOf(await settle(orderId, 'A')), ['done', 'paid']);
  await runOnly(orderId);
  assert.equal(gateway.requests.length, 1);
});

test("the answer's parameters come in any order", async () => {
  const [result, code, date] = ['result=Success_order', 'error_code=-', 'date=20261202'] as const;
  const orders = [
    [result, code, date],
    [result, date, code],
    [code, result, date],
    [code, date, result],
    [date, result, code],
    [date, code, result],
  ];
  for (const parameters of orders) {
    const { gateway, settle, keep } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.answer(answering(parameters.join('&')));
    assert.deepEqual(resultOf(await settle(orderId, 'A')), ['done', 'settle_scheduled'], parameters.join('&'));
  }
});

test('a success for a later day than today is a booking at the gateway, whatever was asked for', async () => {
  const { gateway, settle, keep, read } = carrierCase(store);
  for (const [date, status, on, by] of [
    ['20261202', 'settle_scheduled', '2026-12-02', 'gateway'],
    ['20261231', 'settle_scheduled', '2026-12-31', 'gateway'],
    ['20261201', 'paid', '2026-12-01', 'schedule'],
    ['20261130', 'paid', '2026-12-01', 'schedule'],
  ] as const) {
    const orderId = await keep(anAuthorized());
    gateway.answer(succeeded(date));
    await settle(orderId, 'A');
    const order = await read(orderId);
    assert.deepEqual([order.status, order.carrier?.settlement], [status, { on, amountYen: 8000, by }]);
  }
});

test('a booking at the gateway whose answer was lost: booked by the repeat, on the day of its answer', async () => {
  const { gateway, settle, keep, read, runAt } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.answer(lost, succeeded('20261206'));
  const booking = { amountYen: 5000, on: '2026-12-05', by: 'gateway' } as const;
  assert.deepEqual(resultOf(await settle(orderId, 'A', booking)), open);
  await runAt(orderId, '2026-12-01 12:05:00');
  const { status, attention, carrier } = await read(orderId);
  assert.deepEqual([status, attention], ['settle_scheduled', []]);
  assert.deepEqual(carrier?.settlement, { on: '2026-12-06', amountYen: 5000, by: 'gateway' });
  assert.deepEqual(gateway.requests[1], gateway.requests[0]);
});

const takenOver: [own: Reply, other: Reply, standing: string[]][] = [
  [succeeded('20261201'), lost, ['paid']],
  [lost, succeeded('20261201'), ['paid']],
  [lost, failed('010100023'), ['paid']],
  [succeeded('20261201'), failed('010100023'), ['paid']],
  [failed('010010006'), failed('010100036'), ['settling', 'outcome_unknown']],
  [failed('010010006'), lost, ['settling', 'outcome_unknown']],
  [failed('010100021'), lost, ['cancelled']],
];

test('a claim that is taken over after 120 s: whichever answer proves something counts, and a refusal does not', async () => {
  for (const [index, [own, other, expected]] of takenOver.entries()) {
    const { gateway, settle, keep, find, read, runAt } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.onRequest = async () => {
      gateway.onRequest = async () => {};
      await runAt(orderId, '2026-12-01 12:01:59');
      assert.equal(gateway.requests.length, 1);
      await runAt(orderId, '2026-12-01 12:02:00');
    };
    gateway.answer(other, own);
    await settle(orderId, 'A', { amountYen: 5000 });
    assert.deepEqual(standingOf(await find(orderId)), expected, String(index));
    if (expected[0] === 'paid') assert.equal((await read(orderId)).paid?.amountYen, 5000);
    assert.equal(gateway.requests.length, 2);
  }
});
