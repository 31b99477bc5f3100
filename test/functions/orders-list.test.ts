import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { dayOf } from '../../shared/domain/days.ts';
import { type Method, type Status, statuses } from '../../shared/domain/words.ts';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { type Listed, orderList } from '../support/order-list.ts';
import { usual } from '../support/orders.ts';
import { clearTable } from '../support/table.ts';

const local = await startLocal();
const { client, charge } = cardActions(local);
const { add, list } = orderList(local);
beforeEach(() => clearTable(client));

const idsOf = async (query: string): Promise<string[]> => {
  const { status, body } = await list(query);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(Object.keys(body), ['orders', 'cursor']);
  assert.equal(body.cursor, null);
  return body.orders.map((order: { orderId: string }) => order.orderId);
};

test('a day is a day in Japan, from midnight to the last millisecond, newest first', async () => {
  const at = (createdAt: string) => add('card', 'declined', { createdAt });
  const before = await at('2026-11-19T14:59:59.999Z');
  const first = await at('2026-11-19T15:00:00.000Z');
  const middle = await at('2026-11-20T00:00:00.000Z');
  const last = await at('2026-11-20T14:59:59.999Z');
  const after = await at('2026-11-20T15:00:00.000Z');
  for (const filter of ['', '&status=declined']) {
    assert.deepEqual(await idsOf(`date=2026-11-20${filter}`), [last, middle, first]);
    assert.deepEqual(await idsOf(`date=2026-11-19${filter}`), [before]);
    assert.deepEqual(await idsOf(`date=2026-11-21${filter}`), [after]);
    assert.deepEqual(await idsOf(`date=2026-11-22${filter}`), []);
  }
});

test('the borders of a day hold for the lists by reference and by attention', async () => {
  for (const createdAt of [
    '2026-11-19T14:59:59.999Z',
    '2026-11-19T15:00:00.000Z',
    '2026-11-20T14:59:59.999Z',
    '2026-11-20T15:00:00.000Z',
  ]) {
    await add('card', 'paid', { createdAt, reference: 'A-1', attention: true });
  }
  for (const filter of ['reference=A-1', 'attention=true', 'gatewayOrderNumber=N1']) {
    const { body } = await list(`date=2026-11-20&${filter}`);
    const times = body.orders.map((order: { createdAt: string }) => order.createdAt);
    assert.deepEqual(times, ['2026-11-20T14:59:59.999Z', '2026-11-19T15:00:00.000Z'], filter);
  }
});

test('an order in a list is the order as it is read alone', async () => {
  const orderId = await add('cvs', 'awaiting_customer', { reference: 'A-2' });
  const { body } = await list('date=2026-11-20');
  assert.deepEqual(body.orders, [(await local.call('GET', `/orders/${orderId}`)).body]);
});

test('without a date it is today in Japan', async () => {
  await add('card', 'paid', { createdAt: new Date(Date.now() - 2 * 86_400_000).toISOString() });
  const day = dayOf(new Date());
  const { body } = await charge(`today ${day}`);
  const isStillToday = day === dayOf(new Date());
  if (isStillToday) assert.deepEqual(await idsOf(''), [body.orderId]);
});

test('every status lists its own orders', async () => {
  const added: [Status, string][] = [];
  for (const method of ['card', 'carrier', 'cvs'] as const) {
    for (const status of Object.keys(usual[method]) as Status[]) {
      added.push([status, await add(method, status, { claimedAt: new Date().toISOString() })]);
    }
  }
  for (const status of statuses) {
    const expected = added.filter(([each]) => each === status).map(([, orderId]) => orderId);
    assert.deepEqual(await idsOf(`date=2026-11-20&status=${status}`), expected.reverse(), status);
  }
});

test('a stale claim lists as unknown, in its place, before due work has stored it so', async () => {
  const unknown = [await add('card', 'unknown')];
  unknown.push(await add('card', 'sending'));
  unknown.push(await add('cvs', 'unknown'));
  const fresh = await add('card', 'sending', { claimedAt: new Date().toISOString() });
  assert.deepEqual(await idsOf('date=2026-11-20&status=unknown'), unknown.toReversed());
  assert.deepEqual(await idsOf('date=2026-11-20&status=sending'), [fresh]);
  const { body } = await list('date=2026-11-20&status=unknown');
  assert.deepEqual(
    body.orders.map((order: { status: string }) => order.status),
    ['unknown', 'unknown', 'unknown'],
  );
});

test('attention without a date: all days, oldest first; with one: that day, newest first', async () => {
  const days = ['2026-11-18', '2026-11-20', '2026-11-20', '2027-01-05', '2025-01-01'];
  const made: { day: string; orderId: string }[] = [];
  for (const [i, day] of days.entries()) {
    made.push({ day, orderId: await add('card', 'paid', { createdAt: `${day}T0${i}:00:00.000Z`, attention: true }) });
    await add('card', 'paid', { createdAt: `${day}T0${i}:30:00.000Z` });
  }
  const [a, b, c, d, e] = made.map(each => each.orderId);
  assert.deepEqual(await idsOf('attention=true'), [e, a, b, c, d]);
  assert.deepEqual(await idsOf('attention=true&date=2026-11-20'), [c, b]);
  assert.deepEqual(await idsOf('attention=true&date=2026-11-19'), []);
});

test('filters hold together, in every combination', async () => {
  const match = { reference: 'A-3', attention: true };
  const wanted = await add('card', 'paid', match);
  const others: [Method, Status, Listed][] = [
    ['card', 'cancelled', match],
    ['card', 'paid', { ...match, attention: false }],
    ['card', 'paid', { ...match, reference: 'A-30' }],
    ['card', 'paid', { ...match, reference: null }],
    ['card', 'paid', { ...match, createdAt: '2026-11-21T03:00:00.000Z' }],
  ];
  const ids = [wanted];
  for (const [method, status, changes] of others) ids.push(await add(method, status, changes));
  const [, status, attention, reference, none, date] = ids;
  const onDay = [none, reference, attention, status, wanted];
  const expected: [string, (string | undefined)[]][] = [
    ['date=2026-11-20', onDay],
    ['date=2026-11-20&status=paid', onDay.filter(id => id !== status)],
    ['date=2026-11-20&attention=true', onDay.filter(id => id !== attention)],
    ['date=2026-11-20&reference=A-3', [attention, status, wanted]],
    ['date=2026-11-20&status=paid&reference=A-3', [attention, wanted]],
    ['date=2026-11-20&status=paid&attention=true', [none, reference, wanted]],
    ['attention=true&status=cancelled', [status]],
    ['from=2026-11-20&to=2026-11-21&reference=A-3', [date, attention, status, wanted]],
    ['from=2026-11-20&to=2026-11-21&attention=true&status=paid', [date, none, reference, wanted]],
  ];
  for (const [query, found] of expected) assert.deepEqual(await idsOf(query), found, query);
});

test('a reference of any characters is found, and no other', async () => {
  const references = ['注文 1', 'a&b=c', 'A', 'a', ' ', '%20', '#', '😀'.repeat(64)];
  const made = [];
  for (const reference of references) made.push(await add('card', 'paid', { reference }));
  for (const [i, reference] of references.entries()) {
    assert.deepEqual(await idsOf(`date=2026-11-20&reference=${encodeURIComponent(reference)}`), [made[i]], reference);
  }
});
