/**
 * `node test/domain/hunt.ts --seeds 10000 [--from 1] [--method cvs] [--show 5]`: looks for orders on which summarize()
 * depends on the order of arrival, or differs from the second reading, and prints the smallest one of each kind.
 */
import { parseArgs } from 'node:util';
import type { Order, Step } from '../../shared/domain/order.ts';
import type { Method } from '../../shared/domain/words.ts';
import { randomOf, randomOrder } from './random-orders.ts';
import { type Difference, differenceOfArrivals, differenceOfReadings, orderText } from './readings.ts';

type Check = (order: Order) => Difference | null;

/** Steps keep their numbers: ids name them. */
const withoutStep = (order: Order, step: Step): Order => ({
  ...order,
  steps: order.steps.filter(each => each !== step),
});

/** Each order that is one fact, answer or seen id smaller. */
function* smaller(order: Order): Generator<Order> {
  for (const callback of order.callbacks)
    yield { ...order, callbacks: order.callbacks.filter(each => each !== callback) };
  for (const step of order.steps) {
    if (step.kind !== 'send' || step.operation !== 'create') yield withoutStep(order, step);
    const replaced = (by: Step): Order => ({ ...order, steps: order.steps.map(each => (each === step ? by : each)) });
    if (step.kind === 'send' && step.answer) yield replaced({ ...step, answer: null });
    if (step.kind === 'send' && step.lost) yield replaced({ ...step, lost: false });
    if (step.kind === 'acknowledgement' && step.reasons.length > 1)
      for (const reason of step.reasons)
        yield replaced({ ...step, reasons: step.reasons.filter(each => each !== reason) });
  }
  for (const callback of order.callbacks) {
    if (callback.cvs === null) continue;
    yield { ...order, callbacks: order.callbacks.map(each => (each === callback ? { ...each, cvs: null } : each)) };
  }
}

export function shrunk(order: Order, check: Check): Order {
  for (const candidate of smaller(order)) if (check(candidate)) return shrunk(candidate, check);
  return order;
}

/** Differences of one kind have equal differing fields and values. */
function kindOf({ what, first, second }: Difference): string {
  const [a, b] = [first, second] as Record<string, unknown>[];
  const fields = Object.keys({ ...a, ...b }).filter(name => JSON.stringify(a?.[name]) !== JSON.stringify(b?.[name]));
  const values = fields.map(name => `${name} ${JSON.stringify(a?.[name])} / ${JSON.stringify(b?.[name])}`);
  return [what.split(':')[0], ...(fields.length > 0 ? values : [JSON.stringify(first)])].join('; ');
}

const sizeOf = (order: Order) => JSON.stringify([order.callbacks, order.steps]).length;

function hunt(
  methods: Method[],
  from: number,
  seeds: number,
): Map<string, { order: Order; seed: number; count: number }> {
  const found = new Map<string, { order: Order; seed: number; count: number }>();
  for (let seed = from; seed < from + seeds; seed++) {
    for (const method of methods) {
      const order = randomOrder(method, randomOf(seed));
      for (const check of [differenceOfReadings, (each: Order) => differenceOfArrivals(each, randomOf(seed))]) {
        if (!check(order)) continue;
        const least = shrunk(order, check);
        const difference = check(least);
        if (!difference) continue;
        const kind = `${method}: ${kindOf(difference)}`;
        const known = found.get(kind);
        if (known) known.count++;
        if (!known || sizeOf(least) < sizeOf(known.order))
          found.set(kind, { order: least, seed, count: known?.count ?? 1 });
      }
    }
  }
  return found;
}

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    method: { type: 'string' },
    show: { type: 'string', default: '10' },
  },
});
const methods = values.method ? [values.method as Method] : (['card', 'carrier', 'cvs'] as const);
const found = [...hunt([...methods], Number(values.from), Number(values.seeds))];
found.sort(([, a], [, b]) => sizeOf(a.order) - sizeOf(b.order));
for (const [kind, { order, seed, count }] of found.slice(0, Number(values.show)))
  console.log(`${count} x ${kind}\n${orderText(order)}\n  seed ${seed}\n`);
console.log(`${found.length} kinds of difference in ${values.seeds} seeds from ${values.from}`);
process.exitCode = found.length > 0 ? 1 : 0;
