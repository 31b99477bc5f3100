/**
 * The same calls and callbacks in every order end equal: a payment is played without faults, its callbacks are held back,
 * and then delivered in every order (of more than four, in 24 of them), some of them twice.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Callback } from '../../local/simulator/gateway.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { permutations } from '../domain/readings.ts';
import { payer, postForm } from './acting.ts';
import { deploymentId, type Variant } from './deps.ts';
import { verdict } from './explore.ts';
import type { ShownOrder } from './judge-views.ts';
import { quietPolicy } from './policy.ts';
import { type Dice, seededDice } from './random.ts';
import { createTown, type Town } from './town.ts';
import { createWorld } from './world.ts';

export interface Converged {
  orders: number;
  /** What differs, or breaks the contract. */
  found: string[];
}

const mostOrders = 24;

export async function converge(seed: number, variant: Variant = {}): Promise<Converged> {
  const held = (await play(seed, [], variant)).held.length;
  const places = Array.from({ length: held }, (_, place) => place);
  const all = held <= 4 ? permutations(places) : shuffles(places, seededDice(seed));
  const found: string[] = [];
  let first: unknown = null;
  for (const order of all) {
    const repeats = seed % 2 === 0 ? order.flatMap(place => [place, place]) : [...order, ...order];
    const { shown, faults } = await play(seed, repeats, variant);
    first ??= shown;
    found.push(...faults);
    if (!isDeepStrictEqual(first, shown))
      found.push(`callbacks in the order ${order} end in ${JSON.stringify(shown)}, before in ${JSON.stringify(first)}`);
  }
  return { orders: all.length, found };
}

function shuffles(places: number[], dice: Dice): number[][] {
  return Array.from({ length: mostOrders }, () =>
    places
      .map(place => ({ place, key: dice.roll() }))
      .sort((a, b) => a.key - b.key)
      .map(({ place }) => place),
  );
}

async function play(seed: number, order: readonly number[], variant: Variant) {
  const dice = seededDice(seed);
  const lostAt = dice.chance(0.4) ? 'lost' : 'none';
  const policy = { ...quietPolicy(), sendFault: () => (world.isCalm ? 'none' : lostAt) as 'none' };
  const world = createWorld({ start: new Date('2026-11-20T03:00:00Z'), policy, gatewaySeed: seed });
  const town = createTown(world, variant);
  const held: Callback[] = [];
  town.deliver = callbacks => void held.push(...callbacks);
  const key = 'key';
  await scenarios[dice.pick(['card', 'carrier', 'cvs'] as const)](town, dice, key, held);
  for (const place of order) {
    const callback = held[place];
    if (!callback) continue;
    void town.callBack(isWrong(seed, place) ? changed(callback, { money: '9999998' }) : callback);
    await world.scheduler.runToRest();
  }
  const { found } = await verdict(town, false);
  variant.end?.();
  const asked = town.call('GET', `/orders/${orderIdOf(deploymentId, key)}`, null);
  await world.scheduler.runToRest();
  return { held, shown: withoutTimes((await asked).response), faults: order.length > 0 ? found : [] };
}

/** Some callbacks name a wrong amount, the same ones in every order. */
const isWrong = (seed: number, place: number): boolean => (seed * 7 + place) % 11 === 0;

async function rest<T>(town: Town, work: Promise<T>): Promise<T> {
  await town.world.scheduler.runToRest();
  return work;
}

type Scenario = (town: Town, dice: Dice, key: string, held: Callback[]) => Promise<void>;

const scenarios: Record<'card' | 'carrier' | 'cvs', Scenario> = {
  async card(town, dice, key, held) {
    const body = { ...payer, tokenKey: town.world.gateway.token(dice.chance(0.7)), amount: 5000 };
    await rest(town, town.call('POST', '/card/charges', key, body));
    // A second number, or a result that contradicts the first.
    const [first] = held;
    if (first && dice.chance(0.7)) held.push(changed(first, dice.chance(0.5) ? { result: 'NG' } : { ordd: 'other-1' }));
    if (first && dice.chance(0.5)) held.push(changed(first, { result: 'NG', ordd: 'other-2' }));
  },
  async carrier(town, dice, key, held) {
    const { gateway } = town.world;
    const carrier = dice.pick(['docomo', 'au', 'softbank'] as const);
    if (dice.chance(0.3)) gateway.gateway.settings.carrierSale = 'immediate';
    const body = { carrier, amount: 3000, name: 'ゼウスタロウ', phone: payer.phone };
    const { response } = await rest(town, town.call('POST', '/carrier/orders', key, body));
    const visits = 1 + dice.below(2);
    for (let visit = 0; visit < visits; visit += 1) {
      const number = postForm(town, response.form.fields);
      if (dice.chance(0.2)) town.deliver(gateway.carrier(number, 'fail'));
      town.deliver(gateway.carrier(number, 'complete'));
      if (dice.chance(0.3)) town.deliver(gateway.carrier(number, 'fail-settlement'));
      if (dice.chance(0.3)) town.deliver(gateway.carrier(number, 'fail-return'));
    }
    if (dice.chance(0.5)) return;
    for (const callback of held.splice(0)) await rest(town, town.callBack(callback));
    const path = `/carrier/orders/${orderIdOf(deploymentId, key)}`;
    await rest(town, town.call('POST', `${path}/settlement`, 'settle', dice.chance(0.4) ? { amount: 2000 } : {}));
    if (dice.chance(0.5)) await rest(town, town.call('POST', `${path}/return`, 'return', {}));
  },
  async cvs(town, dice, key, held) {
    const { gateway } = town.world;
    gateway.gateway.settings.optionalCallbacks = ['cvs-02', 'cvs-03'];
    const body = { store: 'lawson', amount: 4000, name: 'ゼウス タロウ', ...payer };
    await rest(town, town.call('POST', '/cvs/orders', key, body));
    const acts = 1 + dice.below(4);
    for (let act = 0; act < acts; act += 1) {
      const numbers = [...gateway.gateway.state.orders.keys()];
      const number = dice.pick(numbers.length > 0 ? numbers : ['none']);
      const possible = numbers.length > 0 ? gateway.counterActions(number) : [];
      if (possible.length > 0) held.push(...gateway.counter(number, dice.pick(possible)));
    }
  },
};

function changed(callback: Callback, values: Record<string, string>): Callback {
  const parameters = callback.parameters.map(each => ({ ...each, value: values[each.name] ?? each.value }));
  return {
    ...callback,
    parameters,
    status: values.result ?? callback.status,
    orderNumber: values.ordd ?? callback.orderNumber,
  };
}

/** Everything that no order of arrival may change. */
function withoutTimes(order: ShownOrder & Record<string, unknown>): unknown {
  const { history: _, version: __, updatedAt: ___, attention, paid, returned, otherPayments, ...rest } = order;
  return {
    ...rest,
    attention: attention.map(({ reason }) => reason).sort(),
    paid: paid?.amount ?? null,
    returned: returned?.amount ?? null,
    others: otherPayments.map(each => ({ ...each, paid: each.paid?.amount, returned: each.returned?.amount })),
  };
}
