import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Method, statuses } from '../../shared/domain/order.ts';
import { type Effect, effectOf, findRow, statusesOf, transitions } from '../../shared/orders/transitions.ts';
import { contractTable } from '../support/contract-table.ts';

const methods: Method[] = ['card', 'carrier', 'cvs'];
const callbackEvent = /^(card|carrier|cvs)_(ok|ng|\d\d)$/;

function symbolOf(effect: Effect): string {
  if (effect.kind === 'move') return effect.attention ? 'A' : 'M';
  return { repeat: 'R', late: 'L', contradiction: 'C', not_allowed: '-' }[effect.kind];
}

for (const { method, event, from, effect, to, attention } of contractTable) {
  test(`contract 1.5: ${event} in ${from} is ${effect}`, () => {
    const row = findRow(method, event);
    assert.ok(row, `no row for ${event}`);
    const found = effectOf(row, from);
    assert.equal(symbolOf(found), effect);
    if (found.kind === 'move') assert.deepEqual([found.to, found.attention], [to, attention]);
  });
}

test('every callback of the table is one of the contract, once', () => {
  const known = transitions.map(row => row.event).filter(event => callbackEvent.test(event));
  assert.deepEqual(known.toSorted(), [...new Set(contractTable.map(cell => cell.event))].toSorted());
});

test('statuses by method are those of contract 1.4, and unknown for carrier orders that only callbacks know', () => {
  const expected: Record<Method, string> = {
    card: 'sending not_processed unknown declined registered paid cancelling cancelled',
    carrier:
      'unknown declined awaiting_customer authorized settle_scheduled settling settle_failed paid cancelling cancelled',
    cvs: 'sending not_processed unknown declined awaiting_customer received paid cancelled expired reversed received_after_cancel paid_after_cancel reversed_after_cancel',
  };
  for (const method of methods) assert.deepEqual(statusesOf[method].toSorted(), expected[method].split(' ').toSorted());
  assert.deepEqual([...new Set(methods.flatMap(method => statusesOf[method]))].toSorted(), statuses.toSorted());
});

test('no status stands in two lists of a row, and every list names statuses of the method', () => {
  for (const { method, event, from, against, repeat, late, contradiction } of transitions) {
    const listed = [...from, ...against, ...repeat, ...late, ...contradiction];
    assert.equal(new Set(listed).size, listed.length, `${method} ${event}`);
    assert.deepEqual(
      listed.filter(status => !statusesOf[method].includes(status)),
      [],
      `${method} ${event}`,
    );
  }
});

test('each event of a method has one row, and an unknown one none', () => {
  const names = transitions.map(row => `${row.method} ${row.event}`);
  assert.equal(new Set(names).size, names.length);
  assert.equal(findRow('card', 'card_07'), undefined);
  assert.equal(findRow('card', 'carrier_07'), undefined);
});
