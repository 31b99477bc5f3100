/**
 * EMV 3-D Secure: lost, late and broken responses, refused connections and killed functions. Never a second payment
 * request. Check numbers are those of three-d-secure.md, 8.2.
 */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { localSecrets } from '../../local/secrets.ts';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { isSend, type Order } from '../../shared/domain/order.ts';
import type { Answer } from '../../shared/lambda/api.ts';
import type { Written } from '../../shared/orders/ports.ts';
import { createSend, type Reply, type Send } from '../../shared/zeus/wire/transport.ts';
import { authenticationCalls, cards, eventOf, passed } from '../support/authentication.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { reasonsIn } from '../support/card.ts';
import { cardToken, invoke, startLocal, until } from '../support/local.ts';
import { clearTable, clientOf, dynamoOf, tableName } from '../support/table.ts';

const local = await startLocal();
// Loading a function makes its live dependencies, which read what `startLocal` set.
const { create: createAuthentication } = await import('../../functions/card-authentication.ts');
const { create: createCompletion } = await import('../../functions/card-completion.ts');
const { create: createCharge } = await import('../../functions/token-charge.ts');
const { gateway, call, engine } = local;
const { begin, bodyOf, ready, pay, counts, charges, read, store, depsOf } = authenticationCalls(local);
beforeEach(async () => {
  mock.timers.reset();
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
  await clearTable(clientOf(engine.endpoint));
});

/** From now on it is so many seconds later, for functions and gateway. */
const pass = (seconds: number) => mock.timers.enable({ apis: ['Date'], now: Date.now() + 1000 * seconds });
const runDueWork = () => invoke('due-work', {}, { getRemainingTimeInMillis: () => 300_000 });
const parsed = ({ statusCode, body }: Answer) => ({ status: statusCode, body: JSON.parse(body ?? '') });

/** `send` for one action of api.cgi; the others go to the gateway. */
const sendWith =
  (action: 'enroll' | 'authentication' | 'payment', replace: (body: Uint8Array) => Promise<Reply>): Send =>
  (path, type, body, timeoutMs) =>
    Buffer.from(body).includes(`action="${action}"`)
      ? replace(body)
      : createSend(gateway.url)(path, type, body, timeoutMs);
const xml = (action: string, inside: string, root = 'response'): Reply => ({
  kind: 'answered',
  status: 200,
  body: Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><${root} service="secure_link_3d" action="${action}">${inside}</${root}>`,
  ),
});
const result = (status: string, code: string) => `<result><status>${status}</status><code>${code}</code></result>`;
const never = () => new Promise<never>(() => {});

const completing = (deps: Parameters<typeof depsOf>[0]) => {
  const handler = createCompletion(depsOf(deps));
  return async (order: { orderId: string; md: string }, key: string, words: object = passed) =>
    parsed(
      await handler(
        eventOf('POST /card/charges/{orderId}/completion', `/card/charges/${order.orderId}/completion`, key, {
          md: order.md,
          ...words,
        }),
      ),
    );
};

const { clientip, key } = localSecrets.card;
const issued = {
  ipCodes: async () => ({ card: clientip, carrier: null, cvs: null }),
  cardKey: async () => new Masked(key),
};
const cardStore = cardsTable(dynamoOf(engine.endpoint), tableName);
const beginning = (deps: Parameters<typeof depsOf>[0]) => {
  const handler = createAuthentication({ ...depsOf(deps), cards: cardStore, ...issued });
  return async (key: string, more: object = {}, number?: string) => {
    const body = bodyOf(await cardToken(gateway.url, number), { ...more });
    return parsed(await handler(eventOf('POST /card/authentications', '/card/authentications', key, body)));
  };
};

test('check 12: a PayRes that was lost or is none of the guide is unknown, and 100 completions never send a second', async () => {
  for (const fault of ['lost-answer', 'truncated', 'garbage', 'http-500'] as const) {
    gateway.arm({ endpoint: 'pay', fault });
    const { orderId, finish } = await ready(`lost ${fault}`);
    const { status, body } = await finish('k');
    assert.deepEqual([status, body.status, reasonsIn(body)], [202, 'unknown', ['outcome_unknown']], fault);
    const before = counts().pay;
    for (let i = 0; i < 25; i += 1) {
      const [same, other] = [await finish('k'), await finish(`k${i}`)];
      assert.deepEqual([same.status, same.headers['idempotent-replayed']], [202, 'true']);
      assert.deepEqual([other.status, other.body.code], [409, 'order_state']);
    }
    assert.equal(counts().pay, before, fault);
    assert.equal((await read(orderId)).status, 'unknown');
  }
  const redirect = completing({
    send: sendWith('payment', async () => ({ ...xml('payment', ''), status: 302 }) as Reply),
  });
  const { status, body } = await redirect(await ready('redirect'), 'k');
  assert.deepEqual([status, body.status], [202, 'unknown']);
});

test('check 13: then the callback decides: OK, NG, another amount', async () => {
  const unknown = async (key: string) => {
    gateway.arm({ endpoint: 'pay', fault: 'lost-answer' });
    const { orderId, finish } = await ready(key);
    await finish('k');
    return orderId;
  };
  const [ok, ng, other] = [await unknown('ok'), await unknown('ng'), await unknown('other')];
  await callBack(cardParameters({ sendpoint: ok, ordd: 'N-1' }));
  await callBack(cardParameters({ sendpoint: ng, ordd: 'N-2', result: 'NG' }));
  await callBack(cardParameters({ sendpoint: other, ordd: 'N-3', money: '7000' }));
  const stands = async (orderId: string) => {
    const { status, attention, card } = await read(orderId);
    return [status, reasonsIn({ attention }), card.authentication.state];
  };
  assert.deepEqual(await stands(ok), ['paid', [], 'authenticated']);
  assert.deepEqual(await stands(ng), ['declined', [], 'authenticated']);
  assert.deepEqual(await stands(other), ['unknown', ['outcome_unknown', 'amount_mismatch'], 'authenticated']);
});

test('check 14: no connection for PayReq is not_processed; the same key with a new token charges once in the end', async () => {
  const refused = completing({ send: sendWith('payment', async () => ({ kind: 'not_sent', message: 'refused' })) });
  const first = await ready('again');
  const { status, body } = await refused(first, 'k');
  assert.deepEqual([status, body.status, body.failure.reason], [503, 'not_processed', 'connection_failed']);
  const second = await ready('again');
  assert.notEqual(second.md, first.md);
  assert.equal(second.orderId, first.orderId);
  assert.equal((await second.finish('k2')).body.status, 'paid');
  assert.deepEqual([charges().length, counts()], [1, { enrol: 2, result: 2, pay: 1 }]);
});

test('check 15: a lost AuthRes is asked for once more, then 503 and the order waits; the next completion pays once', async () => {
  gateway.arm({ endpoint: 'authenticate', fault: 'lost-answer', count: 2 });
  const { orderId, finish } = await ready('lost');
  const { status, headers, body } = await finish('k');
  assert.deepEqual([status, body.code, body.order.status], [503, 'gateway_maintenance', 'awaiting_customer']);
  assert.equal(headers['retry-after'], '60');
  assert.deepEqual(counts(), { enrol: 1, result: 2, pay: 0 });
  const replay = await begin('lost');
  assert.deepEqual([replay.body.status, replay.body.browser], ['awaiting_customer', null]);
  const again = await finish('k');
  assert.deepEqual([again.status, again.body.status], [200, 'paid']);
  assert.deepEqual([charges().length, (await read(orderId)).status], [1, 'paid']);
  gateway.arm({ endpoint: 'authenticate', fault: 'lost-answer' });
  assert.equal((await pay('once')).body.status, 'paid');
});

test('check 16: maintenance of AuthRes is 503 and the order waits; of PayRes the order is not processed', async () => {
  gateway.arm({ endpoint: 'authenticate', fault: 'maintenance' });
  const { finish } = await ready('result');
  const { status, headers, body } = await finish('k');
  assert.deepEqual([status, headers['retry-after'], body.order.status], [503, '60', 'awaiting_customer']);
  assert.equal(counts().result, 1);
  assert.equal((await finish('k')).body.status, 'paid');
  gateway.arm({ endpoint: 'pay', fault: 'maintenance' });
  const maintained = await pay('payment');
  assert.deepEqual([maintained.status, maintained.body.status], [503, 'not_processed']);
  assert.equal(charges().length, 1);
});

test('check 17: a function killed while it enrols leaves not_processed, never unknown', async () => {
  const send = sendWith('enroll', never);
  void beginning({ send })('killed');
  const orders = async () => (await call('GET', '/orders')).body.orders;
  const order = await until(async () => (await orders())[0], 'the claim');
  assert.deepEqual([order.status, order.card.authentication.state], ['sending', 'enrolling']);
  pass(121);
  assert.deepEqual(
    [(await read(order.orderId)).status, (await read(order.orderId)).failure.reason],
    ['not_processed', 'answer_lost'],
  );
  await runDueWork();
  const stored = await read(order.orderId);
  assert.deepEqual([stored.status, stored.version, stored.attention], ['not_processed', 2, []]);
  const again = await begin('killed');
  assert.deepEqual([again.status, again.body.status], [201, 'awaiting_customer']);
});

test('check 18: a function killed after AuthReq leaves an order that waits, and after 60 s the next completion pays', async () => {
  const order = await ready('killed');
  const hanging = completing({ send: sendWith('authentication', never) });
  void hanging(order, 'dead');
  await until(async () => (await read(order.orderId)).version === 3, 'the claim');
  const early = await order.finish('k');
  assert.deepEqual([early.status, early.body.code], [409, 'in_progress']);
  pass(61);
  assert.equal((await order.finish('k')).body.status, 'paid');
  assert.deepEqual(counts(), { enrol: 1, result: 1, pay: 1 });
});

test('check 18: killed after the pay claim, the order is unknown after 120 s and is never sent again', async () => {
  const order = await ready('killed');
  const hanging = completing({ send: sendWith('payment', never) });
  void hanging(order, 'dead');
  await until(async () => (await read(order.orderId)).status === 'sending', 'the point of no return');
  const early = await order.finish('k');
  assert.deepEqual([early.status, early.body.code], [409, 'in_progress']);
  pass(121);
  assert.equal((await read(order.orderId)).status, 'unknown');
  assert.equal((await order.finish('k')).status, 409);
  local.lines.length = 0;
  await runDueWork();
  assert.deepEqual(reasonsIn(await read(order.orderId)), ['outcome_unknown']);
  const { orderId } = order;
  const alarming = { event: 'attention', orderId, status: 'unknown', reason: 'outcome_unknown' };
  assert.ok(local.lines.some(line => isDeepStrictEqual(line, alarming)));
  assert.equal(counts().pay, 0);
});

test('a completion whose claim was taken over sends no payment request', async () => {
  const order = await ready('slow');
  const gate = Promise.withResolvers<Reply>();
  const slow = completing({ send: sendWith('authentication', () => gate.promise) })(order, 'slow');
  await until(async () => (await read(order.orderId)).version === 3, 'the claim');
  pass(61);
  assert.equal((await order.finish('k')).body.status, 'paid');
  gate.resolve(xml('authentication', result('success', '001')));
  assert.deepEqual([(await slow).status, (await slow).body.status], [200, 'paid']);
  assert.deepEqual([counts().pay, charges().length], [1, 1]);
});

test('a card OK that comes in between AuthReq and PayReq leaves nothing to pay', async () => {
  const order = await ready('between');
  const gate = Promise.withResolvers<Reply>();
  const slow = completing({ send: sendWith('authentication', () => gate.promise) })(order, 'slow');
  await until(async () => (await read(order.orderId)).version === 3, 'the claim');
  await callBack(cardParameters({ sendpoint: order.orderId, ordd: 'X-1' }));
  gate.resolve(xml('authentication', result('success', '001')));
  const { status, body } = await slow;
  assert.deepEqual([status, body.status, reasonsIn(body)], [200, 'paid', ['contradiction']]);
  assert.equal(counts().pay, 0);
});

test('check 23: outside and charge: one PayReq with the session of the enrolment, no AuthReq', async () => {
  const { status, body } = await beginning({ threeDSecureOutside: 'charge' })('outside', {}, cards.outside);
  assert.deepEqual([status, body.status, body.browser], [201, 'paid', null]);
  assert.deepEqual(body.card.authentication, { state: 'outside', code: '008', expiresAt: null });
  assert.deepEqual([counts(), charges().length], [{ enrol: 1, result: 0, pay: 1 }, 1]);
});

test('outside and charge: a session that is over by then is 409 with the order, as for a completion', async () => {
  const send = sendWith('payment', async () => xml('payment', result('invalid', '02110110')));
  const { status, body } = await beginning({ send, threeDSecureOutside: 'charge' })('over', {}, cards.outside);
  assert.deepEqual([status, body.code, body.order.status], [409, 'order_state', 'expired']);
  assert.equal(body.detail, 'The order is expired: The session is not known, or over 60 minutes old');
});

test('outside and charge: an enrolment too slow for a payment is not processed, never a declined card', async () => {
  const send = sendWith('enroll', async () => {
    pass(26);
    return xml('enroll', `${result('outside', '008')}<xid>a</xid>`);
  });
  const { status, body } = await beginning({ send, threeDSecureOutside: 'charge' })('slow', {}, cards.outside);
  assert.deepEqual([status, body.status, body.failure.reason], [503, 'not_processed', 'too_late']);
  assert.equal(counts().pay, 0);
});

test('the table fails once after EnrolRes, and once after a lost AuthRes: both are stored all the same', async () => {
  const failing = (at: string) => {
    let left = 1;
    const replace = async (next: Order): Promise<Written> => {
      if (next.history.at(-1)?.event === at && left-- > 0) throw new Error('out of order');
      return store.replace(next);
    };
    return { ...store, replace };
  };
  const begun = await beginning({ store: failing('enrolled') })('failing');
  assert.deepEqual([begun.status, begun.body.status], [201, 'awaiting_customer']);
  const send = sendWith('authentication', async () => ({ kind: 'lost', message: 'lost' }));
  const order = { orderId: begun.body.orderId, md: begun.body.browser.md };
  const { status, body } = await completing({ send, store: failing('authenticate_unknown') })(order, 'k');
  assert.deepEqual([status, body.code], [503, 'gateway_maintenance']);
});

test('the write before PayReq loses its response and a callback follows it: the payment is still asked for, once', async () => {
  const order = await ready('own');
  let isLost = false;
  const replace = async (next: Order): Promise<Written> => {
    const written = await store.replace(next);
    if (isLost || next.steps.every(step => !isSend(step) || step.authentication?.stage !== 'pay')) return written;
    isLost = true;
    await callBack(cardParameters({ sendpoint: next.orderId, ordd: 'X-1', money: '7000' }));
    return { stored: null, existing: await store.find(next.orderId) };
  };
  const { status, body } = await completing({ store: { ...store, replace } })(order, 'k');
  assert.deepEqual([status, body.status, reasonsIn(body)], [200, 'paid', ['amount_mismatch']]);
  assert.deepEqual([isLost, counts().pay, charges().length], [true, 1, 1]);
});

test('check 31: AuthRes with root request is read; a success without xid or iframeUrl is not_processed', async () => {
  const order = await ready('root');
  const send = sendWith('authentication', async () => xml('authentication', result('success', '001'), 'request'));
  // The gateway of the test has not seen this AuthReq, so its PayReq is out of step; what counts is that it was sent.
  assert.equal((await completing({ send })(order, 'k')).body.failure.code, '02110112');
  for (const inside of ['<xid>a</xid>', '<iframeUrl>https%3A%2F%2Fx</iframeUrl>']) {
    const without = beginning({
      send: sendWith('enroll', async () => xml('enroll', result('success', '000') + inside)),
    });
    const { status, body } = await without(`without ${inside}`);
    assert.deepEqual([status, body.status, body.failure.reason], [503, 'not_processed', 'answer_lost']);
  }
});

test('check 31: a PayRes that echoes another order is paid with a contradiction', async () => {
  const inside = `${result('success', '000')}<order_number>N-9</order_number><addition_value><sendpoint>other</sendpoint></addition_value>`;
  const send = sendWith('payment', async () => xml('payment', inside));
  const { status, body } = await completing({ send })(await ready('echo'), 'k');
  assert.deepEqual([status, body.status, reasonsIn(body)], [200, 'paid', ['contradiction']]);
});

test('check 26: required: a plain charge is 422 with nothing sent; one made before is still answered', async () => {
  const { body: before } = await call('POST', '/card/charges', {
    key: 'before',
    body: bodyOf(await cardToken(gateway.url)),
  });
  const deps = { ...depsOf(), cards: cardStore, ...issued };
  const handler = createCharge({ ...deps, threeDSecure: 'required' });
  const charge = async (key: string) =>
    parsed(await handler(eventOf('POST /card/charges', '/card/charges', key, bodyOf(await cardToken(gateway.url)))));
  const refused = await charge('new');
  assert.deepEqual([refused.status, refused.body.code], [422, 'authentication_required']);
  const replayed = await charge('before');
  assert.deepEqual([replayed.status, replayed.body.orderId], [200, before.orderId]);
  assert.equal(charges().length, 1);
});
