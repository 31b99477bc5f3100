import { addDays, dayOf } from '../../shared/domain/days.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import type { Play } from './acting.ts';
import { campaignOf, type Fault } from './campaigns.ts';
import { deploymentId, type Variant } from './deps.ts';
import { judge } from './judge.ts';
import { type Counters, noCounters, type Verdict } from './judge-rules.ts';
import type { ShownOrder } from './judge-views.ts';
import { startPlay } from './play.ts';
import { dicePolicy } from './policy.ts';
import { seededDice } from './random.ts';
import { createTown, type Town } from './town.ts';
import { type Coverage, createWorld, type World } from './world.ts';

export interface Explored {
  seed: number;
  /** What the judge found; empty: the promise held. */
  violations: string[];
  story: string[];
  events: number;
  campaign: string;
  /** What went wrong in it. */
  faults: ReadonlySet<Fault>;
  /** The judge's rules that were used. */
  used: Counters;
}

export interface ExploreOptions {
  variant?: Variant;
  isTold?: boolean;
  coverage?: Coverage;
  /** By default the seed chooses. */
  campaign?: string | null;
  /** How it comes to rest; by default due work runs whenever something is due. */
  rest?: Rest;
}

export type Rest = (town: Town, allArrive: boolean) => Promise<void>;

/** Plays one schedule to its rest, and judges it. The same seed plays the same schedule. */
export async function explore(
  seed: number,
  { variant = {}, isTold = false, coverage = new Map(), campaign: only = null, rest = comeToRest }: ExploreOptions = {},
): Promise<Explored> {
  const dice = seededDice(seed);
  const campaign = campaignOf(dice, only);
  // Some begin where a JST day is about to end, or where settling today is about to become too late.
  const start = new Date(
    Date.parse('2026-11-20T00:00:00Z') + dice.pick([0, 3, 14.9, 14.99]) * 3_600_000 + dice.below(600_000),
  );
  const world = createWorld({
    start,
    policy: dicePolicy(dice, campaign, start.getTime()),
    coverage,
    isTold,
    gatewaySeed: seed,
  });
  setHabits(world, seed);
  const { readings } = world.gateway;
  if (dice.chance(campaign.lies)) readings.firstAmounts = true;
  if (dice.chance(campaign.lies)) readings.vagueRepeats = true;
  const town = createTown(world, variant);
  const play: Play = {
    town,
    dice,
    campaign,
    allArrive: dice.chance(campaign.allArrive),
    orderIds: [],
    cardIds: new Set(),
    sessions: new Set(),
  };
  startPlay(play);
  const { found, used } = await verdict(town, play.allArrive, rest);
  variant.end?.();
  return {
    seed,
    violations: found,
    used,
    story: world.story,
    events: world.scheduler.fired(),
    campaign: campaign.name,
    faults: world.policy.hits,
  };
}

/** What the gateway leaves out of its calls, and how it writes them. */
function setHabits(world: World, seed: number): void {
  const { gateway, policy } = world;
  const { settings } = gateway.gateway;
  if (seed % 3 === 0) world.threeDSecureOutside = 'charge';
  if (seed % 4 === 0) settings.authenticationRoot = 'request';
  if (seed % 9 === 0) settings.callbackAfterPay = false;
  if (seed % 11 === 0) settings.callbackOmit = ['clientip'];
  if (seed % 13 === 0) settings.callbackOmit = ['clientip', 'money'];
  if (seed % 7 === 0) settings.padCardClientip = true;
  if (seed % 5 === 0) settings.lineEnd = '\r\n';
  settings.cvsShuffle = policy.roll() < 0.2;
  if (policy.roll() < 0.2) settings.cancelWaitMs = 11_000;
}

const farAhead = 70 * 86_400_000;

/** Nothing goes wrong any more; calls that were not stored are made again, and due work runs until it has nothing to do. */
export async function comeToRest(town: Town, allArrive: boolean): Promise<void> {
  const { world } = town;
  world.isCalm = true;
  world.recorder.add({ kind: 'calm' });
  world.tell(() => 'calm');
  town.deliver = callbacks => {
    for (const callback of callbacks) town.callbacks.push({ callback, isStored: false });
  };
  const latest = world.scheduler.now() + farAhead;
  for (let round = 0; round < 40; round += 1) {
    if (allArrive) await arriveAll(town);
    world.scheduler.after(130_000, () => void town.dueWork());
    await world.scheduler.runToRest();
    town.deliver(world.gateway.passTime());
    if (allArrive) await arriveAll(town);
    const next = nextDue(world);
    await running(world, town.publishAll());
    if (next === null || next > latest) break;
    world.scheduler.after(next - world.scheduler.now(), () => {});
    await world.scheduler.runToRest();
    town.deliver(world.gateway.passTime());
  }
}

function nextDue({ dynamo }: World): number | null {
  const times = Array.from(dynamo.items(), ({ dueAt }) =>
    dueAt ? Date.parse(String(dueAt)) : Number.POSITIVE_INFINITY,
  );
  const first = Math.min(...times);
  return Number.isFinite(first) ? first : null;
}

export async function arriveAll(town: Town): Promise<void> {
  for (const each of town.callbacks) {
    if (each.isStored) continue;
    void town.callBack(each.callback);
    await town.world.scheduler.runToRest();
  }
}

/** Lets everything under way and due come to its end, and gives the judge's findings and the errors of no schedule. */
export async function verdict(town: Town, allArrived: boolean, rest: Rest = comeToRest): Promise<Verdict> {
  const { world } = town;
  const { state } = world.gateway.gateway;
  try {
    await world.scheduler.runToRest();
    await rest(town, allArrived);
    await running(world, readAll(town));
    await running(world, deleteCards(town));
    const { found, used } = judge({
      history: world.recorder.history,
      ledger: state.ledger,
      gatewayOrders: [...state.orders.values()],
      gatewayCards: state.cards,
      chargesOutside: world.threeDSecureOutside === 'charge',
      orderOfKey: key => orderIdOf(deploymentId, key),
      at: world.scheduler.now(),
    });
    return { found: [...found, ...world.bugs.map(bug => `thrown: ${bug}`)], used };
  } catch (error) {
    return { found: [...world.bugs, `thrown: ${(error as Error).stack}`], used: noCounters() };
  }
}

async function running<T>({ scheduler }: World, work: Promise<T>): Promise<T> {
  await scheduler.runToRest();
  return work;
}

/** Every order that the API lists, page by page; one request takes at most 92 days. */
async function readAll({ call, world }: Town): Promise<ShownOrder[]> {
  const orders: ShownOrder[] = [];
  const today = dayOf(world.now());
  for (let from = '2026-11-20'; from <= today; from = addDays(from, 90)) {
    let cursor = '';
    do {
      const query = `from=${from}&to=${addDays(from, 89)}${cursor && `&cursor=${cursor}`}`;
      const { status, response } = await call('GET', `/orders?${query}`, null);
      if (status !== 200) throw new Error(`The list is answered ${status}`);
      orders.push(...response.orders);
      cursor = response.cursor ?? '';
    } while (cursor);
  }
  return orders;
}

/** With the phones that were kept: what is left at the gateway then, no merchant could delete. */
async function deleteCards({ call, world }: Town): Promise<void> {
  const ids = new Set(world.gateway.gateway.state.cards.map(({ sendid }) => sendid));
  for (const cardId of ids) await call('POST', '/card/deletions', `last ${cardId}`, { cardId });
}
