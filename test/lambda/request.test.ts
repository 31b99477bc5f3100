/** Contract 1 and 1.1: who calls, and what makes a request the same again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { keyDigest, requestDigest } from '../../shared/domain/identity.ts';
import { emptyBody } from '../../shared/lambda/bodies/orders.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { readRequest } from '../../shared/lambda/request.ts';

const path = '/card/charges/x/cancel';
const eventOf = (changes: object = {}, authorizer?: object): APIGatewayProxyEventV2 =>
  ({
    headers: { 'idempotency-key': 'A-1' },
    requestContext: { http: { method: 'POST', path }, ...(authorizer && { authorizer }) },
    ...changes,
  }) as unknown as APIGatewayProxyEventV2;

const callers: [what: string, authorizer: object | undefined, actor: string][] = [
  ["the IAM ARN's last part", { iam: { userArn: 'arn:aws:sts::1:assumed-role/shop/clerk-7' } }, 'clerk-7'],
  ['the user of a token', { jwt: { claims: { username: 'hanako', client_id: 'c', sub: 's' } } }, 'hanako'],
  ["a token's client", { jwt: { claims: { client_id: 'c', sub: 's' } } }, 'c'],
  ["a token's subject", { jwt: { claims: { sub: 's' } } }, 's'],
  ['at most 64 characters', { jwt: { claims: { sub: 's'.repeat(100) } } }, 's'.repeat(64)],
  ['local without an authorizer', undefined, 'local'],
  ['local with an empty one', { iam: { userArn: null } }, 'local'],
];
for (const [what, authorizer, actor] of callers) {
  test(`the actor is ${what}`, () => {
    const read = readRequest(eventOf({}, authorizer), emptyBody);
    const request = requestDigest('POST', path, {});
    assert.deepEqual(read, {
      idempotencyKey: 'A-1',
      request,
      actor,
      caller: { key: keyDigest('A-1'), request, actor },
      body: {},
    });
  });
}

test('no body, an empty one and {} are the same request, in text and in base64', () => {
  const bodies = [{}, { body: '' }, { body: '{}' }, { body: ' { } ' }, { body: 'e30=', isBase64Encoded: true }];
  const digests = bodies.map(body => readRequest(eventOf(body), emptyBody).request);
  assert.equal(new Set(digests).size, 1);
});

const codeOf = (changes: object): string => {
  try {
    readRequest(eventOf(changes), emptyBody);
    return 'read';
  } catch (error) {
    assert.ok(error instanceof InvalidInput);
    return JSON.parse(error.answer.body ?? '').code;
  }
};

test('the key is checked before the body, card data before the other fields', () => {
  assert.equal(codeOf({ headers: {}, body: '{"cvv":1}' }), 'idempotency_key_invalid');
  assert.equal(codeOf({ headers: { 'idempotency-key': 'é' } }), 'idempotency_key_invalid');
  assert.equal(codeOf({ body: '{"cvv":1,"x":1}' }), 'card_data_refused');
  assert.equal(codeOf({ body: '{"x":1}' }), 'invalid_request');
});

test('a body that is not JSON in UTF-8, or over 16 KB, is refused', () => {
  for (const body of ['{', 'x=1', '\ufffd']) assert.equal(codeOf({ body }), 'invalid_request', body);
  assert.equal(
    codeOf({ body: Buffer.from('{"x":"\xff"}', 'latin1').toString('base64'), isBase64Encoded: true }),
    'invalid_request',
  );
  assert.equal(codeOf({ body: ' '.repeat(16_385) }), 'invalid_request');
  assert.equal(codeOf({ body: `${' '.repeat(16_382)}{}` }), 'read');
});
