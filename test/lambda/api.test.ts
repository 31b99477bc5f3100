import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { present } from '../../shared/domain/present.ts';
import { statuses } from '../../shared/domain/words.ts';
import { answerOperated, answerSubmitted, apiHandler, json } from '../../shared/lambda/api.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import type { Operated } from '../../shared/orders/operate.ts';
import { aCallback, anOrder, failureWith, noon, seconds, usual, withCallbacks } from '../support/orders.ts';

let lines: { event: string }[] = [];
console.info = line => lines.push(line);
beforeEach(() => {
  lines = [];
});
const event = {} as APIGatewayProxyEventV2;

test('an answer passes through, with one line of log that holds its status alone', async () => {
  const answer = json(201, { secret: 'canary' }, { 'x-more': '1' });
  const fixed = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  const headers = { ...answer.headers, ...fixed };
  assert.deepEqual(await apiHandler('token_charge', async () => answer)(event), { ...answer, headers });
  assert.deepEqual(lines, [{ event: 'request', operation: 'token_charge', httpStatus: 201 }]);
});

test('invalid input is answered as it says, and is no error', async () => {
  const { statusCode } = await apiHandler('x', () => Promise.reject(new InvalidInput('order_not_found')))(event);
  assert.deepEqual([statusCode, lines.map(line => line.event)], [404, ['request']]);
});

test('whatever else is thrown is a bare 500, and neither answer nor log quotes it', async () => {
  const thrown = [
    new Error('canary'),
    'canary',
    { canary: 1 },
    null,
    undefined,
    new Error('line\n    at canary (file.ts:1:1)'),
  ];
  for (const error of thrown) {
    lines = [];
    const answer = await apiHandler('x', () => Promise.reject(error))(event);
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body ?? '').code], [500, 'internal_error']);
    assert.deepEqual(
      lines.map(line => line.event),
      ['error', 'request'],
    );
    assert.doesNotMatch(JSON.stringify([answer, lines]), /canary/);
  }
});

/** Contract 1.6, first table; `replayed` beside it. */
const expected: Record<string, [first: number, replayed: number]> = {
  paid: [201, 200],
  registered: [201, 200],
  awaiting_customer: [201, 200],
  declined: [402, 402],
  unknown: [202, 202],
  settling: [202, 202],
  cancelling: [202, 202],
  sending: [202, 202],
  not_processed: [503, 503],
};

const orders = Object.entries(usual.card).concat(Object.entries(usual.carrier), Object.entries(usual.cvs));
test('every status of the contract is among them', () => {
  assert.deepEqual(new Set(orders.map(([status]) => status)), new Set(statuses));
});

for (const [status, make] of orders) {
  const order = make();
  test(`${order.method} ${status}: answered so, and a replay says that it is one`, () => {
    const answers = [false, true].map(replayed => answerSubmitted({ kind: 'answered', order, replayed }, noon));
    const headers = {
      'content-type': 'application/json',
      ...(status === 'not_processed' && { 'retry-after': '60' }),
    };
    const [first = 201, replayed = 200] = expected[status] ?? [];
    const body = JSON.stringify(present(order, noon));
    assert.deepEqual(answers, [
      { statusCode: first, headers, body },
      { statusCode: replayed, headers: { 'idempotent-replayed': 'true', ...headers }, body },
    ]);
    assert.equal(JSON.parse(body).status, status);
  });
}

test('a claim that is stale is answered 202 as unknown', () => {
  const { statusCode, body } = answerSubmitted(
    { kind: 'answered', order: anOrder('card'), replayed: true },
    seconds(120),
  );
  assert.deepEqual([statusCode, JSON.parse(body ?? '').status], [202, 'unknown']);
});

const operated: [kind: string, operated: Operated, statusCode: number, code: string | null][] = [
  ['done', { kind: 'done', order: usual.card.cancelled(), replayed: false }, 200, null],
  ['open', { kind: 'open', order: usual.card.cancelling() }, 202, null],
  ['refused', { kind: 'refused', order: usual.card.paid(), failure: failureWith('refused') }, 422, 'gateway_refused'],
  ['not processed', { kind: 'not_processed', order: usual.card.paid() }, 503, 'gateway_maintenance'],
  ['not allowed', { kind: 'wrong_status', order: usual.card.declined() }, 409, 'order_state'],
];
for (const [what, each, statusCode, code] of operated) {
  test(`an operation that is ${what}: ${statusCode}${code ? ` ${code}` : ''}, with the order`, () => {
    const answer = answerOperated(each, noon);
    const body = JSON.parse(answer.body ?? '');
    const order = JSON.parse(JSON.stringify('order' in each && present(each.order, noon)));
    assert.deepEqual([answer.statusCode, body.code ?? null, code ? body.order : body], [statusCode, code, order]);
    assert.equal(answer.headers?.['retry-after'], what === 'not processed' ? '60' : undefined);
  });
}

test('faults of an operation come all at once; a running one and a reused key are problems', () => {
  const faults = [
    { field: 'amount', code: 'invalid', message: 'must be less' },
    { field: 'on', code: 'too_late_today', message: 'is too late' },
  ] as const;
  const answer = answerOperated({ kind: 'invalid', faults: [...faults] }, noon);
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body ?? '').errors], [400, faults]);
  const codes = (['in_progress', 'key_reused', 'not_found'] as const).map(kind => answerOperated({ kind }, noon));
  assert.deepEqual(
    codes.map(each => [each.statusCode, JSON.parse(each.body ?? '').code]),
    [
      [409, 'in_progress'],
      [422, 'idempotency_key_reused'],
      [404, 'order_not_found'],
    ],
  );
});

test('what is logged of an order is its status, and only attention that its newest change raised', () => {
  lines = [];
  const mismatched = withCallbacks(usual.card.paid(), [aCallback('card', 'XX')], seconds(1));
  answerOperated({ kind: 'done', order: mismatched, replayed: false }, noon);
  const { orderId } = mismatched;
  const order = { event: 'order', orderId, status: 'paid', operation: 'token_charge' };
  assert.deepEqual(lines, [order, { event: 'attention', orderId, status: 'paid', reason: 'unlisted_status' }]);
  lines = [];
  const later = withCallbacks(mismatched, [aCallback('card', 'OK')], seconds(2));
  answerOperated({ kind: 'done', order: later, replayed: false }, noon);
  answerOperated({ kind: 'done', order: later, replayed: true }, noon);
  assert.deepEqual(lines, [order]);
});

test('in progress and a reused key are problems, the first with a time to wait', () => {
  const [running, reused] = [
    answerSubmitted({ kind: 'in_progress' }, noon),
    answerSubmitted({ kind: 'key_reused' }, noon),
  ];
  assert.deepEqual([running.statusCode, reused.statusCode], [409, 422]);
  assert.match(String(running.headers?.['retry-after']), /^[1-9]\d*$/);
});
