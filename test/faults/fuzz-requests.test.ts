/** Every body, key, query and path is a request or invalid input. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { cardDeletionBody, recurringChargeBody, tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { carrierOrderBody, returnBody, settlementBody } from '../../shared/lambda/bodies/carrier.ts';
import { cvsOrderBody } from '../../shared/lambda/bodies/cvs.ts';
import { emptyBody, orderListQuery, resolutionBody } from '../../shared/lambda/bodies/orders.ts';
import { positionOf } from '../../shared/lambda/cursor.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { orderIdOf, readQuery, readRequest } from '../../shared/lambda/request.ts';
import { runs } from './fuzz.ts';

const bodies = {
  tokenChargeBody,
  recurringChargeBody,
  cardDeletionBody,
  carrierOrderBody,
  cvsOrderBody,
  settlementBody,
  returnBody,
  resolutionBody,
  emptyBody,
};
const fields = [
  'tokenKey',
  'amount',
  'phone',
  'email',
  'cardId',
  'carrier',
  'name',
  'success',
  'store',
  'test',
  'on',
  'by',
  'outcome',
  'note',
  '__proto__',
  'constructor',
];
const json = fc.oneof(
  fc
    .dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 })
    .map(value => JSON.stringify(value)),
  fc.json(),
  fc.string({ maxLength: 200 }),
);

for (const [name, body] of Object.entries(bodies)) {
  test(`${name}: any body and any key is a request or invalid input`, () => {
    const property = fc.property(
      json,
      fc.option(fc.string({ maxLength: 300 })),
      fc.boolean(),
      (text, key, isBase64Encoded) => {
        onlyInvalid(() => readRequest(eventOf(text, key, isBase64Encoded), body as typeof emptyBody));
      },
    );
    fc.assert(property, { numRuns: runs, seed: 3 });
  });
}

test('any query, cursor and path is a request or invalid input', () => {
  const property = fc.property(
    fc.dictionary(fc.constantFrom('date', 'from', 'to', 'status', 'cardId', 'cursor', 'x'), fc.string()),
    fc.string(),
    (query, text) => {
      const event = {
        queryStringParameters: query,
        pathParameters: { orderId: text },
      } as unknown as APIGatewayProxyEventV2;
      onlyInvalid(() => readQuery(event, orderListQuery));
      onlyInvalid(() => orderIdOf(event));
      onlyInvalid(() => positionOf(text, query, new Date(0)));
    },
  );
  fc.assert(property, { numRuns: runs, seed: 4 });
});

const eventOf = (body: string, key: string | null, isBase64Encoded: boolean) =>
  ({
    headers: key === null ? {} : { 'idempotency-key': key },
    body,
    isBase64Encoded,
    requestContext: { http: { method: 'POST', path: '/x' } },
  }) as unknown as APIGatewayProxyEventV2;

function onlyInvalid(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof InvalidInput, String(error));
  }
}
