/** Contract 1.6: what each answer of the gateway makes of a withdrawal, on a first send and after a lost answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reply } from '../../shared/zeus/wire/transport.ts';
import {
  aBooked,
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

const open = ['open', 'settle_scheduled', 'outcome_unknown'];
const done = ['done', 'authorized'];
const refusals = ['010010007', '010010010', '010010107', '010010011', '010100021', '010100023', '010100036'];

const rows: [name: string, answer: Reply, first: string[], afterLost: string[]][] = [
  ['success', succeeded('20261201'), done, done],
  ...refusals.map((code): [string, Reply, string[], string[]] => [
    code,
    failed(code),
    ['refused', 'settle_scheduled'],
    open,
  ]),
  ['invalid', answering('result=invalid&error_code=00000003'), ['refused', 'settle_scheduled'], open],
  ['maintenance', maintenance, ['not_processed', 'settle_scheduled'], open],
  ['no connection', notSent, ['not_processed', 'settle_scheduled'], open],
  ['no answer', lost, open, open],
  ['an answer that no manual lists', answering('<html>'), open, open],
];

const booking = { on: '2026-12-05', amountYen: 5000, by: 'gateway' };

for (const [name, answer, expected, expectedAfterLost] of rows) {
  test(`a withdrawal at the gateway, ${name}: first ${expected.join(' ')}, later ${expectedAfterLost.join(' ')}`, async () => {
    const { gateway, withdraw, keep, read, runAt, find } = carrierCase(store);
    const shown = async (orderId: string) => (await read(orderId)).carrier?.settlement ?? null;
    const left = ([, status]: string[]) => (status === 'authorized' ? null : booking);
    const start = aBooked('2026-12-05', 'gateway', 5000);

    const first = await keep(start);
    gateway.answer(answer);
    assert.deepEqual(resultOf(await withdraw(first, 'A')), expected);
    assert.deepEqual(await shown(first), left(expected));

    for (const key of ['A', 'B']) {
      const orderId = await keep(start);
      gateway.answer(lost, answer);
      assert.deepEqual(resultOf(await withdraw(orderId, 'A')), open);
      assert.deepEqual(resultOf(await withdraw(orderId, key)), expectedAfterLost);
      assert.deepEqual(await shown(orderId), left(expectedAfterLost));
    }
    const byDueWork = await keep(start);
    gateway.answer(lost, answer);
    await withdraw(byDueWork, 'A');
    await runAt(byDueWork, '2026-12-01 12:05:00');
    assert.deepEqual(standingOf(await find(byDueWork)), expectedAfterLost.slice(1));
    assert.deepEqual(await shown(byDueWork), left(expectedAfterLost));
    assert.equal(new Set(gateway.requests).size, 1);
  });
}

test('a booking of our schedule is withdrawn without a request, until the day before', async () => {
  const { gateway, withdraw, keep, clock } = carrierCase(store);
  const early = await keep(aBooked('2026-12-02'));
  const late = await keep(aBooked('2026-12-02'));
  assert.deepEqual(resultOf(await withdraw(early, 'A')), ['done', 'authorized']);
  clock.set(new Date('2026-12-01T15:00:00Z'));
  assert.deepEqual(resultOf(await withdraw(late, 'A')), ['wrong_status', 'settle_scheduled']);
  assert.deepEqual(gateway.requests, []);
});
