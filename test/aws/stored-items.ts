/**
 * Items as a release wrote them, for every release after it to read: `test/fixtures/items/<release>/<kind>.json`, in DynamoDB's own
 * JSON, with what the API showed of them. `node test/aws/stored-items.ts` writes those of this release that are missing, and
 * never changes one: whoever changes what is stored adds kinds here, and keeps reading the old ones. A field that the API gains
 * is written into the old files' `shown` by hand; their `item` never changes.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import packageJson from '../../package.json' with { type: 'json' };
import { type Item, toItem, toPointer } from '../../shared/aws/items.ts';
import { beginCompletion, beginPayment, enrolled } from '../../shared/domain/authentication.ts';
import { acknowledge, decide, noteDue } from '../../shared/domain/changes.ts';
import { attemptOf } from '../../shared/domain/facts.ts';
import { conflictingOrder, externalOrder } from '../../shared/domain/new-order.ts';
import type { Order } from '../../shared/domain/order.ts';
import { present } from '../../shared/domain/present.ts';
import {
  aCallback,
  anOrder,
  answered,
  begun,
  caller,
  idOf,
  lost,
  noon,
  settlementOn,
  told,
  usual,
  withCallbacks,
} from '../support/orders.ts';

export interface StoredItem {
  /** `0.1.0/card-paid`. */
  name: string;
  item: Record<string, AttributeValue>;
  /** What `GET /orders/{orderId}` answers at noon; null: the item is no order. */
  shown: unknown;
}

const folder = fileURLToPath(new URL('../fixtures/items', import.meta.url));

export const readItems = (): StoredItem[] =>
  globSync('*/*.json', { cwd: folder })
    .toSorted()
    .map(file => ({
      name: file.replace(/\.json$/, ''),
      ...(JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Omit<StoredItem, 'name'>),
    }));

/** What a change made of an order; it must apply. */
function made(order: Order | null): Order {
  if (!order) throw new Error('the change did not apply');
  return order;
}

const session = { xid: 'xid-1', iframeUrl: 'https://gateway.example/iframe' };
const enrolling = (): Order =>
  anOrder('card', { operation: 'authenticated_charge', reference: 'shop-1', token: 'digest' });
const claimOf = (order: Order): string => attemptOf(order)?.claim?.id ?? '';
const waiting = (order = enrolling()): Order => made(enrolled(order, claimOf(order), session, noon));
const completing = (): Order => beginCompletion(waiting(), 'completion', caller, noon);
const paying = (): Order => made(beginPayment(completing(), 'completion', { kind: 'success', code: null }, noon));
const authorised = { last4: '1111', brand: 'visa', isOtherOrder: false } as const;
const paidTwice = (): Order =>
  told(withCallbacks(usual.carrier.paid(), [aCallback('carrier', '07', { orderNumber: 'N2' })]), '08');
const conflicting = (method: Order['method']): Order =>
  conflictingOrder(idOf('conflicting'), method, 'sendpoint order-a, order-b', noon);
const issued = {
  paymentNumbers: [{ label: '払込票番号', value: '1234567890123' }],
  payBy: '2026-12-01',
  redirectUrl: 'https://store.example/slip',
};

/** Beside the usual orders in each status: every kind of step, answer and block. */
const further: Record<string, () => Order> = {
  'card-3ds-enrolling': enrolling,
  'card-3ds-waiting': waiting,
  'card-3ds-completing': completing,
  'card-3ds-paying': paying,
  'card-3ds-paid': () => answered(paying(), { kind: 'done', orderNumber: 'N1', authorised }),
  'card-external': () => {
    const callback = aCallback('card', 'OK');
    return withCallbacks(externalOrder(idOf('external'), callback, 'card', noon), [callback]);
  },
  'card-conflicting': () => conflicting('card'),
  'card-acknowledged': () =>
    acknowledge(usual.card.unknown(), ['outcome_unknown'], caller, 'compared with the console', noon),
  'card-decided': () =>
    decide(usual.card.unknown(), { outcome: 'paid', orderNumber: 'N9', amountYen: 7000 }, caller, 'console', noon),
  'card-other-amount': () => withCallbacks(usual.card.paid(), [aCallback('card', 'OK', { amountYen: 1 })]),
  'card-lacking': () =>
    withCallbacks(usual.card.sending(), [aCallback('card', 'OK', { amountYen: null, lacks: ['amount', 'name'] })]),
  'card-test': () => withCallbacks(usual.card.sending(), [aCallback('card', 'OK', { orderNumber: 'TEST1' })]),
  'carrier-booked-at-gateway': () =>
    answered(begun(usual.carrier.authorized(), 'settle', settlementOn('2026-12-01', 'gateway', 7000)), {
      kind: 'done',
      bookedOn: '2026-12-01',
    }),
  'carrier-withdrawing': () =>
    answered(begun(usual.carrier.settle_scheduled(), 'withdraw', settlementOn('2026-12-01', 'gateway')), lost),
  'carrier-settlement-due': () => noteDue(usual.carrier.authorized(), 'settlement_due', 'N1', '2027-01-04', noon),
  'carrier-booking-ended': () => noteDue(usual.carrier.settle_scheduled(), 'booking_ended', 'N1', '2027-01-09', noon),
  'carrier-paid-twice': paidTwice,
  'cvs-numbers': () => answered(usual.cvs.sending(), { kind: 'done', orderNumber: 'N1', cvs: issued }),
  'cvs-unlisted': () => told(usual.cvs.awaiting_customer(), '77'),
};

const orders = (): Record<string, Order> => {
  const inEachStatus = Object.entries(usual).flatMap(([method, statuses]) =>
    Object.entries(statuses).map(([status, make]) => [`${method}-${status}`, make()] as const),
  );
  const made = Object.entries(further).map(([name, make]) => [name, make()] as const);
  return Object.fromEntries([...inEachStatus, ...made]);
};

/** Items that are no orders. */
const others = (): Record<string, Item> => ({
  pointer: toPointer(paidTwice(), 'N2'),
  'card-kept': {
    pk: 'card#CARD1',
    shard: '1',
    phones: new Set(['0312345678', '09012345678']),
    registrations: 2,
    version: 2,
  },
  'card-deleting': {
    pk: 'card#CARD2',
    shard: '1',
    registrations: 1,
    version: 3,
    phones: new Set(['0312345678']),
    keys: { key: { request: 'request', at: noon.toISOString(), done: false, registrations: 1 } },
    claim: { id: 'claim', at: noon.toISOString() },
    deletion: { phones: ['0312345678'], keys: ['key'], attempts: 1, registrations: 1 },
    dueAt: noon.toISOString(),
  },
});

function write(): void {
  const release = path.join(folder, packageJson.version);
  mkdirSync(release, { recursive: true });
  const ofOrders = Object.entries(orders()).map(
    ([name, order]) => [name, toItem(order), present(order, noon)] as const,
  );
  const ofOthers = Object.entries(others()).map(([name, item]) => [name, item, null] as const);
  for (const [name, item, shown] of [...ofOrders, ...ofOthers]) {
    const file = path.join(release, `${name}.json`);
    if (!existsSync(file)) writeFileSync(file, `${JSON.stringify({ item: marshall(item), shown }, null, 2)}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write();
