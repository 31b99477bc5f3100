import { callDynamoDb } from '../../infra/local/dynamodb.ts';
import { createClient } from '../../shared/aws/client.ts';
import type { DynamoDb } from '../../shared/aws/operations.ts';
import { dayOf } from '../../shared/orders/days.ts';
import { digest } from '../../shared/orders/identity.ts';
import type { Order, Status } from '../../shared/orders/order.ts';
import { toItem } from '../../shared/store/items.ts';
import { ordersTable } from '../../shared/store/orders-table.ts';
import { accessTo } from '../support/aws.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { startCapacityProxy } from '../support/capacity.ts';
import { placed } from '../support/orders.ts';
import {
  apiEvent,
  type Bundles,
  chargeEvent,
  context,
  type Ground,
  type Handler,
  loadHandler,
  startGround,
  tableName,
} from './ground.ts';
import {
  inParallel,
  inTurns,
  millisecondsOf,
  printTable,
  ratioOf,
  type Spread,
  shown,
  shownRatio,
  spreadOf,
} from './measure.ts';

export interface Growth {
  operation: string;
  /** By the number of orders that lie in the table. */
  sizes: {
    orders: number;
    milliseconds: Spread;
    ratio: Spread;
    requests: number;
    readUnits: number;
    writeUnits: number;
  }[];
}

const DAYS = 300;
/** As a shop's orders stand: nearly all of them paid. */
const statusesOf = (n: number): Status => (n % 50 === 0 ? 'declined' : n % 20 === 0 ? 'cancelled' : 'paid');

/** The same calls beside `sizes` orders, in turns: each size has an engine of its own, and all of them run at once. */
export async function growth(bundles: Bundles, sizes: readonly number[], rounds: number): Promise<Growth[]> {
  const grounds = await Promise.all(sizes.map(() => startGround({ stream: false })));
  await Promise.all(grounds.map((ground, index) => fill(ground, sizes[index] ?? 0)));
  const operations = grounds.map(ground => operationsOn(ground, bundles, 'timed'));
  const measured: Growth[] = [];
  for (const operation of Object.keys(operations[0] ?? {}) as (keyof Operations)[]) {
    const turns = Object.fromEntries(
      operations.map((each, index) => [`${sizes[index]}`, async () => millisecondsOf(await each[operation]())]),
    );
    await inTurns(turns, Math.ceil(rounds / 5));
    const values = await inTurns(turns, rounds);
    const used = await Promise.all(grounds.map(ground => capacityOf(ground, bundles, operation)));
    const ofSize = (index: number) => values[`${sizes[index]}`] ?? [];
    const perSize = used.map(({ requests, readUnits, writeUnits }, index) => ({
      orders: sizes[index] ?? 0,
      milliseconds: spreadOf(ofSize(index)),
      ratio: ratioOf(ofSize(index), ofSize(0)),
      ...{ requests, readUnits, writeUnits },
    }));
    measured.push({ operation, sizes: perSize });
  }
  await Promise.all(grounds.map(ground => ground.stop()));
  return measured;
}

/** One call that is not timed, because it goes by way of what counts. */
async function capacityOf(ground: Ground, bundles: Bundles, operation: keyof Operations) {
  const proxy = await startCapacityProxy(ground.endpoint);
  const environment = { ...ground.environment, AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint };
  const call = await operationsOn({ ...ground, environment }, bundles, `counted ${operation}`)[operation]();
  proxy.take();
  await call();
  const used = proxy.take();
  await proxy.stop();
  return used;
}

type Operations = ReturnType<typeof operationsOn>;
type Call = () => Promise<unknown>;

/** Each prepares a call and answers it, to be made once. It throws where its answer is not the expected one. */
function operationsOn({ endpoint, environment }: Ground, bundles: Bundles, run: string) {
  const [charge, callback, orders, dueWork] = ['token-charge', 'callback', 'orders', 'due-work'].map(name =>
    loadHandler(bundles, name, environment),
  ) as [Handler, Handler, Handler, Handler];
  const store = storeOf(endpoint);
  const today = dayOf(new Date());
  let count = 0;
  const expect = async (work: Promise<unknown>, status: number) => {
    const { statusCode, body } = (await work) as { statusCode: number; body: string };
    if (statusCode !== status) throw new Error(`${statusCode} instead of ${status}: ${body}`);
  };
  const chargeAs = (key: string, status: number) => () => expect(charge(chargeEvent(key), context), status);
  const list = (query: string) => async (): Promise<Call> => {
    const event = apiEvent('GET', `/orders?${query}`);
    return () => expect(orders(event), 200);
  };
  return {
    charge: async (): Promise<Call> => chargeAs(`${run}-${++count}`, 201),
    replay: async (): Promise<Call> => {
      const key = `${run}-${++count}`;
      await chargeAs(key, 201)();
      return chargeAs(key, 200);
    },
    callback: async (): Promise<Call> => {
      const orderId = digest(`${run} ${++count}`);
      await store.create(placed('card', 'sending', { orderId, createdAt: new Date().toISOString() }));
      const call = callbackEvent(cardParameters({ sendpoint: orderId, ordd: orderId }));
      return () => expect(callback(call), 200);
    },
    'a page of a day': list(`date=${today}`),
    'a page of a day and a status': list(`date=${today}&status=paid`),
    'a page of attention': list('attention=true'),
    'due work, nothing due': async (): Promise<Call> => () => dueWork({}, { getRemainingTimeInMillis: () => 300_000 }),
  };
}

function storeOf(endpoint: string) {
  const dynamo: DynamoDb = createClient('dynamodb', accessTo(endpoint), { maxAttempts: 3, timeoutMs: 3000 });
  return ordersTable(dynamo, tableName);
}

const BATCH = 25;

/** Spread over the days of the past, today's among them. */
async function fill({ endpoint }: Ground, count: number): Promise<void> {
  const now = Date.now();
  const aDay = 86_400_000;
  const itemOf = (n: number) => {
    const createdAt = new Date(now - (n % DAYS) * aDay - Math.floor(n / DAYS)).toISOString();
    return toItem(placed('card', statusesOf(n), { orderId: digest(`old ${n}`), createdAt, updatedAt: createdAt }));
  };
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch * BATCH);
  await inParallel(batches, 4, async from => {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    const puts = numbers.map(n => ({ PutRequest: { Item: itemOf(n) } }));
    const answer = await callDynamoDb(endpoint, 'DynamoDB_20120810.BatchWriteItem', {
      RequestItems: { [tableName]: puts },
    });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
  });
}

export function printGrowth(all: readonly Growth[]): void {
  const sizes = all[0]?.sizes.map(({ orders }) => orders) ?? [];
  const columns = sizes.map((orders, index) => `${orders.toLocaleString('en')} orders${index === 0 ? ', ms' : ''}`);
  const unitsOf = (each: Growth, of: 'requests' | 'readUnits' | 'writeUnits') =>
    [...new Set(each.sizes.map(size => size[of]))].join(' / ');
  printTable(
    'Growth: the same call beside so many orders, to the first column',
    ['', ...columns, 'requests', 'read units', 'write units'],
    all.map(each => [
      each.operation,
      ...each.sizes.map(({ milliseconds, ratio }, index) =>
        index === 0 ? shown(milliseconds.median) : shownRatio(ratio),
      ),
      unitsOf(each, 'requests'),
      unitsOf(each, 'readUnits'),
      unitsOf(each, 'writeUnits'),
    ]),
  );
}

/** Settlements that are due, done by one run of due work; the gateway answers at once. Per minute. */
export async function dueSettlements(bundles: Bundles, count: number): Promise<number> {
  const ground = await startGround();
  const store = storeOf(ground.endpoint);
  const due = new Date(Date.now() - 1000).toISOString();
  const settlement = { on: dayOf(new Date()), amountYen: 8000, by: 'schedule' } as const;
  const carrier: Order['carrier'] = { type: 'docomo', settlement, settleBy: '2099-01-01' };
  await inParallel(
    Array.from({ length: count }, (_, n) => n),
    8,
    n =>
      store.create(
        placed('carrier', 'settle_scheduled', {
          orderId: digest(`due ${n}`),
          orderNumber: `N${n}`,
          carrier,
          dueAt: due,
        }),
      ),
  );
  const dueWork = loadHandler(bundles, 'due-work', ground.environment);
  const milliseconds = await millisecondsOf(() => dueWork({}, { getRemainingTimeInMillis: () => 900_000 }));
  const left = [];
  for await (const key of store.due(new Date())) left.push(key);
  await ground.stop();
  if (left.length > 0) throw new Error(`${left.length} settlements are left`);
  return (count * 60_000) / milliseconds;
}
