import { escapeBytes } from '../../local/simulator/form.ts';
import { encodeShiftJis } from '../../local/simulator/shift-jis.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Campaign } from './campaigns.ts';
import { deploymentId } from './deps.ts';
import type { Dice } from './random.ts';
import type { Town } from './town.ts';
import type { Exchange } from './world.ts';

/** All outside our functions, as the dice have them act. */
export interface Play {
  town: Town;
  dice: Dice;
  campaign: Campaign;
  /** Whether calls that were held back or refused come in the end. */
  allArrive: boolean;
  orderIds: string[];
  cardIds: Set<string>;
  /** Every 3-D Secure session that a browser was sent to. */
  sessions: Set<string>;
}

export const seconds = (dice: Dice, least: number, most: number): number =>
  1000 * (least + dice.roll() * (most - least));

/** Between two acts of one client: at once, after a while, after a claim has gone stale. */
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

export async function pause({ town, dice }: Play): Promise<void> {
  await town.world.scheduler.sleep(pauseOf(dice));
}

/** One request, repeated as a shop repeats it: after an answer, without waiting for it, or with another body by mistake. */
export async function repeat(
  play: Play,
  [method, path]: readonly [string, string],
  key: string,
  body: () => object,
  most = 4,
): Promise<Exchange[]> {
  const { town, dice } = play;
  const times = 1 + dice.below(most);
  const answers: Promise<Exchange>[] = [];
  for (let time = 0; time < times; time += 1) {
    const isOther = time > 0 && dice.chance(0.06);
    const answer = town.call(method, path, key, isOther ? { ...body(), ...otherBody(path) } : body());
    if (!isOther) answers.push(answer);
    if (dice.chance(0.7)) await answer;
    if (time + 1 < times) await pause(play);
  }
  const { hits } = town.world.policy;
  const isCreating = creates(path);
  if (isCreating && dice.chance(play.campaign.oldKey)) {
    hits.add('old key');
    town.world.scheduler.after(seconds(dice, 14 * day, 60 * day), () => void town.call(method, path, key, body()));
  }
  if (!isCreating && dice.chance(play.campaign.manyKeys)) {
    hits.add('more than ten keys');
    for (let n = 1; n <= 11; n += 1) void (await town.call(method, path, `${key}-${n}`, body()));
    answers.push(town.call(method, path, key, body()));
  }
  return Promise.all(answers);
}

const day = 86_400;

const creates = (path: string): boolean => /(charges|orders|authentications)$/.test(path);

const otherBody = (path: string): object => {
  if (path === '/card/deletions') return { cardId: 'CARD-X' };
  if (path.endsWith('/completion')) return { paRes: 'A' };
  return creates(path) ? { amount: 777 } : {};
};

export const payer = { phone: '09012345678', email: 'taro@example.com' };

export async function playCancel(play: Play, orderId: string, n: number): Promise<void> {
  await pause(play);
  const keys = 1 + play.dice.below(2);
  for (let k = 0; k < keys; k += 1) {
    await repeat(play, ['POST', `/card/charges/${orderId}/cancel`], `cancel-${n}-${k}`, () => ({}), 3);
  }
}

/** The payer's browser posts the form of a carrier order; the gateway's number of the payment. */
export function postForm({ world }: Town, fields: Record<string, string>): string {
  const wire = Object.entries(fields).map(
    ([name, value]) => `${name}=${escapeBytes(encodeShiftJis(value), 'upper', '+')}`,
  );
  world.gateway.handle('/cgi-bin/carrier/order.cgi', Buffer.from(wire.join('&')), null);
  return [...world.gateway.gateway.state.orders.keys()].at(-1) ?? '';
}

export function newOrder(play: Play, key: string): string {
  const orderId = orderIdOf(deploymentId, key);
  play.orderIds.push(orderId);
  return orderId;
}
