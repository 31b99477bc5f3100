/** `memory-process.ts FUNCTION FOLDER FEW MANY`: calls a bundle so often, and prints what the process then holds. */

import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { marshall } from '@aws-sdk/util-dynamodb';
import { toItem } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { enrolled } from '../../shared/domain/authentication.ts';
import { attemptOf } from '../../shared/domain/facts.ts';
import { digest } from '../../shared/domain/identity.ts';
import type { Order } from '../../shared/domain/order.ts';
import { toMessage } from '../../shared/lambda/callback.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { recurringBody } from '../support/card-actions.ts';
import { inParallel } from '../support/in-parallel.ts';
import { aCallback, anOrder, answered, aReceived, succeeded, usual, withCallbacks } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';
import { apiEvent, charge, chargeEvent, type Handler, logToNull, tableName } from './ground.ts';

const WIDTH = 8;
const [name = '', folder = '', few = '', many = ''] = process.argv.slice(2);
const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';
const store = ordersTable(dynamoOf(endpoint), tableName);
logToNull();
const handler: Handler = createRequire(import.meta.url)(path.join(folder, name, 'index.js')).handler;

const idOf = (n: number): string => digest(`${name} ${n}`);

/** An order of its own for each call, as it stands before the call. */
async function stored(order: Order): Promise<string> {
  await store.create(order);
  return order.orderId;
}

const sending = (n: number): Order => anOrder('card', { orderId: idOf(n) });
const paid = (n: number): Order => answered(sending(n), succeeded({ orderNumber: idOf(n) }));
const authorized = (n: number): Order =>
  withCallbacks(anOrder('carrier', { orderId: idOf(n) }), [aCallback('carrier', '03', { orderNumber: idOf(n) })]);

const carrierBody = {
  carrier: 'docomo',
  amount: 8000,
  name: 'ゼウス',
  phone: '03-1234-5678',
  email: 'taro@example.com',
};
const cvsBody = {
  store: 'lawson',
  amount: 8000,
  name: 'ゼウス　タロウ',
  phone: '03-1234-5678',
  email: 'taro@example.com',
};
const post = (n: number, url: string, body: object) => apiEvent('POST', url, { key: `${name}-${n}`, body });

const events: Record<string, (n: number) => object | Promise<object>> = {
  'token-charge': n => chargeEvent(`${name}-${n}`),
  'recurring-charge': n => post(n, '/card/recurring-charges', recurringBody()),
  'card-authentication': n => post(n, '/card/authentications', { ...charge, tokenKey: `token-${n}` }),
  'card-completion': async n => {
    const order = anOrder('card', { orderId: idOf(n), operation: 'authenticated_charge' }, new Date());
    const claim = attemptOf(order)?.claim?.id ?? '';
    const session = { xid: `x${n}`, iframeUrl: 'https%3A%2F%2Fgateway.example%2F' };
    const waits = enrolled(order, claim, session, new Date());
    return post(n, `/card/charges/${await stored(waits ?? order)}/completion`, {
      md: `x${n}`,
      paRes: 'Y',
      status: 'success',
    });
  },
  'card-deletion': n => post(n, '/card/deletions', { cardId: `C${n}`, phone: '09012345678' }),
  cancel: async n => post(n, `/card/charges/${await stored(paid(n))}/cancel`, {}),
  'carrier-order': n => post(n, '/carrier/orders', carrierBody),
  'carrier-settle': async n => post(n, `/carrier/orders/${await stored(authorized(n))}/settlement`, {}),
  'carrier-return': async n => post(n, `/carrier/orders/${await stored(authorized(n))}/return`, {}),
  'cvs-order': n => post(n, '/cvs/orders', cvsBody),
  orders: () => apiEvent('GET', '/orders?date=2026-11-20'),
  callback: async n => {
    const sendpoint = await stored(sending(n));
    return callbackEvent(cardParameters({ sendpoint, ordd: sendpoint }));
  },
  'callback-retry': async n => {
    const orderId = await stored(sending(n));
    const body = toMessage(aReceived('card', 'OK', { orderId, orderNumber: orderId }));
    return { Records: [{ messageId: '1', body, attributes: { SentTimestamp: String(Date.now()) } }] };
  },
  'due-work': () => ({}),
  publish: n => {
    const image = marshall(toItem({ ...usual.card.paid(), orderId: digest(`published ${n}`) }));
    return { Records: [{ eventName: 'INSERT', dynamodb: { SequenceNumber: String(n), NewImage: image } }] };
  },
};

let made = 0;
async function call(times: number): Promise<number> {
  const numbers = Array.from({ length: times }, () => made++);
  await inParallel(numbers, WIDTH, async n => {
    const event = await events[name]?.(n);
    const answer = (await handler(event ?? {}, { getRemainingTimeInMillis: () => 300_000 })) as Answer;
    const failed = (answer?.statusCode ?? 200) > 202 || (answer?.batchItemFailures?.length ?? 0) > 0;
    if (failed) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  });
  await sleep(100);
  for (let round = 0; round < 3; round += 1) global.gc?.();
  return process.memoryUsage().rss;
}

type Answer = { statusCode?: number; batchItemFailures?: unknown[] } | undefined;

const after = { few: await call(Number(few)), many: await call(Number(many) - Number(few)) };
process.stdout.write(JSON.stringify(after));
process.exit();
