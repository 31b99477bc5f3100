/** Calls arrive in any order and more than once. What each order of arrival comes to is what contract 1.5 says, call by call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order, Status } from '../../shared/domain/order.ts';
import { decide } from '../../shared/orders/decide-callback.ts';
import {
  afterOperatorsCancel,
  arrivals,
  calledStatuses,
  effectOf,
  type Standing,
  standingAfter,
  standingAfterAll,
} from '../support/cvs-contract.ts';
import { aNotice, noon, placed } from '../support/orders.ts';

const cash = ['01', '04', '05', '06'];
const afterCancel = ['11', '12', '13'];
const beginnings: Status[] = ['sending', 'unknown', 'not_processed', 'declined', 'awaiting_customer', 'expired'];

const called = (order: Order, call: string) => decide(order, aNotice('cvs', call), { ipCode: '2019000001', at: noon });
const standingOf = (order: Order): Standing => ({ status: order.status, attention: order.attention?.reason ?? null });
/** What no call may take away once it is there. */
const kept = ({ status, orderNumber, paidAt, cvs }: Order) => ({ status, orderNumber, paidAt, cvs });

interface Walk {
  calls: readonly string[];
  times: number;
  /** What one call is expected to come to. */
  expected: (standing: Standing, call: string) => Standing;
  seen?: (order: Order, arrived: readonly string[]) => void;
}

/** Goes every way that the calls can arrive in, and judges each step. Answers how many there were. */
function walk(order: Order, { calls, times, expected, seen }: Walk, arrived: readonly string[] = []): number {
  let steps = 0;
  for (const call of calls.filter(each => arrived.filter(before => before === each).length < times)) {
    const now = [...arrived, call];
    const { effect, next } = called(order, call);
    const after = next ?? order;
    assert.deepEqual(standingOf(after), expected(standingOf(order), call), now.join(' '));
    if (effect !== 'moved' && order.orderNumber !== null)
      assert.deepEqual(kept(after), kept(order), `${now.join(' ')} undid something`);
    assert.deepEqual(
      arrived.filter(each => !after.history.some(entry => entry.event === `cvs_${each}`)),
      [],
      'history lost a call',
    );
    seen?.(after, now);
    steps += 1 + walk(after, { calls, times, expected, ...(seen && { seen }) }, now);
  }
  return steps;
}

test('the contract says of every status what each of the nine calls does', () => {
  for (const call of calledStatuses) for (const status of beginnings) assert.ok(effectOf(status, call));
  assert.equal(calledStatuses.length, 9);
});

for (const beginning of beginnings) {
  test(`01, 04, 05, 06, each up to twice, in every order, from ${beginning}`, () => {
    const steps = walk(placed('cvs', beginning), {
      calls: cash,
      times: 2,
      expected: standingAfter,
      seen({ status, attention }, arrived) {
        // What a person must see, said without the table.
        const isContradictory = arrived.includes('05') && arrived.includes('06');
        const isSurprising = beginning === 'declined' || beginning === 'not_processed';
        const hasMoney = arrived.includes('04') || arrived.includes('05');
        if (isContradictory) assert.notEqual(attention, null, arrived.join(' '));
        if (isSurprising && hasMoney && !arrived.includes('01')) assert.notEqual(attention, null, arrived.join(' '));
        // Confirmed cash is final, whatever came before or comes after.
        if (arrived.includes('05')) assert.equal(status, 'paid', arrived.join(' '));
      },
    });
    assert.equal(steps, 7364);
  });
}

for (const beginning of ['awaiting_customer', 'expired', 'received', 'paid', 'reversed', 'unknown'] as const) {
  test(`11, 12, 13, each up to twice, in every order, from ${beginning}`, () => {
    const steps = walk(placed('cvs', beginning), {
      calls: afterCancel,
      times: 2,
      expected: standingAfter,
      seen({ status, attention }, arrived) {
        // Cash that 13 has taken back before 11 is heard of is nobody's trouble.
        if (arrived.includes('12') || arrived[0] === '11') assert.notEqual(attention, null, arrived.join(' '));
        // Of 12 and 13 the first holds, and 11 never takes it back.
        const last = arrived.find(call => call !== '11');
        const statuses = { '12': 'paid_after_cancel', '13': 'reversed_after_cancel' };
        assert.equal(status, last ? statuses[last as '12' | '13'] : 'received_after_cancel', arrived.join(' '));
      },
    });
    assert.equal(steps, 270);
  });
}

test('all nine mixed, each once, up to five of them', () => {
  let sequences = 0;
  for (const beginning of ['unknown', 'awaiting_customer'] as const) {
    for (const arrived of arrivals(calledStatuses, 1, 5)) {
      const start = placed('cvs', beginning);
      const end = arrived.reduce((order, call) => called(order, call).next ?? order, start);
      assert.deepEqual(
        standingOf(end),
        standingAfterAll(standingOf(start), arrived),
        `${beginning}: ${arrived.join(' ')}`,
      );
      sequences += 1;
    }
  }
  assert.equal(sequences, 2 * (9 + 72 + 504 + 3024 + 15_120));
});

test("after an operator's cancel 04, 05, 06 come to what 11, 12, 13 do, in every order", () => {
  const order = placed('cvs', 'cancelled', { cancelledByOperator: true });
  const expected = (standing: Standing, call: string) => standingAfter(standing, afterOperatorsCancel[call] ?? call);
  walk(order, {
    calls: ['04', '05', '06'],
    times: 2,
    expected,
    seen({ attention }, arrived) {
      if (arrived.includes('05') || arrived[0] === '04') assert.notEqual(attention, null, arrived.join(' '));
    },
  });
  walk(order, { calls: ['01', '03', '04', '05', '06', '12', '13'], times: 1, expected });
});

/** Each way of arrival once, grouped by what it comes to. */
function tableOf(beginning: Status, calls: readonly string[]): string[] {
  const ends = new Map<string, string[]>();
  for (const arrived of arrivals(calls)) {
    const end = arrived.reduce((order, call) => called(order, call).next ?? order, placed('cvs', beginning));
    const { status, attention } = standingOf(end);
    const name = `${status}${attention ? ` (${attention})` : ''}`;
    ends.set(name, [...(ends.get(name) ?? []), arrived.join('-')]);
  }
  return [`${beginning}, then`, ...[...ends].flatMap(([name, ways]) => [`  ${name}`, ...inLines(ways)])];
}

const inLines = (ways: string[]): string[] =>
  Array.from(
    { length: Math.ceil(ways.length / 6) },
    (_, line) => `      ${ways.slice(6 * line, 6 * line + 6).join('  ')}`,
  );

test('the table of results, for people', t => {
  const table = [
    ...tableOf('unknown', cash),
    ...tableOf('awaiting_customer', cash),
    ...tableOf('declined', cash),
    ...tableOf('awaiting_customer', afterCancel),
    ...tableOf('received', afterCancel),
  ];
  for (const line of table) t.diagnostic(line);
  const ways = table.filter(line => line.startsWith('      ')).flatMap(line => line.trim().split('  '));
  assert.equal(ways.length, 3 * 64 + 2 * 15);
});
