import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProblemCode, problem } from '../../shared/lambda/problem.ts';

/** Contract 1.2, typed out; `internal_error` is ours, for what is a bug. */
const statuses: Record<ProblemCode, number> = {
  invalid_request: 400,
  card_data_refused: 400,
  idempotency_key_invalid: 400,
  order_not_found: 404,
  card_not_found: 404,
  authentication_required: 422,
  in_progress: 409,
  order_state: 409,
  idempotency_key_reused: 422,
  idempotency_key_declined: 422,
  gateway_refused: 422,
  gateway_maintenance: 503,
  internal_error: 500,
};

for (const [code, status] of Object.entries(statuses) as [ProblemCode, number][]) {
  test(`${code} is ${status}, as a problem document`, () => {
    const { statusCode, headers, body } = problem(code);
    const { type, title, detail, ...rest } = JSON.parse(body ?? '');
    assert.deepEqual([statusCode, headers], [status, { 'content-type': 'application/problem+json' }]);
    assert.deepEqual(rest, { status, code });
    for (const text of [type, title, detail]) assert.match(text, /^[ -~]{5,}$/);
  });
}

test('a time to wait is a header, everything else a member', () => {
  const { headers, body } = problem('gateway_refused', {
    detail: 'why',
    gatewayCode: '1',
    gatewayMeaning: 'meaning',
    order: { orderId: 'x' },
    retryAfterSeconds: 7,
  });
  assert.equal(headers?.['retry-after'], '7');
  const { detail, gatewayCode, gatewayMeaning, order, retryAfterSeconds } = JSON.parse(body ?? '');
  assert.deepEqual(
    { detail, gatewayCode, gatewayMeaning, order, retryAfterSeconds },
    {
      detail: 'why',
      gatewayCode: '1',
      gatewayMeaning: 'meaning',
      order: { orderId: 'x' },
      retryAfterSeconds: undefined,
    },
  );
});
