import type { CardStore, DueKey, OrderStore } from '../../shared/orders/ports.ts';
import type { Write } from './memory-store.ts';
import type { StoreFault } from './policy.ts';
import { enter, type Invocation, silence, Unavailable, type Waiting, type World } from './world.ts';

/** What the store's client waits for in all: three attempts with time-outs of their own. */
const clientPatience = 12_000;

/** The store as one invocation meets it: each request takes its time, and may go wrong in every way a request can. */
export function orderStoreOf(world: World, me: Invocation): OrderStore {
  const { table } = world;
  return {
    create: order => write(world, me, 'create', table.create(order)),
    replace: next => write(world, me, 'replace', table.replace(next)),
    advance: move => write(world, me, 'advance', table.advance(move)),
    claim: claim => write(world, me, 'claim', table.claim(claim)),
    find: orderId => read(world, me, 'find', () => table.find(orderId)),
    list: () => Promise.reject(new Error('Nothing is listed here.')),
    due: by => due(world, me, by),
  };
}

export function cardStoreOf(world: World, me: Invocation): CardStore {
  const { table } = world;
  return {
    remember: (cardId, phone) => write(world, me, 'remember card', table.remember(cardId, phone)),
    find: cardId => read(world, me, 'find card', () => table.findCard(cardId)),
    replace: next => write(world, me, 'replace card', table.replaceCard(next)),
  };
}

/** The index lags: what was due a moment ago may be handled already, and is looked at again. */
async function* due(world: World, me: Invocation, by: Date): AsyncGenerator<DueKey> {
  yield* await read(world, me, 'due', () => world.table.due(by.toISOString()));
}

export function read<T>(world: World, me: Invocation, label: string, find: () => T): Promise<T> {
  return request(world, me, label, false, find);
}

export function write<T>(world: World, me: Invocation, label: string, apply: Write<T>): Promise<T> {
  return request(world, me, label, true, apply);
}

/** The queue of calls that could not be stored; it may keep one twice. */
export function enqueue(world: World, me: Invocation, waiting: Waiting): Promise<void> {
  return request(world, me, 'queue', true, () => void world.queue.push(waiting));
}

async function request<T>(world: World, me: Invocation, label: string, isWrite: boolean, apply: () => T): Promise<T> {
  if (!me.isAlive) return silence;
  const crash = enter(world, me, label);
  if (crash === 'before') {
    me.die(`before ${label}`);
    return silence;
  }
  const fault = world.isCalm ? 'none' : world.policy.storeFault(label, isWrite);
  if (fault !== 'none' || crash)
    world.tell(() => `  ${me.name} #${me.id} ${label}: ${fault}${crash ? ', then dies' : ''}`);
  const result = await new Promise<T>((resolve, reject) => travel(world, label, fault, apply, { resolve, reject }));
  if (crash) me.die(`after ${label}`);
  return me.isAlive ? result : silence;
}

interface Hearer<T> {
  resolve(result: T): void;
  reject(error: Error): void;
}

function travel<T>(world: World, label: string, fault: StoreFault, apply: () => T, hearer: Hearer<T>): void {
  const { scheduler, policy } = world;
  const way = () => (world.isCalm ? 5 : policy.travel('store'));
  const later = () => policy.roll() * (policy.roll() < 0.2 ? 300_000 : 8000);
  const giveUp = () => hearer.reject(new Unavailable(label));
  // When its caller reads an answer makes no difference to anybody else: small worlds need not tell those orders apart.
  const answer = (result: T) =>
    policy.pickNext ? hearer.resolve(result) : scheduler.after(way(), () => hearer.resolve(result));
  const arrive = (done: (result: T) => void) => scheduler.after(way(), () => done(apply()));
  const courses: Record<StoreFault, () => void> = {
    none: () => arrive(answer),
    refused: () => scheduler.after(way(), giveUp),
    unheard: () => arrive(() => scheduler.after(policy.roll() * clientPatience, giveUp)),
    repeated: () => arrive(() => scheduler.after(1000 + policy.roll() * 6000, () => answer(apply()))),
    overtaken() {
      scheduler.after(3000, () => answer(apply()));
      scheduler.after(3000 + later(), apply);
    },
    late() {
      scheduler.after(policy.roll() * clientPatience, giveUp);
      scheduler.after(clientPatience + later(), apply);
    },
  };
  courses[fault]();
}
