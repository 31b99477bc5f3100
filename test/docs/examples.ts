import { writeFileSync } from 'node:fs';
import { mock, test } from 'node:test';
import type { Route } from '../../infra/functions.ts';
import { matchRoute } from '../../local/http-api.ts';
import { answers } from '../../scripts/openapi/answer-schemas.ts';
import type { Example } from '../../scripts/openapi/examples.ts';
import { operations } from '../../scripts/openapi/operations.ts';
import { cardActions } from '../support/card-actions.ts';
import { carrierCalls, setClocks } from '../support/carrier.ts';
import { type Answered, cardToken, startLocal } from '../support/local.ts';

const payer = { phone: '03-1234-5678', email: 'taro@example.com' };
/** What a page of the description shows in place of a token, which nobody can use again. */
const shownToken = 'the-token-that-the-browser-got-from-the-gateway';

/**
 * Plays through every operation on the real handlers and the simulator, at a noon that stands still, and answers each call as the
 * description shows it. Equal runs give equal examples.
 */
export async function playExamples(): Promise<Example[]> {
  const local = await startLocal();
  setClocks(local.gateway, '2026-11-20 12:00:00');
  try {
    return await play(local);
  } finally {
    mock.timers.reset();
  }
}

async function play(local: Awaited<ReturnType<typeof startLocal>>): Promise<Example[]> {
  const { gateway } = local;
  const examples: Example[] = [];
  const actions = cardActions(local);
  const carriers = carrierCalls(local);

  /** One call that the description shows; answers the body. */
  async function show(name: string, summary: string, call: string, key?: string, body?: unknown) {
    const [method = '', path = ''] = call.split(' ');
    const sent = await withToken(body, gateway.url);
    const answered = await local.call(method, path, { ...(key !== undefined && { key }), body: sent });
    const { 'content-type': contentType = '', ...others } = answered.headers as Record<string, string>;
    const route = routeOf(method, path);
    const example = {
      ...{ route, name, summary, path },
      ...(key !== undefined && { key }),
      ...(body !== undefined && { body }),
      ...{ status: answered.status, contentType, headers: others, answer: asDescribed(route, answered) },
    };
    examples.push(JSON.parse(JSON.stringify(example).replaceAll(gateway.url, 'https://linkpt.cardservice.co.jp')));
    return answered.body;
  }

  /** The same for a call that the gateway calls back about, which it does after the answer and not while it is stored. */
  async function showAndCallBack(...call: Parameters<typeof show>) {
    const before = gateway.callbacks().length;
    gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
    const body = await show(...call);
    await gateway.idle();
    gateway.disarm();
    for (const { id } of gateway.callbacks().slice(before)) await gateway.resend(id);
    return body;
  }

  const charge = { tokenKey: shownToken, amount: 8000, ...payer, reference: '4711' };
  await showAndCallBack('paid', 'Paid', 'POST /card/charges', 'order-4711', charge);
  await show('replayed', 'The same request again', 'POST /card/charges', 'order-4711', charge);
  await show('reused', 'The key belongs to another request', 'POST /card/charges', 'order-4711', {
    ...charge,
    amount: 1,
  });
  const registration = { tokenKey: shownToken, amount: 0, ...payer, cardId: 'MEMBER-1' };
  await showAndCallBack(
    'registered',
    'A card is stored, nothing is charged',
    'POST /card/charges',
    'member-1',
    registration,
  );
  gateway.arm({ endpoint: 'charge', fault: 'refusal' });
  await showAndCallBack('declined', 'Declined', 'POST /card/charges', 'order-4712', { ...charge, reference: '4712' });
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
  const lost = await show('unknown', 'The answer was lost', 'POST /card/charges', 'order-4713', {
    ...charge,
    reference: '4713',
  });
  gateway.arm({ endpoint: 'charge', fault: 'maintenance' });
  const maintained = { ...charge, reference: '4714' };
  await show('not-processed', 'The gateway is under maintenance', 'POST /card/charges', 'order-4714', maintained);
  const wrong = { amount: 10_000_000, phone: '0312', email: 'taro@例.jp', coupon: 'x' };
  await show('invalid', 'All faults at once', 'POST /card/charges', 'order-4715', wrong);
  await show('card-data', 'Card data', 'POST /card/charges', 'order-4715', {
    ...charge,
    cardNumber: '4111111111111111',
  });

  const monthly = { cardId: 'MEMBER-1', amount: 3000, ...payer, reference: '2026-12' };
  await showAndCallBack('paid', 'Paid', 'POST /card/recurring-charges', 'member-1-2026-12', monthly);
  gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
  const paidId = await actions.paid('order-4716');
  await show('cancelled', 'Cancelled', `POST /card/charges/${paidId}/cancel`, 'cancel-4716', {});
  await show('wrong-status', 'Nothing to cancel', `POST /card/charges/${lost.orderId}/cancel`, 'cancel-4713', {});
  await show('deleted', 'Deleted', 'POST /card/deletions', 'forget-member-1', { cardId: 'MEMBER-1' });
  await show('no-such-card', 'No such card', 'POST /card/deletions', 'forget-member-2', {
    cardId: 'MEMBER-2',
    phone: '0312345678',
  });

  const link = { url: 'https://shop.example/thanks', text: 'ショップへ戻る' };
  const carrierOrder = {
    carrier: 'docomo',
    amount: 8000,
    name: 'ヤマダタロウ',
    ...payer,
    success: link,
    reference: '4717',
  };
  await show('form', 'The form for the payer’s browser', 'POST /carrier/orders', 'order-4717', carrierOrder);
  const { orderId: booked } = await carriers.authorized('order-4718');
  const booking = { amount: 7000, on: '2026-12-01' };
  await show('booked', 'Booked for a day', `POST /carrier/orders/${booked}/settlement`, 'settle-4718', booking);
  await show(
    'again',
    'A booking is withdrawn first',
    `POST /carrier/orders/${booked}/settlement`,
    'settle-4718-2',
    booking,
  );
  await show('withdrawn', 'Withdrawn', `DELETE /carrier/orders/${booked}/settlement`, 'withdraw-4718');
  await showAndCallBack('settled', 'Settled today', `POST /carrier/orders/${booked}/settlement`, 'settle-4718-3', {});
  await showAndCallBack('returned', 'Returned', `POST /carrier/orders/${booked}/return`, 'return-4718', {});
  const { orderId: refused } = await carriers.authorized('order-4719');
  gateway.arm({ endpoint: 'return', fault: 'refusal', code: '010100031' });
  await show('refused', 'The gateway refused', `POST /carrier/orders/${refused}/return`, 'return-4719', {});

  const atStore = {
    store: 'lawson',
    amount: 8000,
    name: 'ヤマダ タロウ',
    ...payer,
    phone: '0312345678',
    reference: '4720',
  };
  const awaiting = await showAndCallBack(
    'issued',
    'Numbers to show the payer',
    'POST /cvs/orders',
    'order-4720',
    atStore,
  );
  const sevenEleven = { ...atStore, store: 'seven-eleven', reference: '4721' };
  await showAndCallBack('seven-eleven', 'A page to lead the payer to', 'POST /cvs/orders', 'order-4721', sevenEleven);
  gateway.arm({ endpoint: 'cvs', fault: 'refusal', code: '0008' });
  await showAndCallBack('declined', 'The store cannot be reached', 'POST /cvs/orders', 'order-4722', {
    ...atStore,
    reference: '4722',
  });

  await show('order', 'An order', `GET /orders/${awaiting.orderId}`);
  await show('no-such-order', 'No such order', `GET /orders/${'0'.repeat(32)}`);
  await show('by-reference', 'By the merchant’s own number', 'GET /orders?reference=4720');
  await show('attention', 'What wants a person', 'GET /orders?attention=true');
  await show('bad-filter', 'No day', 'GET /orders?date=today');
  const word = { outcome: 'declined', note: 'Not in the gateway’s console' };
  await show('resolved', 'A person has looked', `POST /orders/${lost.orderId}/resolution`, 'resolve-4713', word);
  await show('nothing-to-resolve', 'Nothing to resolve', `POST /orders/${paidId}/resolution`, 'resolve-4716', word);
  return examples;
}

/** In the order of the description, which the store's maps do not keep; throws on an answer that is not described. */
function asDescribed(route: Route, { status, body }: Answered): unknown {
  const described = operations[route]?.answers[status]?.schemas ?? [];
  const read = described.map(name => answers[name].safeParse(body)).find(({ success }) => success);
  if (!read) throw new Error(`${route} answered ${status} with what is not described: ${JSON.stringify(body)}`);
  return read.data;
}

const withToken = async (body: unknown, gatewayUrl: string): Promise<unknown> =>
  typeof body === 'object' && body !== null && 'tokenKey' in body
    ? { ...body, tokenKey: await cardToken(gatewayUrl) }
    : body;

function routeOf(method: string, path: string): Route {
  const request = {
    method,
    path: path.split('?')[0] ?? '',
    rawQuery: '',
    headers: {},
    body: Buffer.alloc(0),
    sourceIp: '',
  };
  const route = (Object.keys(operations) as Route[]).find(each => matchRoute(each, request));
  if (!route) throw new Error(`No route for ${method} ${path}`);
  return route;
}

/** `node test/docs/examples.ts` writes them down; `npm run openapi` then puts them into the description. */
if (import.meta.main) {
  test('the examples are written down', async () => {
    const file = new URL('../../scripts/openapi/examples.json', import.meta.url);
    writeFileSync(file, `${JSON.stringify(await playExamples(), null, 2)}\n`);
  });
}
