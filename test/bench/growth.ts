import { marshall } from '@aws-sdk/util-dynamodb';
import { callDynamoDb } from '../../local/dynamodb.ts';
import { type Item, toItem } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { dayOf } from '../../shared/domain/days.ts';
import { digest } from '../../shared/domain/identity.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { startCapacityProxy, type Used } from '../support/capacity.ts';
import { inParallel } from '../support/in-parallel.ts';
import { anOrder, answered, begun, refused, succeeded, told } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';
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
import { inTurns, millisecondsOf, printTable, ratioOf, type Spread, shown, shownRatio, spreadOf } from './measure.ts';

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
const aDay = 86_400_000;

/** So many are of today and want attention, however many there are in all: a page of each is full. */
const FIRST = 60;

/** The nth of a shop's orders. Nearly all are paid, and one in ten is due one day. */
function pastItem(n: number, now: number): Item {
  const daysAgo = n < FIRST ? 0 : n % DAYS;
  const at = new Date(now - daysAgo * aDay - n);
  const made = anOrder('card', { orderId: digest(`past ${n}`) }, at);
  const paid = () => answered(made, succeeded({ orderNumber: 'N1' }), at);
  const ended = () => {
    if (n < FIRST) return told(paid(), 'NG');
    if (n % 50 === 7) return answered(made, refused, at);
    return n % 20 === 3 ? answered(begun(paid(), 'cancel', null, at), succeeded(), at) : paid();
  };
  const dueAt = new Date(now + DAYS * aDay).toISOString();
  return { ...toItem(ended()), orderNumber: `N${n}`, ...(n % 10 === 0 && { dueAt }) };
}

/** The same calls beside `sizes` orders, in turns: each size has an engine of its own, and all of them run at once. */
export async function growth(bundles: Bundles, sizes: readonly number[], rounds: number): Promise<Growth[]> {
  const grounds = await Promise.all(sizes.map(() => startGround()));
  await Promise.all(grounds.map((ground, index) => fill(ground, sizes[index] ?? 0)));
  const operations = grounds.map(ground => operationsOn(ground, bundles, 'timed'));
  const measured: Growth[] = [];
  for (const operation of Object.keys(operations[0] ?? {}) as (keyof Operations)[]) {
    const turns = Object.fromEntries(
      operations.map((each, index) => [`${sizes[index]}`, async () => millisecondsOf(await each[operation]())]),
    );
    await inTurns(turns, Math.ceil(rounds / 5));
    const values = await inTurns(turns, rounds);
    const used: Used[] = [];
    for (const ground of grounds) used.push(await capacityOf(ground, bundles, operation));
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
  const store = ordersTable(dynamoOf(endpoint), tableName);
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
    // What writes comes last: the columns say how many orders a table begins with.
    'a page of a day': list(`date=${today}`),
    'a page of a day and a status': list(`date=${today}&status=paid`),
    'a page of attention': list('attention=true'),
    'due work, nothing due': async (): Promise<Call> => () => dueWork({}, { getRemainingTimeInMillis: () => 300_000 }),
    charge: async (): Promise<Call> => chargeAs(`${run}-${++count}`, 201),
    replay: async (): Promise<Call> => {
      const key = `${run}-${++count}`;
      await chargeAs(key, 201)();
      return chargeAs(key, 200);
    },
    callback: async (): Promise<Call> => {
      const orderId = digest(`${run} ${++count}`);
      await store.create(anOrder('card', { orderId }, new Date()));
      const call = callbackEvent(cardParameters({ sendpoint: orderId, ordd: orderId }));
      return () => expect(callback(call), 200);
    },
  };
}

const BATCH = 25;

/** Spread over the days of the past, today's among them. */
async function fill({ endpoint }: Ground, count: number): Promise<void> {
  const now = Date.now();
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch * BATCH);
  await inParallel(batches, 4, async from => {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index);
    const puts = numbers.map(n => ({ PutRequest: { Item: marshall(pastItem(n, now)) } }));
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
    'Growth: the same call in a table that began with so many orders, to the first column',
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
