import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { inParallel } from '../support/in-parallel.ts';
import { anOrder } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';
import { type Bundles, chargeEvent, context, type Ground, type Handler, loadHandler, tableName } from './ground.ts';
import { inTurns, millisecondsOf, printTable, ratioOf, type Spread, shown, shownRatio, spreadOf } from './measure.ts';

export interface Warm {
  name: string;
  value: Spread;
  /** To the floor. */
  ratio: Spread;
}

const charges = {
  ours: 'token-charge',
  floor: 'floor-charge',
  'floor without the order': 'bare-charge',
  Powertools: 'powertools-charge',
  'Powertools, order stored late': 'powertools-charge-late',
};
const callbackVariants = { ours: 'callback', floor: 'floor-callback' };

/** Milliseconds of a charge that succeeds, one at a time, in turns. */
export async function warmCharges({ environment }: Ground, bundles: Bundles, rounds: number): Promise<Warm[]> {
  const calls = Object.entries(charges).map(([name, file]) => {
    const handler = loadHandler(bundles, file, environment);
    const charge = async (run: string) => expectPaid(await handler(chargeEvent(`${file}-${run}`), context));
    return [name, charge] as const;
  });
  const turns = (run: string) =>
    Object.fromEntries(
      calls.map(([name, charge]) => [name, (round: number) => millisecondsOf(() => charge(`${run}-${round}`))]),
    );
  await inTurns(turns('warm-up'), Math.ceil(rounds / 5));
  return warm(await inTurns(turns('measured'), rounds));
}

function expectPaid(answer: unknown): void {
  const { statusCode, body: text } = answer as { statusCode: number; body: string };
  if (statusCode !== 201 || JSON.parse(text).status !== 'paid') throw new Error(`Not paid: ${statusCode} ${text}`);
}

const warm = (values: Record<string, number[]>): Warm[] =>
  Object.entries(values).map(([name, each]) => ({
    name,
    value: spreadOf(each),
    ratio: ratioOf(each, values.floor ?? []),
  }));

/** Callbacks in one go, and how many at once. */
const BATCH = 200;
const WIDTH = 8;

/** Callbacks per second of this process's own CPU time, each to an order of its own that waits for it. */
export async function callbacks(ground: Ground, bundles: Bundles, rounds: number): Promise<Warm[]> {
  const store = ordersTable(dynamoOf(ground.endpoint), tableName);
  const handlers = Object.entries(callbackVariants).map(
    ([name, file]) => [name, loadHandler(bundles, file, ground.environment)] as const,
  );
  const rate = (handler: Handler, run: string) => async (round: number) => {
    const ids = Array.from({ length: BATCH }, (_, n) => digest(`${run} ${round} ${n}`));
    await inParallel(ids, WIDTH, async orderId => store.create(anOrder('card', { orderId }, new Date())));
    const events = ids.map(sendpoint => callbackEvent(cardParameters({ sendpoint, ordd: sendpoint })));
    const before = process.cpuUsage();
    await inParallel(events, WIDTH, async event => expectStored(await handler(event)));
    const { user, system } = process.cpuUsage(before);
    return (BATCH * 1_000_000) / (user + system);
  };
  const turns = (run: string) =>
    Object.fromEntries(handlers.map(([name, handler]) => [name, rate(handler, `${name} ${run}`)]));
  await inTurns(turns('warm-up'), Math.ceil(rounds / 5));
  return warm(await inTurns(turns('measured'), rounds));
}

function expectStored(answer: unknown): void {
  const { body: text } = answer as { body: string };
  if (text !== 'successok') throw new Error(`Not stored: ${text}`);
}

export const printWarm = (title: string, unit: string, all: readonly Warm[]): void =>
  printTable(
    title,
    ['', unit, 'to the floor'],
    all.map(({ name, value, ratio }) => [name, shown(value.median), shownRatio(ratio)]),
  );
