import type { Callback } from '../../local/simulator/gateway.ts';
import { newOrder, type Play, pause, payer, playCancel, repeat, seconds } from './acting.ts';
import { playCarrier } from './play-carrier.ts';
import { playOperator } from './play-operator.ts';
import { playThreeD } from './play-three-d.ts';
import type { WrongCallback } from './town.ts';

export function startPlay(play: Play): void {
  const { town, dice } = play;
  town.deliver = callbacks => {
    for (const callback of callbacks) courier(play, callback);
  };
  const count = dice.weighted({ 1: 7, 2: 2, 3: 1 });
  for (let n = 1; n <= Number(count); n += 1) {
    const kind = dice.weighted({ card: 5, carrier: 3, cvs: 3, threeD: play.campaign.threeD });
    if (kind === 'card') void playCard(play, n);
    if (kind === 'carrier') void playCarrier(play, n);
    if (kind === 'cvs') void playCvs(play, n);
    if (kind === 'threeD') void playThreeD(play, n);
  }
  if (dice.chance(0.05)) foreignCharge(play);
  const runs = dice.below(4);
  for (let run = 0; run < runs; run += 1) void playClock(play);
  if (dice.chance(0.35)) void playOperator(play);
  const publishing = dice.below(4);
  for (let run = 0; run < publishing; run += 1) {
    town.world.scheduler.after(seconds(dice, 0, 300), () => void town.publishAll());
  }
}

/** A callback: at once, during the answer, late, again, or not before the end. */
function courier(play: Play, callback: Callback): void {
  const { town, dice, campaign } = play;
  const { hits } = town.world.policy;
  town.callbacks.push({ callback, isStored: false });
  const times = dice.chance(campaign.silent) ? 0 : Number(dice.weighted({ 0: 1, 1: 7, 2: 2, 3: 1 }));
  if (times === 0) hits.add('callback missing');
  if (times > 1) hits.add('callback again');
  for (let time = 0; time < times; time += 1) {
    const wait = dice.weighted({ prompt: 6, slow: 3, late: 2, never: 1 });
    const after = { prompt: [0, 2], slow: [2, 60], late: [60, 400], never: [3600, 200_000] }[wait] as [number, number];
    if (wait === 'late' || wait === 'never') hits.add('callback late');
    town.world.scheduler.after(seconds(dice, ...after), () => void town.callBack(callback));
  }
  if (dice.chance(campaign.wrongCallback)) playWrong(play, callback);
}

const successes = {
  card: { name: 'result', says: 'OK', number: 'ordd' },
  carrier: { name: 'status', says: '07', number: 'order_no' },
  cvs: { name: 'status', says: '05', number: 'order_no' },
} as const;

/** Two values and another order's number are played as soon as the judge knows what follows from them. */
const wrongCallbacks: readonly WrongCallback[] = ['wrong amount', 'wrong IP code'];

/** A callback that the gateway did not mean: a success with another amount or another IP code, or one with another order's number. */
function playWrong({ town, dice, orderIds }: Play, callback: Callback): void {
  const { callbackOmit } = town.world.gateway.gateway.settings;
  const { name, says, number } = successes[callback.service];
  const wrong = dice.pick(wrongCallbacks);
  const other = [...town.world.gateway.gateway.state.orders.keys()].find(each => each !== callback.orderNumber);
  const changes: Record<WrongCallback, Record<string, string>> = {
    'wrong amount': { [name]: says, money: '9999998' },
    'wrong IP code': { [name]: says, clientip: '2019009999' },
    "another order's number": { [number]: other ?? '' },
    'two values': {},
  };
  const change = changes[wrong];
  const isCompared =
    wrong === 'wrong amount' || wrong === 'two values'
      ? !callbackOmit.includes('money')
      : !callbackOmit.includes('clientip');
  if (!isCompared || !orderIds.includes(callback.sendpoint) || (number in change && !other)) return;
  const changed = callback.parameters.map(each => ({ ...each, value: change[each.name] ?? each.value }));
  const parameters = wrong === 'two values' ? [...changed, { name: 'money', value: '1' }] : changed;
  const orderNumber = change[number] ?? callback.orderNumber;
  town.world.policy.hits.add(wrong);
  const forged = { ...callback, orderNumber, status: change[name] ?? callback.status, parameters };
  town.world.scheduler.after(seconds(dice, 0, 200), () => void town.callBack(forged, wrong));
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
  const charging = repeat(play, ['POST', '/card/charges'], key, () => ({
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

async function playRecurring(play: Play, cardId: string, n: number): Promise<void> {
  await pause(play);
  const key = `recurring-${n}`;
  const orderId = newOrder(play, key);
  const amount = 500 + play.dice.below(500);
  await repeat(play, ['POST', '/card/recurring-charges'], key, () => ({ ...payer, cardId, amount }));
  if (play.dice.chance(0.3)) void playCancel(play, orderId, 100 + n);
}

async function playDeletion(play: Play, cardId: string, n: number): Promise<void> {
  await pause(play);
  await repeat(play, ['POST', '/card/deletions'], `delete-${n}`, () => ({ cardId }), 3);
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
  const ordering = repeat(play, ['POST', '/cvs/orders'], key, () => body);
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
function foreignCharge({ town }: Play): void {
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
