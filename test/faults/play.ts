import { escapeBytes } from '../../local/simulator/form.ts';
import type { Callback } from '../../local/simulator/gateway.ts';
import { encodeShiftJis } from '../../local/simulator/shift-jis.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import type { FunctionName } from './handlers.ts';
import type { Dice } from './random.ts';
import { type Answered, deploymentId, type Town } from './town.ts';

/** Everybody outside our functions, as the dice have them act. */
export interface Play {
  town: Town;
  dice: Dice;
  /** Whether calls that were held back or refused come in the end. */
  allArrive: boolean;
  orderIds: string[];
  cardIds: Set<string>;
}

const seconds = (dice: Dice, least: number, most: number): number => 1000 * (least + dice.roll() * (most - least));

/** Between two acts of one person: at once, after a while, after a claim has gone stale. */
function pauseOf(dice: Dice): number {
  switch (dice.weighted({ now: 3, soon: 4, while: 3, stale: 2 })) {
    case 'now':
      return seconds(dice, 0, 0.3);
    case 'soon':
      return seconds(dice, 0.3, 12);
    case 'while':
      return seconds(dice, 12, 100);
    case 'stale':
      return seconds(dice, 100, 400);
  }
}

export function startPlay(play: Play): void {
  const { town, dice } = play;
  town.deliver = callbacks => {
    for (const callback of callbacks) courier(play, callback);
  };
  const count = dice.weighted({ 1: 7, 2: 2, 3: 1 });
  for (let n = 1; n <= Number(count); n += 1) {
    const kind = dice.weighted({ card: 5, carrier: 3, cvs: 3 });
    if (kind === 'card') void playCard(play, n);
    if (kind === 'carrier') void playCarrier(play, n);
    if (kind === 'cvs') void playCvs(play, n);
  }
  if (dice.chance(0.05)) strangersCharge(play);
  const runs = dice.below(4);
  for (let run = 0; run < runs; run += 1) void playClock(play);
  if (dice.chance(0.3)) void playOperator(play);
}

/** A call of the gateway: at once, during the answer, late, again, or not before the end. */
function courier({ town, dice }: Play, callback: Callback): void {
  town.callbacks.push({ callback, isStored: false });
  const times = Number(dice.weighted({ 0: 2, 1: 7, 2: 2, 3: 1 }));
  for (let time = 0; time < times; time += 1) {
    const wait = dice.weighted({ prompt: 6, slow: 3, late: 2, never: 1 });
    const after = { prompt: [0, 2], slow: [2, 60], late: [60, 400], never: [3600, 200_000] }[wait] as [number, number];
    town.world.scheduler.after(seconds(dice, ...after), () => void town.callBack(callback));
  }
}

async function pause({ town, dice }: Play): Promise<void> {
  await town.world.scheduler.sleep(pauseOf(dice));
}

/** One request, repeated as a shop repeats it: after an answer, without waiting for it, or with another body by mistake. */
async function repeat(
  play: Play,
  name: FunctionName,
  path: string,
  key: string,
  body: () => object,
  most = 4,
): Promise<Answered[]> {
  const { town, dice } = play;
  const times = 1 + dice.below(most);
  const answers: Promise<Answered | null>[] = [];
  for (let time = 0; time < times; time += 1) {
    const isOther = time > 0 && dice.chance(0.06);
    const answer = town.call(name, path, key, isOther ? { ...body(), ...otherBody(name) } : body());
    if (!isOther) answers.push(answer);
    if (dice.chance(0.7)) await answer;
    if (time + 1 < times) await pause(play);
  }
  return (await Promise.all(answers)).filter(answer => answer !== null);
}

const otherBody = (name: FunctionName): object => {
  if (name === 'card-deletion') return { cardId: 'CARD-X' };
  return /charge|order/.test(name) ? { amount: 777 } : {};
};

const payer = { phone: '09012345678', email: 'taro@example.com' };

function newOrder(play: Play, key: string): string {
  const orderId = orderIdOf(deploymentId, key);
  play.orderIds.push(orderId);
  return orderId;
}

async function playCard(play: Play, n: number): Promise<void> {
  const { town, dice } = play;
  const { gateway } = town.world;
  const key = `card-${n}`;
  const orderId = newOrder(play, key);
  const amount = dice.chance(0.12) ? 0 : 1000 + dice.below(9000);
  const cardId = amount === 0 || dice.chance(0.35) ? `CARD-${dice.below(2)}` : undefined;
  const isGood = dice.chance(0.85);
  if (cardId) play.cardIds.add(cardId);
  const charging = repeat(play, 'token-charge', '/card/charges', key, () => ({
    ...payer,
    tokenKey: gateway.token(isGood),
    amount,
    ...(cardId && { cardId }),
  }));
  if (dice.chance(0.7)) await charging;
  else await pause(play);
  if (dice.chance(0.45)) void playCancel(play, orderId, n);
  if (cardId && dice.chance(0.4)) void playRecurring(play, cardId, n);
  if (cardId && dice.chance(0.5)) void playDeletion(play, cardId, n);
}

async function playCancel(play: Play, orderId: string, n: number): Promise<void> {
  await pause(play);
  const keys = 1 + play.dice.below(2);
  for (let k = 0; k < keys; k += 1) {
    await repeat(play, 'cancel', `/card/charges/${orderId}/cancel`, `cancel-${n}-${k}`, () => ({}), 3);
  }
}

async function playRecurring(play: Play, cardId: string, n: number): Promise<void> {
  await pause(play);
  const key = `recurring-${n}`;
  const orderId = newOrder(play, key);
  const amount = 500 + play.dice.below(500);
  await repeat(play, 'recurring-charge', '/card/recurring-charges', key, () => ({ ...payer, cardId, amount }));
  if (play.dice.chance(0.3)) void playCancel(play, orderId, 100 + n);
}

async function playDeletion(play: Play, cardId: string, n: number): Promise<void> {
  await pause(play);
  await repeat(play, 'card-deletion', '/card/deletions', `delete-${n}`, () => ({ cardId }), 3);
}

async function playCarrier(play: Play, n: number): Promise<void> {
  const { town, dice } = play;
  const { gateway } = town.world;
  const key = `carrier-${n}`;
  const orderId = newOrder(play, key);
  const carrier = dice.pick(['docomo', 'au', 'softbank'] as const);
  if (dice.chance(0.25)) gateway.gateway.settings.carrierSale = 'immediate';
  const body = { carrier, amount: 3000, name: 'ゼウスタロウ', phone: payer.phone };
  const answers = await repeat(play, 'carrier-order', '/carrier/orders', key, () => body);
  const form = answers.find(({ body: answered }) => answered?.form)?.body.form;
  if (!form) return;
  const visits = dice.chance(0.2) ? 2 : 1;
  for (let visit = 0; visit < visits; visit += 1) void playPayer(play, form.fields);
  await pause(play);
  const acts = dice.below(5);
  for (let act = 0; act < acts; act += 1) {
    const acting = actOnCarrier(play, orderId, `${n}-${act}`);
    if (dice.chance(0.7)) await acting;
    await (dice.chance(0.15) ? town.world.scheduler.sleep(seconds(dice, 1000, 200_000)) : pause(play));
    town.deliver(gateway.passTime());
  }
}

/** The payer posts the form and goes through the carrier's pages, or does not. */
async function playPayer(play: Play, fields: Record<string, string>): Promise<void> {
  const { town, dice } = play;
  const { gateway, scheduler } = town.world;
  await scheduler.sleep(seconds(dice, 0, 30));
  const wire = Object.entries(fields).map(
    ([name, value]) => `${name}=${escapeBytes(encodeShiftJis(value), 'upper', '+')}`,
  );
  gateway.handle('/cgi-bin/carrier/order.cgi', Buffer.from(wire.join('&')), null);
  const orderNumber = [...gateway.gateway.state.orders.keys()].at(-1) ?? '';
  const act = (action: string) => {
    town.world.tell(() => `the payer of ${orderNumber}: ${action}`);
    town.deliver(gateway.carrier(orderNumber, action));
  };
  await scheduler.sleep(seconds(dice, 1, 60));
  const isFirstTry = dice.chance(0.85);
  if (!isFirstTry) act('fail');
  if (!isFirstTry && dice.chance(0.5)) return;
  await scheduler.sleep(seconds(dice, 1, 60));
  if (dice.chance(0.15)) act('next-settlement-fails');
  if (dice.chance(0.15)) act('next-return-fails');
  act('complete');
}

async function actOnCarrier(play: Play, orderId: string, suffix: string): Promise<void> {
  const { town, dice } = play;
  const path = `/carrier/orders/${orderId}`;
  const dayAfter = (days: number) =>
    new Date(town.world.scheduler.now() + 9 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const amount = dice.chance(0.2) ? { amount: 2000 } : {};
  switch (dice.weighted({ now: 5, schedule: 2, gateway: 2, withdraw: 2, return: 3 })) {
    case 'now':
      return void (await repeat(play, 'carrier-settle', `${path}/settlement`, `settle-${suffix}`, () => amount, 3));
    case 'schedule': {
      const body = { on: dayAfter(1 + dice.below(3)), ...amount };
      return void (await repeat(play, 'carrier-settle', `${path}/settlement`, `book-${suffix}`, () => body, 2));
    }
    case 'gateway': {
      const body = { on: dayAfter(1 + dice.below(3)), by: 'gateway', ...amount };
      return void (await repeat(play, 'carrier-settle', `${path}/settlement`, `gateway-${suffix}`, () => body, 3));
    }
    case 'withdraw':
      return void (await repeat(play, 'carrier-withdraw', `${path}/settlement`, `withdraw-${suffix}`, () => ({}), 3));
    case 'return':
      return void (await repeat(play, 'carrier-return', `${path}/return`, `return-${suffix}`, () => ({}), 3));
  }
}

async function playCvs(play: Play, n: number): Promise<void> {
  const { town, dice } = play;
  const { gateway, scheduler } = town.world;
  const key = `cvs-${n}`;
  const orderId = newOrder(play, key);
  if (dice.chance(0.5)) gateway.gateway.settings.optionalCallbacks = ['cvs-02', 'cvs-03'];
  const body = {
    store: dice.pick(['seven-eleven', 'lawson', 'familymart'] as const),
    amount: 4000,
    name: 'ゼウス タロウ',
    ...payer,
  };
  const ordering = repeat(play, 'cvs-order', '/cvs/orders', key, () => body);
  if (dice.chance(0.7)) await ordering;
  const acts = dice.below(5);
  for (let act = 0; act < acts; act += 1) {
    await (dice.chance(0.1) ? scheduler.sleep(seconds(dice, 1000, 1_500_000)) : pause(play));
    town.deliver(gateway.passTime());
    const numbers = [...gateway.gateway.state.orders.values()].filter(order => order.sendpoint === orderId);
    const number = dice.chance(0.8) ? numbers.at(-1) : numbers[0];
    if (!number) continue;
    const possible = gateway.counterActions(number.orderNumber).filter(action => action === 'pay' || dice.chance(0.5));
    if (possible.length === 0) continue;
    const action = dice.pick(possible);
    town.world.tell(() => `at the counter, ${number.orderNumber}: ${action}`);
    town.deliver(gateway.counter(number.orderNumber, action));
  }
}

/** A payment that is no order of ours, under the same IP code. */
function strangersCharge({ town }: Play): void {
  const { gateway } = town.world;
  const fields = `clientip=2019000001&token_key=${gateway.token(true)}&money=1234&send=mall&telno=0312345678&email=a%40example.com&sendpoint=elsewhere-1&printord=yes`;
  town.deliver(gateway.handle('/cgi-bin/secure.cgi', Buffer.from(fields), null).callbacks);
}

/** Runs of due work that may overlap. */
async function playClock({ town, dice }: Play): Promise<void> {
  const horizon = dice.pick([100, 400, 4000, 300_000]);
  await town.world.scheduler.sleep(seconds(dice, 0, horizon));
  const runs = 1 + dice.below(2);
  for (let run = 0; run < runs; run += 1) {
    void town.dueWork();
    await town.world.scheduler.sleep(seconds(dice, 0, 150));
  }
}

/** Looks at what needs a person, and says what the gateway's records say; sometimes something else. */
async function playOperator(play: Play): Promise<void> {
  const { town, dice } = play;
  const times = 1 + dice.below(2);
  for (let time = 0; time < times; time += 1) {
    await town.world.scheduler.sleep(seconds(dice, 60, 900));
    const order = town.world.table.find(dice.pick(play.orderIds.length > 0 ? play.orderIds : ['none']));
    if (
      !order ||
      (order.status !== 'unknown' && order.status !== 'sending' && !order.attention && order.method !== 'cvs')
    )
      continue;
    const outcome = dice.chance(0.8)
      ? truthOf(town, order)
      : dice.pick(['paid', 'declined', 'cancelled', 'acknowledged'] as const);
    const body = { outcome, note: 'asked the gateway' };
    await repeat(play, 'resolution', `/orders/${order.orderId}/resolution`, `resolve-${time}`, () => body, 2);
  }
}

function truthOf(town: Town, order: Order): string {
  const { ledger } = town.world.gateway.gateway.state;
  const has = (kind: string) => ledger.some(entry => entry.kind === kind && entry.sendpoint === order.orderId);
  if (order.status !== 'unknown' && order.status !== 'sending') return 'acknowledged';
  if (order.method === 'card')
    return has('cancel') ? 'cancelled' : has('charge') || has('registration') ? 'paid' : 'declined';
  if (order.method === 'cvs') return has('cash_confirmed') ? 'paid' : 'awaiting_customer';
  return 'acknowledged';
}
