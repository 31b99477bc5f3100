/** The table in memory and the real engine, given the same random requests, answer the same and hold the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import type { DynamoDb } from '../../shared/aws/operations.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { entryOf, keyLimit, type Order, type Status } from '../../shared/domain/order.ts';
import type { Advance, BlindClaim, CardRecord, OrderStore, Written } from '../../shared/orders/ports.ts';
import { statusesOf, transitions } from '../../shared/orders/transitions.ts';
import { failureWith, noonText, placed } from '../support/orders.ts';
import { startTable, tableName } from '../support/table.ts';
import { type MemoryTable, memoryTable, type Write } from './memory-store.ts';
import { type Dice, seededDice } from './random.ts';

const engine = await startTable();
const methods = ['card', 'carrier', 'cvs'] as const;

/** What happens right after the next request has taken effect: the client then repeats it, as it does where no answer comes. */
let repetition: (() => Promise<unknown>) | null = null;
const dynamo: DynamoDb = async (operation, input) => {
  const meanwhile = repetition;
  repetition = null;
  if (meanwhile) {
    await engine.dynamo(operation, input).catch(() => {});
    await meanwhile();
  }
  return engine.dynamo(operation, input);
};
const real = ordersTable(dynamo, tableName);
const realCards = cardsTable(dynamo, tableName);

const idOf = (n: number): string => `${'abcd'[n % 4]}${String(n).padStart(31, '0')}`;

function anyOrder(dice: Dice, orderId: string): Order {
  const method = dice.pick(methods);
  const status = dice.pick(statusesOf[method]);
  const order = placed(method, status, { orderId });
  const entry = entryOf('callback', 'unlisted', status, noonText);
  const settlement = { on: '2026-12-01', amountYen: 7000, by: 'schedule' as const };
  return {
    ...order,
    amountYen: dice.pick([0, 8000, 8000]),
    attention: dice.pick([
      null,
      null,
      { reason: 'outcome_unknown', since: noonText },
      { reason: 'contradiction', since: noonText },
    ]),
    history: Array.from({ length: dice.pick([1, 2, 2, 3, 98, 99]) }, () => entry),
    seen: dice.pick([[], ['seen-1'], ['seen-1', 'seen-2']]),
    keys: Object.fromEntries(
      Array.from({ length: dice.pick([0, 1, keyLimit - 1, keyLimit]) }, (_, n) => [
        `key-${n}`,
        { request: 'r', at: noonText, done: dice.chance(0.5) },
      ]),
    ),
    dueAt: dice.pick([null, '2026-11-20T02:00:00.000Z', '2026-11-21T02:00:00.000Z']),
    reference: dice.pick([null, 'R-1']),
    ...(order.carrier && dice.chance(0.5) && { carrier: { ...order.carrier, settlement } }),
    ...(order.card && dice.chance(0.5) && { card: { ...order.card, last4: '1111', brand: 'jcb' as const } }),
    ...(dice.chance(0.3) && {
      pending: {
        operation: 'cancel',
        key: 'key-0',
        before: { status: 'paid', settlement: null, retryAt: null },
        lost: false,
      },
    }),
    ...(dice.chance(0.3) && { paidAt: '2026-11-19T00:00:00.000Z' }),
  };
}

function anyAdvance(dice: Dice, { orderId, method }: Order): Advance {
  const row = dice.pick(
    transitions.filter(each => each.method === (dice.chance(0.9) ? method : 'card') && each.from.length > 0),
  );
  const to: Status = row.to;
  return {
    orderId,
    method: row.method,
    from: dice.chance(0.4) ? [...statusesOf[row.method]] : [...row.from, to],
    to,
    amountYen: dice.pick([null, 0, 7000, 8000, 8000]),
    ofSettlement: dice.chance(0.4),
    orderNumber: dice.pick([null, 'N1', 'N2']),
    gatewayStatus: '07',
    failure: to === 'declined' ? failureWith('refused') : null,
    seen: dice.pick(['seen-1', 'seen-3', 'seen-4']),
    entry: entryOf('callback', row.event, to, '2026-11-20T04:00:00.000Z', { code: dice.pick([null, '010']) }),
    card: row.method === 'card' ? { last4: dice.pick([null, '2222']), brand: dice.pick([null, 'visa']) } : null,
    cvs:
      row.method === 'cvs'
        ? { paymentNumbers: dice.pick([[], [{ label: 'number', value: '2' }]]), payBy: dice.pick([null, '2026-12-24']) }
        : null,
    settleBy: row.method === 'carrier' ? dice.pick([null, '2027-01-09']) : null,
    dueAt: dice.pick([null, '2026-11-20T02:00:00.000Z']),
  };
}

const anyClaim = (dice: Dice, { orderId, status, method }: Order): BlindClaim => ({
  orderId,
  method: dice.chance(0.9) ? method : 'cvs',
  before: dice.chance(0.8) ? status : 'paid',
  to: 'cancelling',
  claim: { id: `claim-${dice.below(1000)}`, at: noonText },
  pending: {
    operation: 'cancel',
    key: dice.pick(['key-0', 'key-8', 'key-9', 'new']),
    before: { status: 'paid', settlement: null, retryAt: null },
    lost: false,
  },
  request: 'request',
  entry: entryOf('api', 'cancel', 'cancelling', noonText),
  dueAt: '2026-11-20T03:02:00.000Z',
});

const nextOf = (dice: Dice, order: Order): Order => ({
  ...order,
  version: order.version + dice.pick([1, 1, 1, 0, 2]),
  status: dice.pick(statusesOf[order.method]),
  claim: dice.pick([null, { id: 'claim', at: noonText }]),
  orderNumber: dice.pick([null, 'N1', 'N2']),
});

type Request = { real: (store: OrderStore) => Promise<Written>; memory: (table: MemoryTable) => Write<Written> };

function anyRequest(dice: Dice, order: Order): Request {
  switch (dice.weighted({ create: 1, replace: 3, advance: 5, claim: 3 })) {
    case 'create': {
      const created = anyOrder(dice, order.orderId);
      return { real: store => store.create(created), memory: table => table.create(created) };
    }
    case 'replace': {
      const next = nextOf(dice, order);
      return { real: store => store.replace(next), memory: table => table.replace(next) };
    }
    case 'advance': {
      const move = anyAdvance(dice, order);
      return { real: store => store.advance(move), memory: table => table.advance(move) };
    }
    case 'claim': {
      const claim = anyClaim(dice, order);
      return { real: store => store.claim(claim), memory: table => table.claim(claim) };
    }
  }
}

/** A string set has no order. */
const plain = (order: Order | null) => order && { ...order, seen: order.seen.toSorted() };
const plainWritten = (written: Written) =>
  written.stored ? { stored: plain(written.stored) } : { stored: null, existing: plain(written.existing) };

test('orders: 450 requests, a quarter of them repeated by the client, with another request in between', async () => {
  const table = memoryTable();
  const dice = seededDice(1);
  let moved = 0;
  let own = 0;
  for (let n = 0; n < 450; n += 1) {
    const orderId = idOf(dice.below(30));
    const known = table.find(orderId);
    const order = known ?? anyOrder(dice, orderId);
    const request: Request = known
      ? anyRequest(dice, known)
      : { real: store => store.create(order), memory: memory => memory.create(order) };
    const write = request.memory(table);
    let expected = write();
    if (dice.chance(0.25)) {
      const stored = table.find(orderId);
      const between = stored && dice.chance(0.7) ? anyRequest(dice, stored) : null;
      between?.memory(table)();
      const first = expected;
      expected = write();
      if (first.stored && expected.stored) own += 1;
      repetition = async () => between?.real(real);
    }
    const written = await request.real(real);
    assert.deepEqual(plainWritten(written), plainWritten(expected), `request ${n}`);
    assert.deepEqual(plain(await real.find(orderId)), plain(table.find(orderId)), `order after request ${n}`);
    if (written.stored) moved += 1;
  }
  // The comparison means nothing where nearly all requests fail or none does.
  assert.ok(moved > 80 && moved < 370, `${moved} were stored`);
  assert.ok(own > 5, `${own} knew their own write again`);
  const by = new Date('2026-11-20T03:00:00.000Z');
  const found = new Set<string>();
  for await (const key of real.due(by)) found.add(JSON.stringify(key));
  assert.deepEqual(found, new Set(table.due(by.toISOString()).map(key => JSON.stringify(key))));
  assert.ok(found.size > 0);
});

const plainCard = (card: CardRecord | null) =>
  card && {
    ...card,
    phones: card.phones.map(phone => phone.reveal()).toSorted(),
    deletion: card.deletion && { ...card.deletion, phones: card.deletion.phones.map(phone => phone.reveal()) },
  };

test('cards: 400 requests, a quarter of them repeated by the client', async () => {
  const table = memoryTable();
  const dice = seededDice(2);
  for (let n = 0; n < 400; n += 1) {
    const cardId = `CARD-${dice.below(12)}`;
    const phone = new Masked(dice.pick(['0312345678', '09012345678']));
    const known = table.findCard(cardId);
    const repeated = dice.chance(0.25);
    if (repeated) repetition = async () => {};
    if (dice.chance(0.4)) {
      const write = table.remember(cardId, phone);
      write();
      if (repeated) write();
      await realCards.remember(cardId, phone);
    } else {
      const next: CardRecord = {
        cardId,
        phones: dice.pick([[], [phone]]),
        registrations: known?.registrations ?? 0,
        keys: dice.pick([{}, { key: { request: 'r', at: noonText, done: true, registrations: 1 } }]),
        claim: dice.pick([null, { id: `claim-${n}`, at: noonText }]),
        deletion: dice.pick([null, { phones: [phone], keys: ['key'] }]),
        dueAt: dice.pick([null, noonText]),
        version: (known?.version ?? 0) + dice.pick([1, 1, 0, 2]),
      };
      const write = table.replaceCard(next);
      let expected = write();
      if (repeated) expected = write();
      assert.equal(await realCards.replace(next), expected, `request ${n}`);
    }
    assert.deepEqual(
      plainCard(await realCards.find(cardId)),
      plainCard(table.findCard(cardId)),
      `card after request ${n}`,
    );
  }
});
