/** Contract 1.6 and 1.7: what each word of the gateway makes of a settlement or a withdrawal, first or after a lost answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carrierSettle, carrierWithdraw, repeatSettle, repeatWithdraw } from '../../shared/orders/carrier-settle.ts';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  anAuthorized,
  at8000,
  callerOf,
  carrierCase,
  failed,
  lost,
  maintenance,
  notSent,
  says,
  standingOf,
  succeeded,
  summaryOf,
} from '../support/carrier.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const now = { amountYen: null, on: null, by: 'schedule' } as const;
const booking = { amountYen: 5000, on: '2026-12-05', by: 'gateway' } as const;

const provesNothing = ['010010007', '010010010', '010010107'];
/** A code of each kind that reveals nothing, and one that no manual lists. */
const plain = [
  '010010000',
  '010010012',
  '010010013',
  '010010015',
  '010100020',
  '010100024',
  '010100033',
  '010100034',
  '010100086',
  '010201301',
  '019999999',
];

type Row = [name: string, answer: Reply, ...expected: unknown[]];

const always: Row[] = [
  ['success', succeeded('20261201'), 'done', 'paid', null],
  ['settled already', failed('010100023'), 'done', 'paid', null],
  ['being settled', failed('010100036'), 'no_word', 'settling', 'outcome_unknown'],
  ['cancelled instead', failed('010100021'), 'refused', 'cancelled', null],
  ...plain.map((code): Row => [code, failed(code), 'refused', 'authorized', null]),
  ['no code', says('result=failure_order'), 'refused', 'authorized', null],
  ['invalid', says('result=invalid&error_code=00000002'), 'refused', 'authorized', null],
  ['maintenance', maintenance, 'not_taken', 'authorized', null],
  ['maintenance as a bare word', says('maintenance\n'), 'not_taken', 'authorized', null],
  ['no answer', lost, 'no_word', 'settling', 'outcome_unknown'],
  ['an empty answer', says(''), 'no_word', 'settling', 'outcome_unknown'],
  ['an answer of nobody', says('<html>'), 'no_word', 'settling', 'outcome_unknown'],
  ['success without a day', says('result=Success_order&error_code=-'), 'no_word', 'settling', 'outcome_unknown'],
  [
    'HTTP 500',
    { kind: 'answered', status: 500, body: Buffer.from('result=Success_order&error_code=-&date=20261201') },
    'no_word',
    'settling',
    'outcome_unknown',
  ],
];
const first: Row[] = [
  ...always,
  ['no connection', notSent, 'not_taken', 'authorized', null],
  ...provesNothing.map((code): Row => [code, failed(code), 'refused', 'authorized', null]),
];
const afterLost: Row[] = [
  ...always,
  ['no connection', notSent, 'not_taken', 'settling', 'outcome_unknown'],
  ...provesNothing.map((code): Row => [code, failed(code), 'no_word', 'settling', 'outcome_unknown']),
];

for (const [name, answer, ...expected] of first) {
  test(`settlement, first send, ${name}: ${expected.join(' ')}`, async () => {
    const { gateway, deps, keep, read } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.say(answer);
    assert.deepEqual(summaryOf(await carrierSettle(deps, orderId, callerOf('A'), now)), expected);
    const { carrier, pending, claim, status } = await read(orderId);
    const isOpen = status === 'settling';
    assert.deepEqual(carrier?.settlement, status === 'authorized' ? null : at8000('2026-12-01'));
    assert.deepEqual([pending !== null, claim], [isOpen, null]);
    assert.equal(gateway.heard.length, 1);
  });
}

/** Who sends again, and how. */
const repeats = {
  'the same key': ({ deps }, orderId) => carrierSettle(deps, orderId, callerOf('A'), { ...now, amountYen: 5000 }),
  'a new key': ({ deps }, orderId) => carrierSettle(deps, orderId, callerOf('B'), { ...now, amountYen: 5000 }),
  'due work': async ({ deps, read }, orderId) => repeatSettle(deps, await read(orderId)),
} satisfies Record<string, (all: ReturnType<typeof carrierCase>, orderId: string) => Promise<unknown>>;

for (const [who, again] of Object.entries(repeats)) {
  test(`a settlement whose answer was lost, repeated by ${who}`, async () => {
    for (const [name, answer, ...expected] of afterLost) {
      const all = carrierCase(store);
      const orderId = await all.keep(anAuthorized());
      all.gateway.say(lost, answer);
      await carrierSettle(all.deps, orderId, callerOf('A'), { ...now, amountYen: 5000 });
      assert.deepEqual(summaryOf(await again(all, orderId)), expected, name);
      const { status, carrier, pending } = await all.read(orderId);
      assert.equal(pending?.lost ?? null, status === 'settling' ? true : null, name);
      assert.deepEqual(
        carrier?.settlement,
        status === 'authorized' ? null : { ...at8000('2026-12-01'), amountYen: 5000 },
        name,
      );
      assert.equal(all.gateway.heard[1], all.gateway.heard[0], name);
    }
  });
}

test('due work leaves alone what another run holds', async () => {
  const { gateway, deps, keep, read } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.onSend = async () => assert.equal(await repeatSettle(deps, await read(orderId)), null);
  gateway.say(succeeded('20261201'));
  await carrierSettle(deps, orderId, callerOf('A'), now);
  assert.equal(await repeatSettle(deps, await read(orderId)), null);
  assert.equal(gateway.heard.length, 1);
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
    const { gateway, deps, keep } = carrierCase(store);
    const orderId = await keep(anAuthorized());
    gateway.say(says(parameters.join('&')));
    const acted = await carrierSettle(deps, orderId, callerOf('A'), now);
    assert.deepEqual(summaryOf(acted), ['done', 'settle_scheduled', null], parameters.join('&'));
  }
});

test('a success for a later day than today is a booking at the gateway, whatever was asked for', async () => {
  const { gateway, deps, keep, read } = carrierCase(store);
  for (const [date, status, on, by] of [
    ['20261202', 'settle_scheduled', '2026-12-02', 'gateway'],
    ['20261231', 'settle_scheduled', '2026-12-31', 'gateway'],
    ['20261201', 'paid', '2026-12-01', 'schedule'],
    ['20261130', 'paid', '2026-12-01', 'schedule'],
  ] as const) {
    const orderId = await keep(anAuthorized());
    gateway.say(succeeded(date));
    await carrierSettle(deps, orderId, callerOf('A'), now);
    const order = await read(orderId);
    assert.deepEqual([order.status, order.carrier?.settlement], [status, at8000(on, by)]);
  }
});

test('what stays open is sent until a word comes, and its first key is then done', async () => {
  const { gateway, deps, keep, read } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.say(lost, lost, notSent, failed('010010007'), failed('010100036'), succeeded('20261201'));
  await carrierSettle(deps, orderId, callerOf('A'), now);
  for (let left = 4; left > 0; left -= 1) {
    await repeatSettle(deps, await read(orderId));
    assert.deepEqual(standingOf(await read(orderId)), ['settling', 'outcome_unknown']);
  }
  await repeatSettle(deps, await read(orderId));
  assert.deepEqual(standingOf(await read(orderId)), ['paid', null]);
  const replayed = await carrierSettle(deps, orderId, callerOf('A'), now);
  assert.deepEqual(replayed, { kind: 'done', order: await read(orderId), replayed: true });
  assert.equal(gateway.heard.length, 6);
});

const withdrawals: [name: string, answer: Reply, first: unknown[], afterLost: unknown[]][] = [
  ['success', succeeded('20261201'), ['done', 'authorized', null], ['done', 'authorized', null]],
  ['a refusal', failed('010010011'), ['refused', 'settle_scheduled', null], ['refused', 'settle_scheduled', null]],
  [
    'settled already',
    failed('010100023'),
    ['refused', 'settle_scheduled', null],
    ['refused', 'settle_scheduled', null],
  ],
  ['maintenance', maintenance, ['not_taken', 'settle_scheduled', null], ['not_taken', 'settle_scheduled', null]],
  [
    'no connection',
    notSent,
    ['not_taken', 'settle_scheduled', null],
    ['not_taken', 'settle_scheduled', 'outcome_unknown'],
  ],
  [
    'no answer',
    lost,
    ['no_word', 'settle_scheduled', 'outcome_unknown'],
    ['no_word', 'settle_scheduled', 'outcome_unknown'],
  ],
  ...provesNothing.map((code): [string, Reply, unknown[], unknown[]] => [
    code,
    failed(code),
    ['refused', 'settle_scheduled', null],
    ['no_word', 'settle_scheduled', 'outcome_unknown'],
  ]),
];

for (const [name, answer, expected, expectedAfterLost] of withdrawals) {
  test(`a withdrawal at the gateway, ${name}: ${expected.join(' ')}`, async () => {
    const settlement = { ...at8000('2026-12-05', 'gateway'), amountYen: 5000 };
    const left = (status: string) => (status === 'authorized' ? null : settlement);
    const { gateway, deps, keep, read } = carrierCase(store);
    const orderId = await keep(anAuthorized('au', settlement));
    gateway.say(answer);
    assert.deepEqual(summaryOf(await carrierWithdraw(deps, orderId, callerOf('A'))), expected);
    const order = await read(orderId);
    assert.deepEqual(order.carrier?.settlement, left(order.status));

    const other = await keep(anAuthorized('au', settlement));
    gateway.say(lost, answer, lost, answer);
    await carrierWithdraw(deps, other, callerOf('A'));
    assert.deepEqual(summaryOf(await carrierWithdraw(deps, other, callerOf('A'))), expectedAfterLost);
    const third = await keep(anAuthorized('au', settlement));
    await carrierWithdraw(deps, third, callerOf('A'));
    assert.deepEqual(summaryOf(await repeatWithdraw(deps, await read(third))), expectedAfterLost);
    assert.deepEqual((await read(third)).carrier?.settlement, left((await read(third)).status));
  });
}

test('a booking at the gateway whose answer was lost: booked by the repeat, on the day of its answer', async () => {
  const { gateway, deps, keep, read } = carrierCase(store);
  const orderId = await keep(anAuthorized());
  gateway.say(lost, succeeded('20261206'));
  await carrierSettle(deps, orderId, callerOf('A'), booking);
  assert.deepEqual(summaryOf(await repeatSettle(deps, await read(orderId))), ['done', 'settle_scheduled', null]);
  assert.deepEqual((await read(orderId)).carrier?.settlement, { on: '2026-12-06', amountYen: 5000, by: 'gateway' });
});
