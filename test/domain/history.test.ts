/** The log of an order for people: bounded, equal entries collapsed, the first of each money event kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEntry } from '../../shared/domain/history.ts';
import { append } from '../../shared/domain/history.ts';
import { type Status, statuses } from '../../shared/domain/words.ts';
import { noonText, seconds } from '../support/orders.ts';

const entry = (changes: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: noonText,
  source: 'callback',
  event: 'card_ok',
  from: 'paid',
  to: 'paid',
  code: 'a',
  note: 'a',
  actor: 'a',
  count: 1,
  ...changes,
});

test('equal consecutive entries become one, with a count and the first time', () => {
  const again = entry({ at: seconds(1).toISOString() });
  const history = [again, again].reduce(append, append([], entry()));
  assert.deepEqual(history, [entry({ count: 3 })]);
});

test('entries that differ in anything but time stay apart, and so do moves', () => {
  const others: Partial<HistoryEntry>[] = [
    { source: 'gateway' },
    { event: 'card_ng' },
    { code: 'b' },
    { note: 'b' },
    { actor: 'b' },
    { from: 'unknown' },
    { from: 'cancelled', to: 'cancelled' },
  ];
  for (const other of others)
    assert.deepEqual(append([entry()], entry(other)), [entry(), entry(other)], JSON.stringify(other));
  const move = entry({ from: 'unknown', to: 'paid' });
  assert.deepEqual(append([move], move), [move, move]);
});

test('at most 100 are kept: the oldest goes that is neither the first, nor the newest, nor the first of a money event', () => {
  const made = entry({ source: 'api', event: 'cvs_order', from: null, to: 'sending' });
  const money = [
    entry({ event: 'cvs_04', from: 'awaiting_customer', to: 'received' }),
    entry({ event: 'cvs_05', from: 'received', to: 'paid' }),
    entry({ event: 'cvs_06', from: 'paid', to: 'reversed' }),
  ];
  let history = [made, ...money].reduce(append, [] as HistoryEntry[]);
  for (let i = 0; i < 300; i += 1) {
    history = append(history, entry({ event: 'cvs_unlisted', code: `${i}` }));
    assert.ok(history.length <= 100);
  }
  const codes = history.slice(4).map(({ code }) => code);
  assert.deepEqual(history.slice(0, 4), [made, ...money]);
  assert.deepEqual([codes.length, codes[0], codes.at(-1)], [96, '204', '299']);
});

test('of equal money events the first is kept', () => {
  const money = (code: string) => entry({ from: 'unknown', to: 'paid', code });
  let history = append([], entry({ source: 'api', event: 'token_charge', from: null, to: 'sending' }));
  for (let i = 0; i < 150; i += 1) history = append(history, money(`${i}`));
  assert.deepEqual([history.length, history[1]?.code, history[2]?.code, history.at(-1)?.code], [100, '0', '52', '149']);
});

test('of a repeat of ours, request and outcome each count with the one before; a callback only with the last entry', () => {
  const repeat = (event: HistoryEntry['event'], source: HistoryEntry['source']) =>
    entry({ event, source, from: 'cancelling', to: 'cancelling', note: null });
  const [request, outcome] = [repeat('cancel', 'schedule'), repeat('cancel_unknown', 'gateway')];
  const made = entry({ source: 'api', event: 'token_charge', from: null });
  const begun = { ...request, source: 'api', from: 'paid' } as const;
  const history = [made, entry(), begun, outcome, request, outcome, request, outcome].reduce(
    append,
    [] as HistoryEntry[],
  );
  assert.deepEqual(history, [made, entry(), begun, { ...outcome, count: 3 }, { ...request, count: 2 }]);
  for (const source of ['callback', 'operator'] as const) {
    const [a, b] = [entry({ source, note: 'a' }), entry({ source, note: 'b' })];
    assert.deepEqual([a, b, a].reduce(append, [] as HistoryEntry[]), [a, b, a]);
  }
});

test('a step into a status that moved money, or the promise of it, is never dropped; any other is', () => {
  const money: Status[] = ['paid', 'registered', 'authorized', 'received', 'cancelled', 'reversed', 'settle_failed'];
  money.push('received_after_cancel', 'paid_after_cancel', 'reversed_after_cancel');
  for (const to of statuses) {
    const first = entry({ event: 'done', from: to === 'sending' ? 'unknown' : 'sending', to });
    let history = [entry({ source: 'api', event: 'token_charge', from: null, to: 'sending' }), first];
    for (let i = 0; i < 100; i += 1) history = append(history, entry({ code: `${i}` }));
    assert.equal(history.includes(first), money.includes(to), to);
    assert.deepEqual([history.length, history[0]?.event], [100, 'token_charge']);
  }
});
