import { escapeBytes } from '../../local/simulator/form.ts';
import { encodeShiftJis } from '../../local/simulator/shift-jis.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { comeToRest, verdict } from './explore.ts';
import type { SendFault, StoreFault } from './policy.ts';
import { createTown, deploymentId, type Town, type Variant } from './town.ts';
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
    travel: () => 10,
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
    roll: () => 0.5,
    pickNext: messages => (isPlaying ? choose(script, messages) : 0),
  };
  const world = createWorld({ start: new Date('2026-11-20T03:00:00Z'), policy, coverage });
  const town = createTown(world, variant);
  try {
    await small.prepare?.(town);
    await town.world.scheduler.runToRest();
    isPlaying = true;
    // Each call of the gateway comes once, whenever the order of messages has it.
    town.deliver = callbacks => {
      for (const callback of callbacks) {
        town.callbacks.push({ callback, isStored: false });
        world.scheduler.after(10, () => void town.callBack(callback));
      }
    };
    void small.act(town);
    await world.scheduler.runToRest();
    isPlaying = false;
    await comeToRest(town, true);
  } catch (error) {
    world.bugs.push(String((error as Error).stack));
  }
  variant.end?.();
  return verdict(town, true, small.ours);
}

const payer = { phone: '09012345678', email: 'taro@example.com' };
const charge = (town: Town, key: string, more: object = {}) =>
  town.call('token-charge', '/card/charges', key, {
    ...payer,
    tokenKey: town.world.gateway.token(true),
    amount: 8000,
    ...more,
  });
const idOf = (key: string) => orderIdOf(deploymentId, key);

/** Runs a call that cannot go wrong, with its callbacks, to its end. */
async function done(town: Town, call: Promise<unknown>): Promise<void> {
  void call;
  await town.world.scheduler.runToRest();
  for (const each of town.callbacks) {
    if (each.isStored) continue;
    void town.callBack(each.callback);
    await town.world.scheduler.runToRest();
  }
}

/** Paid, and the time over that a cancel waits for. */
async function paidForLong(town: Town): Promise<void> {
  await done(town, charge(town, 'key'));
  town.world.scheduler.after(20_000, () => {});
  await town.world.scheduler.runToRest();
}

const cancel = (town: Town, key: string) => town.call('cancel', `/card/charges/${idOf('key')}/cancel`, key, {});

async function authorized(town: Town): Promise<void> {
  const body = { carrier: 'docomo', amount: 3000, name: 'ゼウスタロウ', phone: payer.phone };
  const opened = town.call('carrier-order', '/carrier/orders', 'carrier', body);
  await town.world.scheduler.runToRest();
  const fields: Record<string, string> = (await opened)?.body.form.fields;
  const wire = Object.entries(fields).map(
    ([name, value]) => `${name}=${escapeBytes(encodeShiftJis(value), 'upper', '+')}`,
  );
  const { gateway } = town.world;
  gateway.handle('/cgi-bin/carrier/order.cgi', Buffer.from(wire.join('&')), null);
  const orderNumber = [...gateway.gateway.state.orders.keys()].at(-1) ?? '';
  town.deliver(gateway.carrier(orderNumber, 'complete'));
  await done(town, Promise.resolve());
}

const settle = (town: Town) =>
  town.call('carrier-settle', `/carrier/orders/${idOf('carrier')}/settlement`, 'settle', {});
const giveBack = (town: Town) => town.call('carrier-return', `/carrier/orders/${idOf('carrier')}/return`, 'return', {});
const cvs = (town: Town) =>
  town.call('cvs-order', '/cvs/orders', 'cvs', { store: 'lawson', amount: 4000, name: 'ゼウス タロウ', ...payer });

/** What happens at the counter, step by step, without waiting for what its calls do. */
async function counter(town: Town, actions: readonly ('pay' | 'confirm' | 'reverse')[]): Promise<void> {
  const { gateway, scheduler } = town.world;
  const orderNumber = [...gateway.gateway.state.orders.keys()].at(-1) ?? '';
  for (const action of actions) {
    town.deliver(gateway.counter(orderNumber, action));
    await new Promise<void>(resolve => scheduler.after(10, resolve));
  }
}

const lossy = ['none', 'lost', 'refused connection', 'vanished', 'late', 'maintenance'] as const;
const allStoreFaults = ['none', 'refused', 'unheard', 'repeated', 'overtaken', 'late'] as const;

export const smallWorlds: readonly SmallWorld[] = [
  {
    name: 'one charge and its callback: every crash point, every order of messages, every fault of the send',
    act: town => charge(town, 'key'),
    ours: [idOf('key')],
    crashing: 'token-charge',
    sendFaults: [...lossy, 'garbage', 'refusal'],
    storeFaults: ['none'],
  },
  {
    name: 'one charge and its callback: every fault of every write',
    act: town => charge(town, 'key'),
    ours: [idOf('key')],
    crashing: 'token-charge',
    sendFaults: ['none', 'lost'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'one charge, its callback dying at every await',
    act: town => charge(town, 'key'),
    ours: [idOf('key')],
    crashing: 'callback',
    sendFaults: ['none', 'lost'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'two equal charges at once',
    act: town => Promise.all([charge(town, 'key'), charge(town, 'key')]),
    ours: [idOf('key')],
    crashing: 'nothing',
    sendFaults: ['none', 'refused connection'],
    storeFaults: ['none'],
  },
  {
    name: 'a cancel: every crash point, every fault',
    prepare: paidForLong,
    act: town => cancel(town, 'cancel'),
    ours: [idOf('key')],
    crashing: 'cancel',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'a settlement and 07: every crash point, every order of messages, every fault',
    prepare: authorized,
    act: settle,
    ours: [idOf('carrier')],
    crashing: 'carrier-settle',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'a return of what was settled, and 08: every crash point, every order of messages, every fault',
    prepare: async town => {
      await authorized(town);
      await done(town, settle(town));
    },
    act: giveBack,
    ours: [idOf('carrier')],
    crashing: 'carrier-return',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'two cancels at once',
    prepare: paidForLong,
    act: town => Promise.all([cancel(town, 'one'), cancel(town, 'other')]),
    ours: [idOf('key')],
    crashing: 'nothing',
    sendFaults: ['none', 'lost'],
    storeFaults: ['none'],
  },
  {
    name: 'a withdrawal of a booking at the gateway: every crash point, every fault',
    prepare: async town => {
      await authorized(town);
      const path = `/carrier/orders/${idOf('carrier')}/settlement`;
      await done(town, town.call('carrier-settle', path, 'book', { on: '2026-11-25', by: 'gateway' }));
    },
    act: town => town.call('carrier-withdraw', `/carrier/orders/${idOf('carrier')}/settlement`, 'withdraw', {}),
    ours: [idOf('carrier')],
    crashing: 'carrier-withdraw',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'a settlement and a return at once, with their callbacks',
    prepare: authorized,
    act: town => Promise.all([settle(town), giveBack(town)]),
    ours: [idOf('carrier')],
    crashing: 'nothing',
    sendFaults: ['none', 'lost'],
    storeFaults: ['none'],
  },
  {
    name: 'a deletion: every crash point, every fault',
    prepare: town => done(town, charge(town, 'key', { cardId: 'CARD' })),
    act: town => town.call('card-deletion', '/card/deletions', 'delete', { cardId: 'CARD' }),
    ours: [idOf('key')],
    crashing: 'card-deletion',
    sendFaults: lossy,
    storeFaults: allStoreFaults,
  },
  {
    name: 'a convenience-store order and 01: every crash point, every order of messages, every fault',
    act: cvs,
    ours: [idOf('cvs')],
    crashing: 'cvs-order',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'cash taken and confirmed: 01, 04 and 05 in every order',
    prepare: numberIssued,
    act: town => {
      town.deliver(town.callbacks.splice(0).map(({ callback }) => callback));
      return counter(town, ['pay', 'confirm']);
    },
    ours: [idOf('cvs')],
    crashing: 'nothing',
    sendFaults: ['none'],
    storeFaults: ['none'],
  },
  {
    name: 'cash taken and taken back: 01, 04 and 06 in every order',
    prepare: numberIssued,
    act: town => {
      town.deliver(town.callbacks.splice(0).map(({ callback }) => callback));
      return counter(town, ['pay', 'reverse']);
    },
    ours: [idOf('cvs')],
    crashing: 'nothing',
    sendFaults: ['none'],
    storeFaults: ['none'],
  },
  {
    name: 'cash taken and confirmed: 04 and 05 in every order, one dying at every await',
    prepare: numberIssued,
    act: town => counter(town, ['pay', 'confirm']),
    ours: [idOf('cvs')],
    crashing: 'callback',
    sendFaults: ['none'],
    storeFaults: allStoreFaults,
  },
];

async function numberIssued(town: Town): Promise<void> {
  void cvs(town);
  await town.world.scheduler.runToRest();
}
