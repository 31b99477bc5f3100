/** Single wrong decisions, of the kinds that an outsider planted: each is one expression somewhere in the functions. */
import { PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Callback, Order, Send, Step } from '../../shared/domain/order.ts';
import { isSend } from '../../shared/domain/order.ts';
import { attentionReasons } from '../../shared/domain/words.ts';
import type { OrderStore } from '../../shared/orders/ports.ts';
import type { Variant } from './deps.ts';
import { Unavailable } from './world.ts';

/** Every next version of an order is another one. */
const stored = (change: (next: Order) => Order): Variant => ({
  deps: deps => ({ ...deps, store: { ...deps.store, replace: next => deps.store.replace(change(next)) } }),
});

const steps = (change: (step: Step, order: Order) => Step): Variant =>
  stored(next => ({ ...next, steps: next.steps.map(step => change(step, next)) }));

const answers = (change: (step: Send) => Send['answer']): Variant =>
  steps(step => (isSend(step) && step.answer ? { ...step, answer: change(step) } : step));

const callbackIds = (callbacks: readonly Callback[]): string[] =>
  callbacks.map(({ orderNumber, status, amountYen, ipCode }) =>
    [orderNumber ?? '', status, amountYen ?? '', ...(ipCode === 'other' ? ['other'] : [])].join('\t'),
  );

/** A write that failed is not tried again. */
const noPatience = (only: (name: string) => boolean): Variant => ({
  deps: (deps, _world, me) => ({
    ...deps,
    sleep: milliseconds =>
      only(me.name) && milliseconds <= 2000 ? Promise.reject(new Unavailable('given up')) : deps.sleep(milliseconds),
  }),
});

const withoutDueTime: Variant = {
  rewrite(command) {
    if (!(command instanceof PutCommand)) return command;
    const { dueAt: _, ...Item } = command.input.Item ?? {};
    return new PutCommand({ ...command.input, Item } as PutCommandInput);
  },
};

const latin = (body: Uint8Array): string => Buffer.from(body).toString('latin1');

/** A repeated settlement carries no amount: then the first one is meant. */
function amountIsForgotten(): Variant {
  const asked = new Set<string>();
  return {
    send: send => async (path, type, body) => {
      const form = new URLSearchParams(latin(body));
      const number = form.get('order_no') ?? '';
      if (form.get('act') !== 'settled' || form.get('autype') === 'auth') return send(path, type, body);
      if (asked.has(number)) form.delete('money');
      asked.add(number);
      return send(path, type, Buffer.from(form.toString()));
    },
    end: () => asked.clear(),
  };
}

/** Reads come from a copy that is one change behind. */
function staleReads(): Variant {
  const before = new Map<string, Order>();
  const now = new Map<string, Order>();
  const keep = (order: Order) => {
    const known = now.get(order.orderId);
    if (known && known.version < order.version) before.set(order.orderId, known);
    now.set(order.orderId, order);
  };
  return {
    deps: (deps, _world, me) => {
      const find: OrderStore['find'] = async orderId => {
        const order = await deps.store.find(orderId);
        if (order) keep(order);
        return (me.name === 'orders' && before.get(orderId)) || order;
      };
      return { ...deps, store: { ...deps.store, find } };
    },
    end: () => {
      before.clear();
      now.clear();
    },
  };
}

let events = 0;

export const singleMutants = {
  'what was heard is not tried to be stored again': noPatience(name => name !== 'callback'),
  'a callback is not tried to be stored again': noPatience(name => name === 'callback'),
  'keys are never kept': stored(next => ({ ...next, keys: {} })),
  'NG undoes what was paid': stored(next =>
    next.callbacks.at(-1)?.status === 'NG'
      ? {
          ...next,
          callbacks: next.callbacks.filter(({ status }) => status !== 'OK'),
          steps: next.steps.map(step =>
            isSend(step) && step.answer?.kind === 'done'
              ? { ...step, answer: { ...step.answer, kind: 'unknown' } }
              : step,
          ),
        }
      : next,
  ),
  'a success is stored as unknown': answers(({ operation, answer }) =>
    operation === 'create' && answer?.kind === 'done' ? { at: answer.at, kind: 'unknown' } : answer,
  ),
  'the number in a response is dropped': answers(({ answer }) =>
    answer?.kind === 'done' ? { ...answer, orderNumber: null } : answer,
  ),
  'an acknowledgement clears all': steps(step =>
    step.kind === 'acknowledgement' ? { ...step, reasons: [...attentionReasons] } : step,
  ),
  'a decision outranks what came later': steps((step, { callbacks }) =>
    step.kind === 'decision' ? { ...step, seen: [...new Set([...step.seen, ...callbackIds(callbacks)])] } : step,
  ),
  'a second payment number is ignored': stored(next => ({
    ...next,
    callbacks: next.callbacks.filter(({ orderNumber }) => orderNumber === next.callbacks[0]?.orderNumber),
  })),
  'the amount asked for is forgotten': steps(step =>
    isSend(step) && step.settlement ? { ...step, settlement: { ...step.settlement, amountYen: null } } : step,
  ),
  'no due time is set': withoutDueTime,
  'a repeated settlement asks for the first amount': amountIsForgotten(),
  'a booking is settled twice': {
    deps: (deps, _world, me) => ({
      ...deps,
      send: async (path, type, body) => {
        const isTwice = me.name === 'due-work' && latin(body).includes('act=settled');
        if (isTwice) await deps.send(path, type, body);
        return deps.send(path, type, body);
      },
    }),
  },
  'a refusal reads as maintenance': {
    send: send => async (path, type, body) => {
      const reply = await send(path, type, body);
      const isRefusal = reply.kind === 'answered' && latin(reply.body).startsWith('failure_order');
      return isRefusal ? { ...reply, body: Buffer.from('maintenance\n') } : reply;
    },
  },
  'events of attention are missing': {
    deps: deps => ({
      ...deps,
      publish: list => deps.publish(list.filter(({ type }) => type !== 'order.attention_raised')),
    }),
  },
  'an event has a new ID each time': {
    deps: deps => ({
      ...deps,
      publish: list =>
        deps.publish(
          list.map(event => {
            events += 1;
            return { ...event, detail: { ...event.detail, eventId: `event-${events}` } };
          }),
        ),
    }),
  },
  'another request under the same key is the same': {
    deps: deps => ({
      ...deps,
      store: {
        ...deps.store,
        async create(order) {
          const written = await deps.store.create(order);
          if (written.stored || !written.existing) return written;
          return { stored: null, existing: { ...written.existing, request: order.request } };
        },
      },
    }),
  },
  'callbacks of no order are dropped': {
    deps: (deps, _world, me) => ({
      ...deps,
      store: {
        ...deps.store,
        create: order => (me.name === 'callback' ? Promise.resolve({ stored: order }) : deps.store.create(order)),
      },
    }),
  },
  'bookings are settled a day early': {
    deps: (deps, _world, me) => ({
      ...deps,
      now: () => new Date(deps.now().getTime() + (me.name === 'due-work' ? 86_400_000 : 0)),
    }),
  },
  'lists leave out what needs attention': {
    deps: deps => ({
      ...deps,
      store: {
        ...deps.store,
        async list(...asked) {
          const page = await deps.store.list(...asked);
          return {
            ...page,
            orders: page.orders.filter(({ attentionSince }) => Object.keys(attentionSince).length === 0),
          };
        },
      },
    }),
  },
  'reads are one change behind': staleReads(),
} satisfies Record<string, Variant>;
