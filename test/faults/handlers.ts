import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Answer, answerActed, answerDeleted, answerSubmitted, apiHandler } from '../../shared/lambda/api.ts';
import { cardDeletionBody, recurringChargeBody, tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { carrierOrderBody } from '../../shared/lambda/bodies/carrier.ts';
import { cvsOrderBody } from '../../shared/lambda/bodies/cvs.ts';
import { emptyBody, resolutionBody } from '../../shared/lambda/bodies/orders.ts';
import { settlementBody } from '../../shared/lambda/bodies/settlement.ts';
import { orderIdOf, readRequest } from '../../shared/lambda/request.ts';
import { applyCallback, type CallbackDeps } from '../../shared/orders/apply-callback.ts';
import { type CancelDeps, cancel, repeatCancel } from '../../shared/orders/cancel.ts';
import { cardDeletion, repeatDeletion } from '../../shared/orders/card-deletion.ts';
import { type CarrierOrderDeps, carrierOrder } from '../../shared/orders/carrier-order.ts';
import { carrierReturn, repeatReturn } from '../../shared/orders/carrier-return.ts';
import {
  type CarrierDeps,
  carrierSettle,
  carrierWithdraw,
  repeatSettle,
  repeatWithdraw,
  settleDue,
} from '../../shared/orders/carrier-settle.ts';
import { type CvsDeps, cvsOrder } from '../../shared/orders/cvs-order.ts';
import { type DueDeps, type DueSummary, dueWork } from '../../shared/orders/due-work.ts';
import { fromMessage, keepCallback, toMessage } from '../../shared/orders/keep-callback.ts';
import { persist } from '../../shared/orders/persist.ts';
import { recurringCharge } from '../../shared/orders/recurring-charge.ts';
import { resolve } from '../../shared/orders/resolve.ts';
import { type CardDeps, tokenCharge } from '../../shared/orders/token-charge.ts';
import type { Notice } from '../../shared/zeus/callbacks/callback.ts';
import { readCardCallback } from '../../shared/zeus/callbacks/card.ts';
import { readCarrierCallback } from '../../shared/zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../../shared/zeus/callbacks/cvs.ts';
import { enqueue } from './faulty-store.ts';
import type { Town } from './town.ts';
import { type Invocation, Unavailable, type Waiting, type World } from './world.ts';

export type AllDeps = CardDeps & CancelDeps & CarrierDeps & CarrierOrderDeps & CvsDeps;

/** One call of one function, with what the function would find in its environment. */
export interface Call {
  deps: AllDeps;
  event: APIGatewayProxyEventV2;
}

/**
 * What `functions/` holds, line for line, but for where the dependencies come from: there from the environment, here
 * from the explorer.
 */
export const handlers = {
  'token-charge': ({ deps, event }: Call) => {
    const { body, ...identity } = readRequest(event, tokenChargeBody);
    const { amount: amountYen, cardId = null, installments = null, reference = null, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, cardId, installments, reference };
    return tokenCharge(deps, request).then(submitted => answerSubmitted(submitted, deps.now()));
  },
  'recurring-charge': ({ deps, event }: Call) => {
    const { body, ...identity } = readRequest(event, recurringChargeBody);
    const {
      amount: amountYen,
      matchPhone = false,
      tokenKey = null,
      installments = null,
      reference = null,
      ...payer
    } = body;
    const request = { ...identity, ...payer, amountYen, matchPhone, tokenKey, installments, reference };
    return recurringCharge(deps, request).then(submitted => answerSubmitted(submitted, deps.now()));
  },
  'card-deletion': ({ deps, event }: Call) => {
    const { body, caller } = readRequest(event, cardDeletionBody);
    const { cardId, phone = null } = body;
    return cardDeletion(deps, cardId, phone, caller).then(deleted => answerDeleted(deleted, cardId));
  },
  cancel: ({ deps, event }: Call) => {
    const { caller } = readRequest(event, emptyBody);
    return cancel(deps, orderIdOf(event), caller).then(acted => answerActed(acted, deps.now()));
  },
  'carrier-order': ({ deps, event }: Call) => {
    const { body, ...identity } = readRequest(event, carrierOrderBody);
    const { amount: amountYen, email = null, success = null, failure = null, reference = null, test, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, email, success, failure, reference, testId: test?.id ?? null };
    return carrierOrder(deps, request).then(({ submitted, form }) => answerSubmitted(submitted, deps.now(), { form }));
  },
  'carrier-settle': ({ deps, event }: Call) => {
    const { body, caller } = readRequest(event, settlementBody);
    const { amount: amountYen = null, on = null, by = 'schedule' } = body;
    return carrierSettle(deps, orderIdOf(event), caller, { amountYen, on, by }).then(acted =>
      answerActed(acted, deps.now()),
    );
  },
  'carrier-withdraw': ({ deps, event }: Call) => {
    const { caller } = readRequest(event, emptyBody);
    return carrierWithdraw(deps, orderIdOf(event), caller).then(acted => answerActed(acted, deps.now()));
  },
  'carrier-return': ({ deps, event }: Call) => {
    const { caller } = readRequest(event, emptyBody);
    return carrierReturn(deps, orderIdOf(event), caller).then(acted => answerActed(acted, deps.now()));
  },
  'cvs-order': ({ deps, event }: Call) => {
    const { body, ...identity } = readRequest(event, cvsOrderBody);
    const { amount: amountYen, reference = null, test = null, ...payer } = body;
    const request = { ...identity, ...payer, amountYen, reference, test };
    return cvsOrder(deps, request).then(submitted => answerSubmitted(submitted, deps.now()));
  },
  resolution: ({ deps, event }: Call) => {
    const { body, caller } = readRequest(event, resolutionBody);
    const { outcome, gatewayOrderNumber = null, note } = body;
    return resolve(deps, orderIdOf(event), caller, { outcome, gatewayOrderNumber, note }).then(acted =>
      answerActed(acted, deps.now()),
    );
  },
} satisfies Record<string, (call: Call) => Promise<Answer>>;

export type FunctionName = keyof typeof handlers;
export type Handlers = Record<FunctionName, (call: Call, me: Invocation) => Promise<Answer>>;

const timeouts: Partial<Record<FunctionName, number>> = { cancel: 110, 'carrier-order': 10, resolution: 10 };
export const timeoutOf = (name: FunctionName): number => timeouts[name] ?? 100;

/** As the function answers, with faults mapped as it maps them; `onBug` hears of what no schedule may cause. */
export const answerCall = (
  all: Handlers,
  name: FunctionName,
  call: Call,
  me: Invocation,
  onError: (error: unknown) => void,
): Promise<Answer> =>
  apiHandler(name, async () => {
    try {
      return await all[name](call, me);
    } catch (error) {
      onError(error);
      throw error;
    }
  })(call.event);

export const readers = { card: readCardCallback, carrier: readCarrierCallback, cvs: readCvsCallback };

export type CallbackHandler = (
  deps: CallbackDeps,
  service: keyof typeof readers,
  wire: string,
  town: Town,
  me: Invocation,
) => Promise<string>;

/** What the public function answers to a call whose source and path are right; throws where it answers ERR500. */
export const answerCallback: CallbackHandler = async (deps, service, wire, { world }, me) => {
  const cameInAt = deps.now();
  const reading = readers[service](Buffer.from(wire, 'latin1'));
  if (reading.kind === 'unreadable') return 'ERR400';
  const keep = {
    now: deps.now,
    within: <T>(milliseconds: number, work: Promise<T>) => within(world, milliseconds, work),
    apply: (notice: Notice) => persist(deps, () => applyCallback(deps, notice)),
    queue: (notice: Notice) => enqueue(world, me, { service, message: toMessage(notice), cameInAt }),
    onError: () => {},
  };
  await keepCallback(keep, reading.notice, cameInAt);
  return 'successok';
};

/** A waiting call, tried again; throws where it must go on waiting. */
export const retryCallback = async (deps: CallbackDeps, { message, cameInAt }: Waiting, world: World): Promise<void> =>
  void (await within(world, 15_000, applyCallback({ ...deps, now: () => cameInAt }, fromMessage(message))));

function within<T>({ scheduler }: World, milliseconds: number, work: Promise<T>): Promise<T> {
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    stop = scheduler.timer(milliseconds, () => reject(new Unavailable('too late')));
  });
  return Promise.race([work, late]).finally(stop);
}

/** One run of due work, which has `seconds` in all. */
export function runDueWork(
  depsOf: (service: 'card' | 'carrier') => AllDeps,
  seconds: number,
  onError: (error: unknown) => void,
): Promise<DueSummary> {
  const [card, carrier] = [depsOf('card'), depsOf('carrier')];
  const due: DueDeps = {
    ...card,
    onChange: () => {},
    onError,
    repeat: {
      cancel: order => repeatCancel(card, order),
      return: order => repeatReturn(carrier, order),
      settle: order => repeatSettle(carrier, order),
      withdraw: order => repeatWithdraw(carrier, order),
    },
    settleDue: order => settleDue(carrier, order),
    repeatDeletion: record => repeatDeletion(card, record),
  };
  const longestPiece = 125_000;
  return dueWork(due, new Date(card.now().getTime() + seconds * 1000 - longestPiece));
}
