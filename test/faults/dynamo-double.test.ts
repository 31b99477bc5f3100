/** The double and the real engine, given the same requests, answer the same and hold the same. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { addCallback, noteDue } from '../../shared/domain/changes.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order } from '../../shared/domain/order.ts';
import { beginSend } from '../../shared/domain/sends.ts';
import type { Method } from '../../shared/domain/words.ts';
import type { CardRecord, OrderList } from '../../shared/orders/ports.ts';
import { aCallback, anOrder, caller, idOf, listedStatuses, noonText, seconds, usual } from '../support/orders.ts';
import { startTable } from '../support/table.ts';
import { type Command, dynamoDouble } from './dynamo-double.ts';
import { seededDice } from './random.ts';

const engine = await startTable();
const double = dynamoDouble();
const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const dice = seededDice(seed);
const methods = ['card', 'carrier', 'cvs'] as const;
let [requests, refusals] = [0, 0];

/** Sends each request to both and compares their answers; one in five twice, as the client repeats what it heard no answer to. */
const dynamo = {
  async send(command: Command): Promise<object> {
    if (dice.chance(0.2)) await sendToBoth(command).catch(() => {});
    return sendToBoth(command);
  },
} as unknown as DynamoDBDocumentClient;

async function sendToBoth(command: Command): Promise<object> {
  requests += 1;
  const [expected, actual] = await Promise.all([
    engine.dynamo.send(command as never).then(answerOf, errorOf),
    double.send(command).then(answerOf, errorOf),
  ]);
  const what = `SEED=${seed}, request ${requests}: ${command.constructor.name} ${JSON.stringify(command.input)}`;
  assert.deepEqual(actual, expected, what);
  if (!('error' in expected)) return expected;
  refusals += 1;
  throw expected.error;
}

/** Without what only a network has, and where a batch's items have an order, none. */
function answerOf(answer: object): object {
  const { $metadata: _, ...rest } = answer as { $metadata?: unknown; Responses?: Record<string, { pk: string }[]> };
  if (!('Responses' in rest)) return rest;
  const sorted = Object.entries(rest.Responses ?? {}).map(([table, items]) => [
    table,
    items.toSorted((a, b) => (a.pk < b.pk ? -1 : 1)),
  ]);
  return { ...rest, Responses: Object.fromEntries(sorted) };
}

/** Every other error than a condition that does not hold is one of this test. */
function errorOf(error: unknown): { error: unknown } {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
  const { Item } = error;
  return { error: new ConditionalCheckFailedException({ message: '', $metadata: {}, ...(Item && { Item }) }) };
}

const orders = ordersTable(dynamo, 'orders');
const cards = cardsTable(dynamo, 'orders');

function anyNewOrder(orderId: string): Order {
  const method = dice.pick(methods);
  const made = Object.values(usual[method] as Record<string, () => Order>);
  const reference = dice.pick([null, 'R-1', 'R-2']);
  return { ...(dice.chance(0.5) ? dice.pick(made)() : anOrder(method)), orderId, reference };
}

/** A change that may meet a newer version, or pretend to be one. */
function anyNext(order: Order): Order {
  const at = seconds(dice.below(400_000));
  const operation = { card: 'cancel', carrier: 'return', cvs: 'cancel' } as const;
  const status = dice.pick(listedStatuses(order.method as Method));
  const callback = aCallback(order.method, status, {
    orderNumber: dice.pick(['N1', 'N2', 'N3', null]),
    amountYen: dice.pick([8000, 7000, null]),
  });
  const next = dice.pick([
    () => addCallback(order, callback, at),
    () => addCallback(order, callback, at),
    () => beginSend(order, { operation: operation[order.method], orderNumber: null, settlement: null }, caller, at),
    () => noteDue(order, 'settlement_due', 'N1', '2026-12-01', at),
  ])();
  return { ...(next ?? order), version: order.version + dice.pick([1, 1, 1, 1, 0, 2]) };
}

const anyList = (): OrderList =>
  dice.pick<OrderList>([
    { index: 'byMonth', days: { from: '2026-11-20', to: '2026-12-03' }, newestFirst: true },
    { index: 'byStatus', statuses: ['paid', 'authorized'], days: null, newestFirst: true },
    { index: 'byReference', value: 'R-1', days: null, newestFirst: true },
    { index: 'byOrderNumber', value: dice.pick(['N1', 'N2']), days: null, newestFirst: dice.chance(0.5) },
    { index: 'byCard', value: 'C1', days: null, newestFirst: true },
    { index: 'byAttention', days: null, newestFirst: false },
  ]);

test(`orders, lists and due work; repeat with SEED=${seed}`, async () => {
  for (let n = 0; n < 400; n += 1) {
    const orderId = idOf(`${'abcd'[dice.below(4)]}-${dice.below(8)}-`);
    const known = await orders.find(orderId);
    if (!known || dice.chance(0.1)) await orders.create(anyNewOrder(orderId));
    else await orders.replace(anyNext(known));
    if (n % 20 > 0) continue;
    const list = anyList();
    for (let last: string | null = null, pages = 0; pages < 4; pages += 1) {
      ({ last } = await orders.list(list, dice.pick([2, 50]), last));
      if (last === null) break;
    }
    await Array.fromAsync(orders.due(seconds(dice.below(400_000))));
  }
  const all = (await engine.items()).toSorted((a, b) => (String(a.pk) < String(b.pk) ? -1 : 1));
  assert.deepEqual(
    double
      .items()
      .toArray()
      .sort((a, b) => (String(a.pk) < String(b.pk) ? -1 : 1)),
    all,
  );
  // The comparison means nothing where nearly all requests fail or none does.
  assert.ok(refusals > 40 && refusals < 0.7 * requests, `${refusals} of ${requests} were refused`);
});

test(`cards; repeat with SEED=${seed}`, async () => {
  for (let n = 0; n < 250; n += 1) {
    const cardId = `CARD-${dice.below(6)}`;
    const phone = new Masked(dice.pick(['0312345678', '09012345678']));
    const known = await cards.find(cardId);
    const act = dice.weighted({ remember: 4, forget: 2, replace: 5 });
    if (act === 'remember') await cards.remember(cardId, phone);
    if (act === 'forget') {
      const number = (known?.registrations ?? 0) + dice.pick([0, 0, 1]);
      await cards.forget(cardId, { number, restedDeletion: true }, seconds(n));
    }
    if (act === 'replace') await cards.replace(anyCard(cardId, phone, known, n));
  }
});

const anyCard = (cardId: string, phone: Masked, known: CardRecord | null, n: number): CardRecord => ({
  cardId,
  phones: dice.pick([[], [phone]]),
  registrations: known?.registrations ?? 0,
  keys: dice.pick([{}, { key: { request: 'r', at: noonText, done: true, registrations: 1 } }]),
  claim: dice.pick([null, { id: `claim-${n}`, at: noonText }]),
  deletion: dice.pick([null, { phones: [phone], keys: ['key'], attempts: 1, registrations: 1 }]),
  dueAt: dice.pick([null, noonText]),
  version: (known?.version ?? 0) + dice.pick([1, 1, 1, 0, 2]),
});
