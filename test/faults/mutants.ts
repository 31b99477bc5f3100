/** What people do instead, each wrong in its own way, and each to be caught. All of them run under the same schedules as ours. */

import { isFresh, type Order } from '../../shared/domain/order.ts';
import { answerSubmitted } from '../../shared/lambda/api.ts';
import { applyCallback } from '../../shared/orders/apply-callback.ts';
import { persist } from '../../shared/orders/persist.ts';
import type { Written } from '../../shared/orders/ports.ts';
import { withOutcome } from '../../shared/orders/submit-once.ts';
import { tokenCharge } from '../../shared/zeus/operations/token-charge.ts';
import { chargeOf } from './charge-request.ts';
import { write } from './faulty-store.ts';
import { readers } from './handlers.ts';
import { advanced } from './memory-store.ts';
import { powertools } from './powertools.ts';
import type { Variant } from './town.ts';
import type { Invocation } from './world.ts';

/** Looks whether there is such an order, sends, and keeps the order when the outcome is known. */
const claimAfterSend: Variant = {
  handlers: () => ({
    async 'token-charge'(call) {
      const { deps } = call;
      const { order, wire } = chargeOf(call);
      const known = await deps.store.find(order.orderId);
      if (known) return answerSubmitted({ kind: 'answered', order: known, replayed: true }, deps.now());
      const outcome = await tokenCharge(deps.send, wire);
      const written = await deps.store.create(order);
      const answered = withOutcome(written.stored ?? written.existing ?? order, outcome, deps.now());
      await persist(deps, () => deps.store.replace(answered));
      return answerSubmitted({ kind: 'answered', order: answered, replayed: false }, deps.now());
    },
  }),
};

/** A status to move from is the only condition: whose claim it is, and which attempt of it, nobody asks. */
const noClaimIdentity: Variant = {
  deps: (deps, { world }, me) => ({
    ...deps,
    store: {
      ...deps.store,
      replace(next) {
        const from = next.history.at(-1)?.from ?? next.status;
        return write(
          world,
          me,
          'replace',
          world.table.update(next.orderId, order => (order.status === from ? next : null)),
        );
      },
    },
  }),
};

/** No answer is taken for a refusal. */
const unknownIsDeclined: Variant = {
  send: send => async (path, type, body) => {
    const reply = await send(path, type, body);
    return reply.kind === 'lost' ? { kind: 'answered', status: 200, body: Buffer.from('failure_order\n') } : reply;
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
        const { existing } = written.stored ? { existing: null } : written;
        const isStale =
          existing?.status === 'unknown' || (existing?.status === 'sending' && !isFresh(existing.claim, deps.now()));
        return existing && isStale ? { stored: null, existing: { ...existing, status: 'not_processed' } } : written;
      },
    },
  }),
};

/** Says `successok` and then stores. */
const answerBeforeWrite: Variant = {
  answerCallback: async (deps, service, wire) => {
    const reading = readers[service](Buffer.from(wire, 'latin1'));
    if (reading.kind === 'unreadable') return 'ERR400';
    applyCallback(deps, reading.notice).catch(() => {});
    return 'successok';
  },
};

/** A callback moves the order wherever it stands. */
const moveWithoutCondition: Variant = {
  deps: (deps, { world }, me: Invocation) => ({
    ...deps,
    store: {
      ...deps.store,
      advance: move =>
        write(
          world,
          me,
          'advance',
          world.table.update(move.orderId, order => advanced(order, move)),
        ),
    },
  }),
};

/** The gateway's order number alone tells which order a callback is about. */
const orderNumberIsTheKey: Variant = {
  answerCallback: async (deps, service, wire, { world }) => {
    const reading = readers[service](Buffer.from(wire, 'latin1'));
    if (reading.kind === 'unreadable') return 'ERR400';
    const { notice } = reading;
    const isIt = (order: Order) => order.operation !== 'external' && order.orderNumber === notice.orderNumber;
    const orderId = world.table.orders().find(isIt)?.orderId ?? null;
    await persist(deps, () => applyCallback(deps, { ...notice, orderId }));
    return 'successok';
  },
};

export const mutants = {
  'claim after send': claimAfterSend,
  'no claim identity': noClaimIdentity,
  'unknown treated as declined': unknownIsDeclined,
  'a stale claim re-sent': staleIsSentAgain,
  'successok before the write': answerBeforeWrite,
  'transition without condition': moveWithoutCondition,
  'order number as the only key': orderNumberIsTheKey,
  'Powertools idempotency instead of our claim': powertools,
} satisfies Record<string, Variant>;
