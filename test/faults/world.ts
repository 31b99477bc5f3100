import type { Fault } from './campaigns.ts';
import { type DynamoDouble, dynamoDouble } from './dynamo-double.ts';
import { createRecorder, type Ending, type Recorder } from './history.ts';
import { createModelGateway, type ModelGateway } from './model-gateway.ts';
import type { SendFault, StoreFault } from './policy.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

/** Who decides what goes wrong: dice, or the enumeration of a small world. Times in milliseconds. */
export interface Policy {
  /** How long a message is under way. */
  travel(what: 'store' | 'gateway'): number;
  storeFault(label: string, isWrite: boolean, at: number): StoreFault;
  sendFault(endpoint: string, at: number): SendFault;
  /** Whether the invocation ends here: before its message leaves, or before the answer is read. */
  crash(me: Invocation, label: string): 'before' | 'after' | null;
  /** How long the invocation stands still before its next message. */
  freeze(me: Invocation): number;
  /** By how much its clock is off, and by how much that steps back at an await. */
  clockOff(): number;
  clockStepsBack(me: Invocation): number;
  /** How many of the newest changes a query of an index does not see. */
  indexBehind(): number;
  queueAgain(): boolean;
  busTakesPart(): boolean;
  /** What went wrong so far. */
  hits: Set<Fault>;
  /** Between 0 and 1, for choices that have no name of their own. */
  roll(): number;
  /** Fixed for exhaustive worlds: which of so many messages comes next. */
  pickNext?(messages: number): number;
  /** Reads take no time. */
  readsAtOnce?: boolean;
}

/** One run of one function. Dead: nothing of it goes on, though its messages still arrive. */
export interface Invocation {
  id: number;
  name: string;
  isAlive: boolean;
  /** Awaits so far. */
  steps: number;
  crashAt: number;
  freezeAt: number;
  /** Its clock less the true one. */
  clockOff: number;
  die(why: string): void;
}

/** A request to the merchant API and its response; `status` null: none came. */
export interface Exchange {
  path: string;
  request: Record<string, unknown>;
  status: number | null;
  /** With the header `Idempotent-Replayed`. */
  isReplayed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not typed
  response: any;
}

/** A callback in the queue of those that could not be stored. */
export interface Waiting {
  messageId: string;
  body: string;
  sentAt: number;
  /** Of the history. */
  delivery: number | null;
}

/** By `function: await`: how often it was reached, and crashed at before its message left and after it took effect. */
export type Coverage = Map<string, { reached: number; before: number; after: number }>;

export interface World {
  policy: Policy;
  scheduler: Scheduler;
  dynamo: DynamoDouble;
  gateway: ModelGateway;
  queue: Waiting[];
  /** What could be seen from outside, in order. */
  recorder: Recorder;
  coverage: Coverage;
  /** A setting of ours. */
  threeDSecureOutside: 'refuse' | 'charge';
  /** Nothing goes wrong any more. */
  isCalm: boolean;
  now(): Date;
  tell(line: () => string): void;
  story: string[];
  /** What was thrown that no schedule may cause. */
  bugs: string[];
}

export interface WorldOptions {
  start: Date;
  policy: Policy;
  coverage?: Coverage;
  isTold?: boolean;
  gatewaySeed?: number;
}

export function createWorld({
  start,
  policy,
  coverage = new Map(),
  isTold = false,
  gatewaySeed = 1,
}: WorldOptions): World {
  const scheduler = createScheduler(start.getTime(), policy.pickNext);
  const story: string[] = [];
  return {
    policy,
    scheduler,
    coverage,
    story,
    bugs: [],
    dynamo: dynamoDouble(),
    gateway: createModelGateway(scheduler.now, gatewaySeed, fault => policy.hits.add(fault)),
    queue: [],
    recorder: createRecorder(scheduler.now),
    threeDSecureOutside: 'refuse',
    isCalm: false,
    now: () => new Date(scheduler.now()),
    tell(line) {
      if (isTold) story.push(`${new Date(scheduler.now()).toISOString()} ${line()}`);
    },
  };
}

/** What an invocation is for: a call, or deliveries of callbacks. */
export interface Cause {
  call?: number | null;
  deliveries?: readonly number[];
}

/** Runs one function until it answers, throws, crashes or runs out of time. The caller hears of a crash as of a throw: nothing. */
export function invoke<T>(
  world: World,
  name: string,
  timeoutSeconds: number,
  run: (me: Invocation) => Promise<T>,
  { call = null, deliveries = [] }: Cause = {},
): Promise<{ kind: 'returned'; value: T } | { kind: 'failed' }> {
  return new Promise(resolve => {
    const { recorder } = world;
    const id = recorder.next();
    const end = (how: Ending) => recorder.add({ kind: 'ended', run: id, how });
    recorder.add({ kind: 'begun', run: id, name, call, deliveries });
    const stop = world.scheduler.timer(timeoutSeconds * 1000, () => me.die('time-out'));
    const me: Invocation = {
      id,
      name,
      isAlive: true,
      steps: 0,
      crashAt: -1,
      freezeAt: -1,
      clockOff: world.isCalm ? 0 : world.policy.clockOff(),
      die(why) {
        if (!me.isAlive) return;
        me.isAlive = false;
        stop();
        end('killed');
        world.tell(() => `${name} dies: ${why}`);
        resolve({ kind: 'failed' });
      },
    };
    if (me.clockOff !== 0) world.policy.hits.add('clock off');
    world.tell(
      () => `${name} #${id} begins${me.clockOff === 0 ? '' : `, its clock off by ${Math.round(me.clockOff)} ms`}`,
    );
    run(me).then(
      value => {
        if (!me.isAlive) return;
        stop();
        me.isAlive = false;
        end('returned');
        resolve({ kind: 'returned', value });
      },
      (error: Error) => {
        if (!me.isAlive) return;
        stop();
        me.isAlive = false;
        end('thrown');
        world.tell(() => `${name} throws ${error.message}`);
        if (!(error instanceof Unavailable)) world.bugs.push(String(error.stack));
        resolve({ kind: 'failed' });
      },
    );
  });
}

/** What the client of a service throws when it has given up. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** Never resolves: its caller is dead. */
export const silence = new Promise<never>(() => {});

/** Counts the await, and decides whether the invocation ends at it, and whether its clock steps back. */
export function enter(world: World, me: Invocation, label: string): 'before' | 'after' | null {
  const key = `${me.name}: ${label}`;
  const seen = world.coverage.get(key) ?? { reached: 0, before: 0, after: 0 };
  world.coverage.set(key, seen);
  seen.reached += 1;
  const crash = world.isCalm ? null : world.policy.crash(me, label);
  me.steps += 1;
  if (crash) {
    seen[crash] += 1;
    world.policy.hits.add(`crash ${crash}`);
  }
  const back = world.isCalm ? 0 : world.policy.clockStepsBack(me);
  if (back > 0) {
    me.clockOff -= back;
    world.policy.hits.add('clock steps back');
    world.tell(() => `${me.name} #${me.id} clock steps back by ${Math.round(back)} ms`);
  }
  return crash;
}

/** Stands still, as a function does that Lambda freezes and thaws. */
export async function frozen(world: World, me: Invocation, milliseconds: number): Promise<void> {
  world.policy.hits.add('frozen');
  world.tell(() => `${me.name} #${me.id} is frozen for ${Math.round(milliseconds)} ms`);
  await world.scheduler.sleep(milliseconds);
}
