import type { Variant } from './deps.ts';
import { verdict } from './explore.ts';
import { quietPolicy, type SendFault, type StoreFault } from './policy.ts';
import { createTown, type Town } from './town.ts';
import { type Coverage, createWorld, type Policy } from './world.ts';

/** A world so small that every schedule of it can be played. */
export interface SmallWorld {
  name: string;
  /** Before anything can go wrong: what must be there. */
  prepare?(town: Town): Promise<void>;
  /** Starts what runs at the same time; ends when all of it has. */
  act(town: Town): Promise<unknown>;
  /** The order ids that are judged. */
  ours: string[];
  /** Only an await of these crashes. */
  crashing: string;
  /** What may become of a send. */
  sendFaults: readonly SendFault[];
  storeFaults: readonly StoreFault[];
  /** Callbacks come at the end, so that fewer orders of messages are left to play. */
  callbacksLast?: true;
  /** Reads see the table as it is when they begin: a write that was overtaken since meets its condition all the same. */
  readsAtOnce?: true;
}

export interface Enumerated {
  schedules: number;
  violations: { choices: number[]; found: string[] }[];
}

/** Decides by a list, then always the first; notes how many ways there were. */
interface Script {
  choices: number[];
  ways: number[];
}

function choose({ choices, ways }: Script, count: number): number {
  const chosen = choices[ways.length] ?? 0;
  ways.push(count);
  if (choices.length < ways.length) choices.push(chosen);
  return chosen;
}

/** Plays every schedule: each crash point of the call, each fault of each message, each order of all messages. */
export async function enumerate(
  small: SmallWorld,
  variant: Variant = {},
  coverage: Coverage = new Map(),
): Promise<Enumerated> {
  const violations: Enumerated['violations'] = [];
  let schedules = 0;
  for (let choices: number[] | null = []; choices; ) {
    const script: Script = { choices, ways: [] };
    const found = await play(small, script, variant, coverage);
    schedules += 1;
    if (found.length > 0) violations.push({ choices: script.choices, found });
    choices = nextOf(script);
  }
  return { schedules, violations };
}

/** The next list in order: the last choice that has another way takes it, and what follows is open again. */
function nextOf({ choices, ways }: Script): number[] | null {
  for (let index = ways.length - 1; index >= 0; index -= 1) {
    const next = (choices[index] ?? 0) + 1;
    if (next < (ways[index] ?? 0)) return [...choices.slice(0, index), next];
  }
  return null;
}

async function play(small: SmallWorld, script: Script, variant: Variant, coverage: Coverage): Promise<string[]> {
  let isPlaying = false;
  let mayCrash = true;
  let mayFail = true;
  const policy: Policy = {
    ...quietPolicy(),
    storeFault(_label, isWrite) {
      if (!isPlaying || !mayFail || !isWrite) return 'none';
      const fault = small.storeFaults[choose(script, small.storeFaults.length)] ?? 'none';
      mayFail = fault === 'none';
      return fault;
    },
    sendFault: () => (isPlaying ? (small.sendFaults[choose(script, small.sendFaults.length)] ?? 'none') : 'none'),
    crash(me) {
      if (!isPlaying || !mayCrash || me.name !== small.crashing) return null;
      const crash = ([null, 'before', 'after'] as const)[choose(script, 3)] ?? null;
      mayCrash = crash === null;
      return crash;
    },
    readsAtOnce: small.readsAtOnce ?? false,
    pickNext: messages => (isPlaying ? choose(script, messages) : 0),
  };
  const world = createWorld({ start: new Date('2026-11-20T03:00:00Z'), policy, coverage });
  const town = createTown(world, variant);
  try {
    await small.prepare?.(town);
    await town.world.scheduler.runToRest();
    isPlaying = true;
    // Each callback comes once, whenever the order of messages has it.
    town.deliver = callbacks => {
      for (const callback of callbacks) {
        town.callbacks.push({ callback, isStored: false });
        if (!small.callbacksLast) world.scheduler.after(10, () => void town.callBack(callback));
      }
    };
    void small.act(town);
    await world.scheduler.runToRest();
  } catch (error) {
    world.bugs.push(String((error as Error).stack));
  }
  isPlaying = false;
  const { found } = await verdict(town, true);
  variant.end?.();
  return found;
}
