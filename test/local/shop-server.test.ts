import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type Answer, jsonAnswer, type Request } from '../../local/server.ts';
import { createShopServer } from '../../local/shop-server.ts';

const md = 'a/b+c';
const said = { MD: md, PaRes: 'Y', status: 'success' };
const waiting = jsonAnswer(201, { orderId: 'o1', status: 'awaiting_customer' });

/** The shop with a merchant API that answers one thing after another; `answer` stays for good. */
function startShop(answers: (Answer | Promise<Answer>)[], within = 5000) {
  const asked: Request[] = [];
  const shop = createShopServer(async request => {
    asked.push(request);
    return (await (answers.length > 1 ? answers.shift() : answers[0])) ?? null;
  }, within);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    shop({
      method: 'POST',
      path,
      rawQuery: '',
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(JSON.stringify(body)),
      sourceIp: '127.0.0.1',
    });
  return { asked, post };
}

const cookieOf = (answer: Answer | null) => String(answer?.headers['set-cookie']).split(';')[0] ?? '';

/** A shop whose payer has begun order o1. */
async function begin(answers: (Answer | Promise<Answer>)[], within?: number) {
  const shop = startShop([waiting, ...answers], within);
  const created = await shop.post('/shop/card/authentications', { amount: 1 }, { 'idempotency-key': 'k1' });
  const headers = { cookie: cookieOf(created) };
  return { ...shop, created, headers, complete: (body: unknown) => shop.post('/shop/completions/o1', body, headers) };
}

test('a payment is passed on as it is, and its order belongs to the session', async () => {
  const { created, asked } = await begin([waiting]);
  assert.deepEqual([created?.status, created?.body], [201, waiting.body]);
  assert.match(String(created?.headers['set-cookie']), /^shop=[\w-]{36}; Path=\/shop; HttpOnly; SameSite=Strict$/);
  const [request] = asked;
  assert.deepEqual(
    [request?.path, request?.headers['idempotency-key'], request?.body.toString()],
    ['/card/authentications', 'k1', '{"amount":1}'],
  );
});

test('termUrl: a completion in our spelling, under a key of its words; the answer is short', async () => {
  const { asked, complete } = await begin([jsonAnswer(200, { orderId: 'o1', status: 'paid' })]);
  const answer = await complete(said);
  assert.deepEqual([answer?.status, answer?.body], [200, '{"state":"paid"}']);
  const body = JSON.stringify({ md, paRes: 'Y', status: 'success' });
  const key = `3ds-${createHash('sha256').update(body).digest('hex')}`;
  const request = asked[1];
  assert.deepEqual(
    [request?.path, request?.headers, request?.body.toString()],
    ['/card/charges/o1/completion', { 'content-type': 'application/json', 'idempotency-key': key }, body],
  );
  await complete({ ...said, PaRes: 'N' });
  assert.notEqual(asked[2]?.headers['idempotency-key'], key);
});

const states: [what: string, answer: Answer, state: string][] = [
  ['registered', jsonAnswer(200, { status: 'registered' }), 'paid'],
  ['declined', jsonAnswer(402, { code: 'gateway_refused', order: { status: 'declined' } }), 'failed'],
  ['declined, as an order', jsonAnswer(402, { orderId: 'o1', status: 'declined' }), 'failed'],
  ['expired', jsonAnswer(409, { code: 'order_state', order: { status: 'expired' } }), 'failed'],
  ['not processed', jsonAnswer(503, { orderId: 'o1', status: 'not_processed' }), 'failed'],
  ['unknown', jsonAnswer(202, { status: 'unknown' }), 'pending'],
  ['refused as malformed', jsonAnswer(400, { code: 'invalid_request' }), 'pending'],
  ['no JSON', { status: 200, headers: {}, body: 'x' }, 'pending'],
];
for (const [what, answer, state] of states) {
  test(`termUrl answers ${state}: ${what}`, async () => {
    const { complete, asked } = await begin([answer]);
    assert.equal((await complete(said))?.body, JSON.stringify({ state }));
    assert.equal(asked.length, 2);
  });
}

test('a completion that the gateway could not answer is repeated with its key', async () => {
  const headers = { 'retry-after': '0' };
  const busy = { ...jsonAnswer(409, { code: 'in_progress' }), headers };
  const down = { ...jsonAnswer(503, { code: 'gateway_maintenance', order: { status: 'awaiting_customer' } }), headers };
  const cut = { ...jsonAnswer(503, { message: 'Service Unavailable' }), headers };
  const { complete, asked } = await begin([down, cut, busy, jsonAnswer(200, { status: 'paid' })]);
  assert.equal((await complete(said))?.body, '{"state":"paid"}');
  const keys = asked.slice(1).map(request => request.headers['idempotency-key']);
  assert.deepEqual([keys.length, new Set(keys).size], [4, 1]);
});

test('what takes long goes on, and cannot be given up meanwhile', async () => {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const { complete, post, headers } = await begin([promise], 10);
  assert.equal((await complete(said))?.body, '{"state":"pending"}');
  const abandon = () => post('/shop/abandonments/o1', {}, headers);
  assert.equal((await abandon())?.body, '{"abandoned":false}');
  resolve(jsonAnswer(200, { status: 'awaiting_customer' }));
  await promise;
  await new Promise(resolve => setTimeout(resolve, 10));
  assert.equal((await abandon())?.body, '{"abandoned":true}');
});

test('what was given up is completed by nothing', async () => {
  const { complete, post, headers, asked } = await begin([jsonAnswer(200, { status: 'paid' })]);
  assert.equal((await post('/shop/abandonments/o1', {}, headers))?.body, '{"abandoned":true}');
  assert.equal((await complete(said))?.body, '{"state":"failed"}');
  assert.equal(asked.length, 1);
});

test('another session, another order and another type get nowhere', async () => {
  const { post, headers, asked } = await begin([jsonAnswer(200, { status: 'paid' })]);
  const statusOf = async (path: string, given: Record<string, string>) => (await post(path, said, given))?.status;
  assert.equal(await statusOf('/shop/completions/o1', {}), 404);
  assert.equal(await statusOf('/shop/completions/o1', { cookie: `shop=${crypto.randomUUID()}` }), 404);
  assert.equal(await statusOf('/shop/completions/o2', headers), 404);
  assert.equal(await statusOf('/shop/abandonments/o1', {}), 404);
  assert.equal(await statusOf('/shop/completions/o1', { ...headers, 'content-type': 'text/plain' }), 415);
  assert.equal(await statusOf('/card/charges', headers), undefined);
  assert.equal(asked.length, 1);
});

test('an order that needs no authentication is no session’s', async () => {
  const shop = startShop([jsonAnswer(402, { orderId: 'o1', status: 'declined' })]);
  const created = await shop.post('/shop/card/recurring-authentications', {});
  assert.equal(created?.headers['set-cookie'], undefined);
});
