/** The worlds small enough that every schedule of them is played. */
import { orderIdOf } from '../../shared/domain/identity.ts';
import { payer, postForm } from './acting.ts';
import { deploymentId } from './deps.ts';
import type { SmallWorld } from './exhaustive.ts';
import type { Town } from './town.ts';

const charge = (town: Town, key: string, more: object = {}) =>
  town.call('POST', '/card/charges', key, {
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

const cancel = (town: Town, key: string) => town.call('POST', `/card/charges/${idOf('key')}/cancel`, key, {});

async function authorized(town: Town): Promise<void> {
  const body = { carrier: 'docomo', amount: 3000, name: 'ゼウスタロウ', phone: payer.phone };
  const opened = town.call('POST', '/carrier/orders', 'carrier', body);
  await town.world.scheduler.runToRest();
  const fields: Record<string, string> = (await opened).response.form.fields;
  town.deliver(town.world.gateway.carrier(postForm(town, fields), 'complete'));
  await done(town, Promise.resolve());
}

const settle = (town: Town) => town.call('POST', `/carrier/orders/${idOf('carrier')}/settlement`, 'settle', {});
const giveBack = (town: Town) => town.call('POST', `/carrier/orders/${idOf('carrier')}/return`, 'return', {});
const cvs = (town: Town) =>
  town.call('POST', '/cvs/orders', 'cvs', { store: 'lawson', amount: 4000, name: 'ゼウス タロウ', ...payer });

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
      await done(town, town.call('POST', path, 'book', { on: '2026-11-25', by: 'gateway' }));
    },
    act: town => town.call('DELETE', `/carrier/orders/${idOf('carrier')}/settlement`, 'withdraw', {}),
    ours: [idOf('carrier')],
    crashing: 'carrier-settle',
    sendFaults: [...lossy, 'refusal'],
    storeFaults: allStoreFaults,
  },
  {
    name: 'a settlement and a return at once',
    prepare: authorized,
    act: town => Promise.all([settle(town), giveBack(town)]),
    ours: [idOf('carrier')],
    crashing: 'nothing',
    sendFaults: ['none', 'lost'],
    storeFaults: ['none'],
    callbacksLast: true,
  },
  {
    name: 'a deletion: every crash point, every fault',
    prepare: town => done(town, charge(town, 'key', { cardId: 'CARD' })),
    act: town => town.call('POST', '/card/deletions', 'delete', { cardId: 'CARD' }),
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
    readsAtOnce: true,
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
    readsAtOnce: true,
  },
  {
    name: 'cash taken and confirmed: 04 and 05 in every order, one dying at every await',
    prepare: numberIssued,
    act: town => counter(town, ['pay', 'confirm']),
    ours: [idOf('cvs')],
    crashing: 'callback',
    sendFaults: ['none'],
    storeFaults: allStoreFaults,
    readsAtOnce: true,
  },
];

async function numberIssued(town: Town): Promise<void> {
  void cvs(town);
  await town.world.scheduler.runToRest();
}
