/** Lists by range, gateway order number and card, and what no list can be asked for. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { orderList } from '../support/order-list.ts';
import { aCallback, noon, withCallbacks } from '../support/orders.ts';
import { clearTable } from '../support/table.ts';

const local = await startLocal();
const { client } = cardActions(local);
const { add, list, store } = orderList(local);
beforeEach(() => clearTable(client));

const idsOf = async (query: string): Promise<string[]> => {
  const { status, body } = await list(query);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual(Object.keys(body), ['orders', 'cursor']);
  assert.equal(body.cursor, null);
  return body.orders.map((order: { orderId: string }) => order.orderId);
};

test('a range takes both its days, newest first; from alone goes on until today', async () => {
  const days = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-30', '2026-12-01', '2027-01-01'];
  const made: string[] = [];
  for (const day of days) made.push(await add('card', 'paid', { createdAt: `${day}T03:00:00.000Z` }));
  const [a, b, c, d, e, f] = made;
  assert.deepEqual(await idsOf('from=2026-11-19&to=2026-12-01'), [e, d, c, b]);
  assert.deepEqual(await idsOf('from=2026-11-19&to=2026-11-19'), [b]);
  assert.deepEqual(await idsOf('from=2026-11-18&to=2027-01-01'), [f, e, d, c, b, a]);
  mock.timers.enable({ apis: ['Date'], now: new Date('2026-11-30T14:59:59.000Z') });
  try {
    assert.deepEqual(await idsOf('from=2026-11-19'), [d, c, b]);
    assert.deepEqual(await idsOf('from=2026-12-01'), []);
    mock.timers.setTime(Date.parse('2026-11-30T15:00:00.000Z'));
    assert.deepEqual(await idsOf('from=2026-11-19'), [e, d, c, b]);
  } finally {
    mock.timers.reset();
  }
});

test('by gateway order number, the first and a further one, on the day or in the range asked for', async () => {
  const first = await add('carrier', 'authorized');
  const order = await store.find(first);
  assert.ok(order);
  await store.replace(withCallbacks(order, [aCallback('carrier', '02', { orderNumber: 'N2' })], noon));
  const second = await add('cvs', 'paid');
  await add('card', 'unknown');
  assert.deepEqual(await idsOf('date=2026-11-20&gatewayOrderNumber=N1'), [second, first]);
  assert.deepEqual(await idsOf('date=2026-11-20&gatewayOrderNumber=N2'), [first]);
  assert.deepEqual(await idsOf('date=2026-11-20&gatewayOrderNumber=N1&status=paid'), [second]);
  assert.deepEqual(await idsOf('from=2026-11-01&to=2026-11-19&gatewayOrderNumber=N1'), []);
  assert.deepEqual(await idsOf('date=2026-11-20&gatewayOrderNumber=N'), []);
});

test('by card, charges and registrations alike', async () => {
  const registered = await add('card', 'registered', { cardId: 'CARD 1' });
  const charged = await add('card', 'paid', { cardId: 'CARD 1' });
  await add('card', 'paid', { cardId: 'CARD 10' });
  await add('card', 'paid');
  assert.deepEqual(await idsOf('date=2026-11-20&cardId=CARD%201'), [charged, registered]);
  assert.deepEqual(await idsOf('date=2026-11-20&cardId=CARD%201&status=registered'), [registered]);
});

const faultsIn = async (query: string): Promise<string[]> => {
  const { status, body } = await list(query);
  assert.deepEqual([status, body.code], [400, 'invalid_request'], query);
  return body.errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`).toSorted();
};

test('filters that exclude each other: 400, each named', async () => {
  const values = { attention: 'true', reference: 'A', gatewayOrderNumber: 'N1', cardId: 'C1' };
  const names = Object.keys(values) as (keyof typeof values)[];
  for (const [i, first] of names.entries()) {
    for (const second of names.slice(i + 1)) {
      const query = `date=2026-11-20&${first}=${values[first]}&${second}=${values[second]}`;
      assert.deepEqual(await faultsIn(query), [`${second} not_allowed`], query);
    }
  }
  const all = names.map(name => `${name}=${values[name]}`).join('&');
  const rest = ['cardId not_allowed', 'gatewayOrderNumber not_allowed', 'reference not_allowed'];
  assert.deepEqual(await faultsIn(all), rest);
  assert.deepEqual(await faultsIn('date=2026-11-20&from=2026-11-20'), ['from not_allowed']);
  assert.deepEqual(await faultsIn('date=2026-11-20&to=2026-11-20'), ['to not_allowed']);
  const both = await faultsIn('date=2026-11-20&from=2026-11-20&to=2026-11-20');
  assert.deepEqual(both, ['from not_allowed', 'to not_allowed']);
});

test('a range needs its beginning, goes forward and has at most 92 days', async () => {
  assert.deepEqual(await faultsIn('to=2026-11-20'), ['to not_allowed']);
  assert.deepEqual(await faultsIn('from=2026-11-20&to=2026-11-19'), ['to not_allowed']);
  assert.deepEqual(await faultsIn('from=2026-09-01&to=2026-12-02'), ['to not_allowed']);
  assert.equal((await list('from=2026-09-01&to=2026-12-01')).status, 200);
  mock.timers.enable({ apis: ['Date'], now: noon });
  try {
    assert.deepEqual(await faultsIn('from=2026-08-20'), ['from invalid']);
    assert.equal((await list('from=2026-08-21')).status, 200);
  } finally {
    mock.timers.reset();
  }
});

test('every wrong parameter is named at once', async () => {
  const wrong = { date: '2026-02-30', status: 'Paid', reference: 'r'.repeat(65), limit: '10' };
  const { status, headers, body } = await list(new URLSearchParams(wrong).toString());
  assert.deepEqual([status, headers['content-type']], [400, 'application/problem+json']);
  assert.deepEqual(body.errors.map((each: { field: string }) => each.field).toSorted(), Object.keys(wrong).toSorted());
  for (const query of [
    'date=20261120',
    'date=2026-11-20T00:00:00Z',
    'date=',
    'date=2026-11-31',
    'status=',
    'attention=',
    'attention=TRUE',
    'reference=',
    'from=2026-02-30',
    'from=2026-11-20&to=',
    'gatewayOrderNumber=',
    'gatewayOrderNumber=番号',
    'cardId=',
    `cardId=${'C'.repeat(26)}`,
    'attention=false',
    'status=paid&status=unknown',
  ]) {
    assert.equal((await list(query)).status, 400, query);
  }
});
