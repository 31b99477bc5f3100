/** The carrier's use cases over a table, without functions: a clock of their own, a gateway whose answers are given. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { book } from '../../shared/domain/changes.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order, SettlementRequest } from '../../shared/domain/order.ts';
import type { Caller } from '../../shared/domain/revise.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import type { Carrier } from '../../shared/domain/words.ts';
import { storeCallback } from '../../shared/orders/callbacks.ts';
import { carrierReturn } from '../../shared/orders/carrier-return.ts';
import { carrierSettle, type SettleRequest } from '../../shared/orders/carrier-settle.ts';
import { carrierWithdraw } from '../../shared/orders/carrier-withdraw.ts';
import { dueWork } from '../../shared/orders/due-work.ts';
import type { Operated } from '../../shared/orders/operate.ts';
import type { CardStore, OrderStore } from '../../shared/orders/ports.ts';
import { type Resolution, resolve } from '../../shared/orders/resolve.ts';
import type { ReceivedCallback } from '../../shared/zeus/callbacks/callback.ts';
import type { Reply, Send } from '../../shared/zeus/wire/transport.ts';
import { jst } from './carrier.ts';
import {
  anOrder,
  answered,
  aReceived,
  begun,
  idOf,
  settlementOn,
  standingClock,
  succeeded as succeededOutcome,
  told,
} from './orders.ts';

/** Answers of carrier/secure.cgi (manual 001). Days as YYYYMMDD. */
export const answering = (body: string): Reply => ({ kind: 'answered', status: 200, body: Buffer.from(body) });
export const succeeded = (date: string): Reply => answering(`result=Success_order&error_code=-&date=${date}`);
export const returned = answering('result=Success_order&error_code=-');
export const failed = (code: string): Reply => answering(`result=failure_order&error_code=${code}`);
export const maintenance = answering('result=maintenance&error_code=020020000');
export const lost: Reply = { kind: 'lost', message: 'The answer did not arrive' };
export const notSent: Reply = { kind: 'not_sent', message: 'No connection was made' };

/** A gateway whose answers are given in advance, one a request; `onRequest` runs before each answer. */
export function scripted() {
  const requests: string[] = [];
  const answers: Reply[] = [];
  const gateway = {
    requests,
    onRequest: async () => {},
    answer: (...more: Reply[]) => void answers.push(...more),
    send: (async (path, _type, body) => {
      assert.equal(path, '/cgi-bin/carrier/secure.cgi');
      requests.push(Buffer.from(body).toString('latin1'));
      await gateway.onRequest();
      const answer = answers.shift();
      if (!answer) throw new Error('Nothing was to be sent');
      return answer;
    }) as Send,
  };
  return gateway;
}

export const carrierIssued = { ipCode: '2019000002', zkey: new Masked('89abcdef0123456789abcdef0123456789abcdef') };

export const callerOf = (key: string, request = 'request'): Caller => ({ key, request, actor: 'test' });

/** Settles the payment shown, for the first amount, today. */
export const today: SettleRequest = { amountYen: null, on: null, by: 'schedule', orderNumber: null };

/** The use cases over a table, with a clock of their own and a gateway whose answers are given in advance. */
export function carrierCase(store: OrderStore, start = jst('2026-12-01 12:00:00')) {
  const clock = standingClock(start);
  const gateway = scripted();
  const deps = { ...clock, store, send: gateway.send, ...carrierIssued };
  const errors: unknown[] = [];
  const find = async (orderId: string): Promise<Order> => {
    const order = await store.find(orderId);
    assert.ok(order);
    return order;
  };
  return {
    ...{ clock, gateway, deps, errors, find },
    /** Stores the order under an id of its own. */
    async keep(order: Order): Promise<string> {
      const orderId = idOf(`${randomInt(1e12)}`);
      assert.ok((await store.create({ ...order, orderId })).stored);
      return orderId;
    },
    async read(orderId: string) {
      const order = await find(orderId);
      return { ...order, ...summarize(order) };
    },
    settle: (orderId: string, key: string, request: Partial<SettleRequest> = {}) =>
      carrierSettle(deps, orderId, callerOf(key), { ...today, ...request }),
    withdraw: (orderId: string, key: string) => carrierWithdraw(deps, orderId, callerOf(key)),
    giveBack: (orderId: string, key: string, orderNumber: string | null = null) =>
      carrierReturn(deps, orderId, callerOf(key), orderNumber),
    resolve: (orderId: string, key: string, outcome: Resolution['outcome'], more: Partial<Resolution> = {}) => {
      const rest = { gatewayOrderNumber: null, amountYen: null, reasons: null, note: 'seen in the console' };
      return resolve(deps, orderId, callerOf(key), { ...rest, outcome, ...more });
    },
    callBack: (orderId: string, status: string, changes: Partial<ReceivedCallback> = {}) => {
      const received = aReceived('carrier', status, { orderId, ipCode: carrierIssued.ipCode, ...changes });
      return storeCallback({ ...deps, deploymentId: 'test' }, received, clock.now());
    },
    /** One run of due work at this time, over this order alone: the table is shared with other tests. */
    async runAt(orderId: string, time: string): Promise<void> {
      clock.set(jst(time));
      await runOnly(orderId);
    },
    runOnly,
  };

  async function runOnly(orderId: string): Promise<void> {
    const only: OrderStore = { ...store, due: () => oneKey(orderId) };
    const issued = { card: () => assert.fail('no card is due'), carrier: () => carrierIssued };
    const rest = { cards: noCards, onChange: () => {}, onError: (error: unknown) => errors.push(error) };
    await dueWork({ ...deps, ...issued, ...rest, store: only }, new Date(8.64e15));
    assert.deepEqual(errors, []);
  }
}

async function* oneKey(orderId: string) {
  yield { orderId };
}

export const noCards: CardStore = {
  find: async () => null,
  remember: () => assert.fail('no card is registered'),
  forget: async () => {},
  replace: async () => false,
};

/** What a call came to: its kind, and where the order stands. */
export const resultOf = (operated: Operated | null): unknown[] =>
  operated && 'order' in operated ? [operated.kind, ...standingOf(operated.order)] : [operated?.kind ?? null];

/** Status and reasons of attention. */
export const standingOf = (order: Order): [string, ...string[]] => {
  const { status, attention } = summarize(order);
  return [status, ...attention.map(({ reason }) => reason)];
};

const carrierOf = (type: Carrier) => ({ carrier: { type } });

/** An order over 8,000 yen that its payer completed under the number N1. */
export const anAuthorized = (type: Carrier = 'docomo'): Order => told(anOrder('carrier', carrierOf(type)), '03');

/** The same, booked in our own schedule or at the gateway. */
export function aBooked(
  on: string,
  by: SettlementRequest['by'] = 'schedule',
  amountYen: number | null = null,
  order = anAuthorized(),
): Order {
  const settlement = settlementOn(on, by, amountYen);
  if (by === 'schedule') return book(order, 'N1', settlement, callerOf('booked', 'booking'), new Date(order.createdAt));
  return answered(begun(order, 'settle', settlement), succeededOutcome({ bookedOn: on }));
}

/** The same, settled by us on the day it was made. */
export const aSettled = (amountYen: number | null = null): Order =>
  answered(begun(anAuthorized(), 'settle', settlementOn('2026-11-20', 'schedule', amountYen)), succeededOutcome());
