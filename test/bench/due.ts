import { mock } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { book } from '../../shared/domain/changes.ts';
import { dayOf, startOfDay } from '../../shared/domain/days.ts';
import { digest } from '../../shared/domain/identity.ts';
import { inParallel } from '../support/in-parallel.ts';
import { aCallback, anOrder, caller, withCallbacks } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';
import { type Bundles, type Ground, loadHandler, tableName } from './ground.ts';
import { millisecondsOf } from './measure.ts';

/** How many settlements a minute one run of due work does, with a gateway that answers at once. */
export async function dueSettlements(ground: Ground, bundles: Bundles, count: number): Promise<number> {
  // At noon in Tokyo, because shortly before midnight nothing is settled.
  const noon = startOfDay(dayOf(new Date())).getTime() + 12 * 3_600_000;
  mock.timers.enable({ apis: ['Date'], now: noon });
  const store = ordersTable(dynamoOf(ground.endpoint), tableName);
  const settlement = { on: dayOf(new Date()), amountYen: 8000, by: 'schedule' } as const;
  const yesterday = new Date(noon - 24 * 3_600_000);
  await inParallel(Array(count).keys(), 8, n => {
    const made = anOrder('carrier', { orderId: digest(`due ${n}`) }, yesterday);
    const authorized = withCallbacks(made, [aCallback('carrier', '03', { orderNumber: `N${n}` })], yesterday);
    return store.create(book(authorized, `N${n}`, settlement, caller, yesterday));
  });
  const dueWork = loadHandler(bundles, 'due-work', ground.environment);
  const milliseconds = await millisecondsOf(() => dueWork({}, { getRemainingTimeInMillis: () => 900_000 }));
  const left = await Array.fromAsync(store.due(new Date()));
  mock.timers.reset();
  if (left.length > 0) throw new Error(`${left.length} settlements are left`);
  return (count * 60_000) / milliseconds;
}
