/** Wrong ways to do it, each put in at a seam of our functions, and each to be caught. All run under the same schedules as ours. */

import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { asOf } from '../../shared/domain/changes.ts';
import { isSend, type Order, type Step } from '../../shared/domain/order.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { OrderStore, Written } from '../../shared/orders/ports.ts';
import type { Variant } from './deps.ts';
import { type ApiFunctions, apiFunctions, type Deps } from './functions.ts';
import { singleMutants } from './mutants-single.ts';
import { threeDMutants } from './mutants-three-d.ts';
import { powertools } from './powertools.ts';

/** One function with another store. */
const withStore = (name: keyof ApiFunctions, change: (store: OrderStore) => Partial<OrderStore>): Variant => ({
  functions: () => ({
    [name]: (deps: Deps) => apiFunctions[name]({ ...deps, store: { ...deps.store, ...change(deps.store) } }),
  }),
});

/** Every write of an order with other steps. */
const withSteps = (change: (step: Step) => Step): Variant => ({
  deps: deps => ({
    ...deps,
    store: { ...deps.store, replace: next => deps.store.replace({ ...next, steps: next.steps.map(change) }) },
  }),
});

/** Looks whether there is such an order, sends, and stores the order when the outcome is known. */
const claimAfterSend = withStore('token-charge', store => {
  let claimed: Order | null = null;
  return {
    async create(order): Promise<Written> {
      const existing = await store.find(order.orderId);
      if (existing) return { stored: null, existing };
      claimed = order;
      return { stored: order };
    },
    replace: next => (claimed ? store.create({ ...next, version: 1 }) : store.replace(next)),
  };
});

/** The order is written whatever its version is. */
const versionIsIgnored: Variant = {
  rewrite(command) {
    if (!(command instanceof PutCommand) || command.input.ConditionExpression !== 'version = :before') return command;
    const { ConditionExpression: _, ExpressionAttributeValues: __, ...input } = command.input;
    return new PutCommand(input as PutCommandInput);
  },
};

/** No answer is taken for a refusal. */
const unknownIsDeclined: Variant = {
  send: send => async (path, type, body) => {
    const reply = await send(path, type, body);
    return reply.kind === 'lost' ? { kind: 'answered', status: 200, body: Buffer.from('failure_order\n') } : reply;
  },
};

/** A request without a response is sent again at once, as many HTTP clients do. */
const sentTwice: Variant = {
  send: send => async (path, type, body, timeoutMs) => {
    const reply = await send(path, type, body, timeoutMs);
    return reply.kind === 'lost' ? send(path, type, body, timeoutMs) : reply;
  },
};

/** A claim that went stale is free for the next one. */
const staleIsSentAgain: Variant = {
  deps: deps => ({
    ...deps,
    store: {
      ...deps.store,
      async create(order): Promise<Written> {
        const written = await deps.store.create(order);
        const existing = written.stored ? null : written.existing;
        if (!existing || summarize(asOf(existing, deps.now())).status !== 'unknown') return written;
        return { stored: null, existing: { ...existing, steps: existing.steps.map(asNotProcessed) } };
      },
    },
  }),
};

const asNotProcessed = (step: Step): Step =>
  isSend(step) && step.operation === 'create'
    ? { ...step, claim: null, answer: { at: step.at, kind: 'not_processed', failure: maintenance, orderNumber: null } }
    : step;

const maintenance = { reason: 'maintenance', code: null, parameter: null, message: '', payerMessage: null } as const;

/** Says `successok` and then stores. */
const answerBeforeWrite = withStore('callback', store => ({
  async create(order) {
    store.create(order).catch(() => {});
    return { stored: order };
  },
  async replace(next) {
    store.replace(next).catch(() => {});
    return { stored: next };
  },
}));

/** A callback counts whatever amount it names. */
const amountIsNotCompared = withStore('callback', store => ({
  replace: next => store.replace({ ...next, callbacks: next.callbacks.map(each => ({ ...each, amountYen: null })) }),
}));

/** The gateway's order number alone tells which order a callback is about. */
const orderNumberIsTheKey: Variant = {
  functions: ({ dynamo }) => ({
    callback: deps => event => {
      const parameters = new URLSearchParams(event.rawQueryString);
      const number = parameters.get('ordd') ?? parameters.get('order_no');
      const known = dynamo.items().find(item => item.orderNumber === number && String(item.pk).startsWith('order#'));
      parameters.set('sendpoint', known ? String(known.pk).slice('order#'.length) : '');
      return apiFunctions.callback(deps)({ ...event, rawQueryString: parameters.toString() });
    },
  }),
};

/** After a lost answer, maintenance or a refusal of the repeat counts as the answer. */
const lostAnswerIsForgotten = withSteps(step => (isSend(step) ? { ...step, lost: false } : step));

/** A claim never goes stale in the eyes of due work. */
const claimIsNeverStale: Variant = {
  deps: deps => ({
    ...deps,
    store: {
      ...deps.store,
      async *due(by) {
        for await (const key of deps.store.due(by)) {
          const order = 'orderId' in key ? await deps.store.find(key.orderId) : null;
          if (!order || !summarize(order).open?.claim) yield key;
        }
      },
    },
  }),
};

/** What the bus did not take is lost. */
const eventsAreDropped: Variant = {
  deps: deps => ({ ...deps, publish: async events => ({ ...(await deps.publish(events)), left: [] }) }),
};

/** The API shows one reason for attention at a time. */
const oneReasonIsShown: Variant = {
  functions: () => ({
    orders: deps => async event => {
      const answer = await apiFunctions.orders(deps)(event);
      const body = JSON.parse(answer.body ?? 'null');
      for (const order of body.orders ?? [body]) order.attention = order.attention?.slice(0, 1);
      return { ...answer, body: JSON.stringify(body) };
    },
  }),
};

/** A card is registered at the gateway before its phone is kept. */
const phoneIsKeptLater: Variant = {
  deps: deps => ({
    ...deps,
    cards: {
      ...deps.cards,
      async remember(cardId, phone) {
        deps.cards.remember(cardId, phone).catch(() => {});
        return { number: 1, restedDeletion: false };
      },
    },
  }),
};

export const mutants = {
  ...singleMutants,
  ...threeDMutants,
  'claim after send': claimAfterSend,
  'the version is ignored': versionIsIgnored,
  'unknown treated as declined': unknownIsDeclined,
  'a request without a response is sent twice': sentTwice,
  'a stale claim is sent again': staleIsSentAgain,
  'successok before the write': answerBeforeWrite,
  'the amount of a callback is not compared': amountIsNotCompared,
  'order number as the only key': orderNumberIsTheKey,
  'a lost answer is forgotten': lostAnswerIsForgotten,
  'a claim is never stale': claimIsNeverStale,
  'events are dropped': eventsAreDropped,
  'one reason for attention hides the others': oneReasonIsShown,
  'the phone of a card is kept too late': phoneIsKeptLater,
  'Powertools idempotency instead of our claim': powertools,
} satisfies Record<string, Variant>;
