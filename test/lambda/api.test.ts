import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { statuses } from '../../shared/domain/order.ts';
import { answerSubmitted, apiHandler, json } from '../../shared/lambda/api.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { anOrder, noon } from '../support/orders.ts';

let lines: { event: string }[] = [];
console.info = line => lines.push(line);
beforeEach(() => {
  lines = [];
});
const event = {} as APIGatewayProxyEventV2;

test('an answer passes through, with one line of log that holds its status alone', async () => {
  const answer = json(201, { secret: 'canary' }, { 'x-more': '1' });
  assert.deepEqual(await apiHandler('token_charge', async () => answer)(event), answer);
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
  not_processed: [503, 503],
};

for (const status of statuses) {
  test(`an order that is ${status} is answered so, and says whether it is a replay`, () => {
    const order = anOrder('card', { status, claim: status === 'sending' ? { id: 'c', at: noon.toISOString() } : null });
    const answers = [false, true].map(replayed => answerSubmitted({ kind: 'answered', order, replayed }, noon));
    const [first, second] = answers;
    if (expected[status])
      assert.deepEqual(
        answers.map(answer => answer.statusCode),
        expected[status],
      );
    assert.deepEqual(
      answers.map(answer => answer.headers?.['idempotent-replayed']),
      [undefined, 'true'],
    );
    assert.equal(first?.body, second?.body);
    assert.equal(JSON.parse(first?.body ?? '').status, status);
    assert.equal(first?.headers?.['retry-after'] !== undefined, status === 'not_processed');
  });
}

test('in progress and a reused key are problems, the first with a time to wait', () => {
  const [running, reused] = [
    answerSubmitted({ kind: 'in_progress' }, noon),
    answerSubmitted({ kind: 'key_reused' }, noon),
  ];
  assert.deepEqual([running.statusCode, reused.statusCode], [409, 422]);
  assert.match(String(running.headers?.['retry-after']), /^[1-9]\d*$/);
});
