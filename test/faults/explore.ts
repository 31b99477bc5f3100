import { judge } from './judge.ts';
import { type Play, startPlay } from './play.ts';
import { dicePolicy } from './policy.ts';
import { seededDice } from './random.ts';
import { createTown, type Town, type Variant } from './town.ts';
import { type Coverage, createWorld, type World } from './world.ts';

export interface Explored {
  seed: number;
  /** What the judge found; empty: the promise held. */
  violations: string[];
  story: string[];
  events: number;
}

export interface ExploreOptions {
  variant?: Variant;
  isTold?: boolean;
  coverage?: Coverage;
}

/** Plays one schedule to its rest, and judges it. The same seed plays the same schedule. */
export async function explore(
  seed: number,
  { variant = {}, isTold = false, coverage = new Map() }: ExploreOptions = {},
): Promise<Explored> {
  const dice = seededDice(seed);
  const roughness = dice.pick([
    { crash: 0, store: 0, send: 0.3 },
    { crash: 0.15, store: 0.05, send: 0.15 },
    { crash: 0.3, store: 0.1, send: 0.3 },
    { crash: 0.1, store: 0.3, send: 0.4 },
    { crash: 0.4, store: 0.2, send: 0.2 },
  ]);
  // Some begin where a JST day is about to end, or where settling today is about to become too late.
  const start = new Date(
    Date.parse('2026-11-20T00:00:00Z') + dice.pick([0, 3, 14.9, 14.99]) * 3_600_000 + dice.below(600_000),
  );
  const world = createWorld({ start, policy: dicePolicy(dice, roughness), coverage, isTold, gatewaySeed: seed });
  setHabits(world, seed);
  const town = createTown(world, variant);
  const play: Play = { town, dice, allArrive: dice.chance(0.7), orderIds: [], cardIds: new Set() };
  try {
    startPlay(play);
    await world.scheduler.runToRest();
    await comeToRest(town, play.allArrive);
  } catch (error) {
    world.bugs.push(String((error as Error).stack));
  }
  variant.end?.();
  return {
    seed,
    violations: verdict(town, play.allArrive, play.orderIds),
    story: world.story,
    events: world.scheduler.fired(),
  };
}

/** What the gateway leaves out of its calls, and how it writes them. */
function setHabits({ gateway, policy }: World, seed: number): void {
  const { settings } = gateway.gateway;
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
    if (next === null || next > latest) break;
    if (round > 2 && next <= world.scheduler.now()) {
      // Only what the gateway will not tell is asked for again and again.
      if (round > 8) break;
    }
    world.scheduler.after(next - world.scheduler.now(), () => {});
    await world.scheduler.runToRest();
    town.deliver(world.gateway.passTime());
  }
}

function nextDue({ table }: World): number | null {
  const times = [...table.orders(), ...table.cards()].flatMap(({ dueAt }) => (dueAt ? [Date.parse(dueAt)] : []));
  return times.length === 0 ? null : Math.min(...times);
}

async function arriveAll(town: Town): Promise<void> {
  for (const each of town.callbacks) {
    if (each.isStored) continue;
    void town.callBack(each.callback);
    await town.world.scheduler.runToRest();
  }
}

/** The judge's findings, and what was thrown that should not have been. */
export function verdict({ world }: Town, allArrived: boolean, ours: readonly string[]): string[] {
  const { state } = world.gateway.gateway;
  const found = judge({
    ledger: state.ledger,
    gatewayOrders: [...state.orders.values()],
    gatewayCards: state.cards,
    orders: world.table.orders(),
    cards: world.table.cards(),
    deliveries: world.deliveries,
    cardRequests: world.cardRequests,
    allArrived,
    ours,
  });
  return [...found, ...world.bugs.map(bug => `thrown: ${bug}`)];
}
