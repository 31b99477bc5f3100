/** Wrong ways to do EMV 3-D Secure, each put in at a seam of our functions. */
import type { Order, Send as Step } from '../../shared/domain/order.ts';
import { isSend } from '../../shared/domain/order.ts';
import type { Variant } from './deps.ts';
import { type ApiFunctions, apiFunctions, type Deps } from './functions.ts';

const actionOf = (body: Uint8Array): string =>
  /service="secure_link_3d" action="(\w+)"/.exec(Buffer.from(body).toString('latin1'))?.[1] ?? '';

const answer = (action: string, code: string) =>
  Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?>\n<response service="secure_link_3d" action="${action}"><result><status>success</status><code>${code}</code></result></response>\n`,
  );

/** Every completion with other stored orders, or other words. */
const inCompletion = (change: (deps: Deps) => Deps): Variant => ({
  functions: () =>
    ({ 'card-completion': deps => apiFunctions['card-completion'](change(deps)) }) satisfies Partial<ApiFunctions>,
});

const withAttempts = (order: Order, change: (step: Step) => Step): Order => ({
  ...order,
  steps: order.steps.map(step => (isSend(step) && step.operation === 'create' ? change(step) : step)),
});

type Event = Parameters<ReturnType<ApiFunctions['card-completion']>>[0];

const wordsIn = ({ body }: Event): { md?: string; paRes?: string; status?: string } => {
  try {
    return JSON.parse(body ?? '{}');
  } catch {
    return {};
  }
};

/** The payment request is sent again when its response does not come. */
const paidAgain: Variant = {
  send: send => async (path, type, body, timeoutMs) => {
    const reply = await send(path, type, body, timeoutMs);
    return reply.kind === 'lost' && actionOf(body) === 'payment' ? send(path, type, body, timeoutMs) : reply;
  },
};

/** Whatever the gateway says of the authentication, the payment follows. */
const resultIgnored: Variant = {
  send: send => async (path, type, body, timeoutMs) => {
    const reply = await send(path, type, body, timeoutMs);
    if (actionOf(body) !== 'authentication' || reply.kind !== 'answered') return reply;
    return { ...reply, body: answer('authentication', '001') };
  },
};

/** The browser's Y is the result: the gateway is not asked. */
const browserBelieved: Variant = {
  send: send => async (path, type, body, timeoutMs) =>
    actionOf(body) === 'authentication'
      ? { kind: 'answered', status: 200, body: answer('authentication', '001') }
      : send(path, type, body, timeoutMs),
};

/** The session that the browser names is not compared with the order's own. */
const sessionNotCompared: Variant = {
  functions: () => ({
    'card-completion': deps => async event => {
      const { orderId = '' } = event.pathParameters ?? {};
      const order = await deps.store.find(orderId);
      const step = order?.steps.filter(isSend).findLast(({ operation }) => operation === 'create');
      const md = step?.authentication?.session?.xid;
      const body = md ? JSON.stringify({ ...wordsIn(event), md }) : event.body;
      return apiFunctions['card-completion'](deps)({ ...event, body } as Event);
    },
  }),
};

/** The payment takes the session that the browser named, not the one that was bound to the order. */
const sessionNotBound: Variant = {
  functions: () => ({
    'card-completion': deps => event => {
      const { md } = wordsIn(event);
      const named = (order: Order) =>
        withAttempts(order, step =>
          step.authentication?.session && md
            ? {
                ...step,
                authentication: { ...step.authentication, session: { ...step.authentication.session, xid: md } },
              }
            : step,
        );
      const find: Deps['store']['find'] = async orderId => {
        const order = await deps.store.find(orderId);
        return order && named(order);
      };
      return apiFunctions['card-completion']({ ...deps, store: { ...deps.store, find } })(event);
    },
  }),
};

/** The session stays with the order after its payment was asked for, so that an unknown outcome leaves it to the next completion. */
function paidByTwo(): Variant {
  const waiting = new Map<string, Step>();
  const reopened = (orderId: string, step: Step): Step => {
    const { authentication } = waiting.get(`${orderId} ${step.number}`) ?? {};
    const isUnknown = step.answer?.kind === 'unknown' && step.authentication?.stage === 'pay';
    return authentication && isUnknown ? { ...step, answer: null, claim: null, authentication } : step;
  };
  const completion = inCompletion(deps => ({
    ...deps,
    store: {
      ...deps.store,
      async find(orderId) {
        const order = await deps.store.find(orderId);
        return order && withAttempts(order, step => reopened(orderId, step));
      },
      async replace(next) {
        for (const step of next.steps)
          if (isSend(step) && step.authentication?.session) waiting.set(`${next.orderId} ${step.number}`, step);
        return deps.store.replace(next);
      },
    },
  }));
  return { ...completion, end: () => waiting.clear() };
}

/** Due work leaves alone what waits for a payer, and reads show it as it is stored. */
const neverExpired: Variant = {
  deps: deps => ({
    ...deps,
    store: {
      ...deps.store,
      async *due(by) {
        for await (const key of deps.store.due(by)) {
          const order = 'orderId' in key ? await deps.store.find(key.orderId) : null;
          const isWaiting = order?.steps.some(
            step => isSend(step) && step.authentication?.stage === 'wait' && !step.answer,
          );
          if (!isWaiting) yield key;
        }
      },
    },
  }),
};

export const threeDMutants = {
  'a payment request without a response is sent again': paidAgain,
  "the gateway's result of the authentication is ignored": resultIgnored,
  "the browser's word is believed": browserBelieved,
  'the session of a browser is not compared': sessionNotCompared,
  'the payment takes the session that the browser names': sessionNotBound,
  'an unknown payment is asked for again': paidByTwo(),
  'an order waits for its payer for ever': neverExpired,
} satisfies Record<string, Variant>;
