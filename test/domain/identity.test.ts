import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { externalOrderId, isOrderId, keyDigest, orderIdOf, requestDigest } from '../../shared/domain/identity.ts';

test('an order id is SHA-256 of deployment and key, base64url, cut to 32 characters', () => {
  const expected = createHash('sha256').update('shop\nkey-1').digest('base64url').slice(0, 32);
  assert.equal(orderIdOf('shop', 'key-1'), expected);
  assert.equal(isOrderId(expected), true);
});

test('deployments and keys that are written together do not meet', () => {
  const ids = [
    orderIdOf('a', 'bc'),
    orderIdOf('ab', 'c'),
    orderIdOf('a', 'b'),
    orderIdOf('b', 'a'),
    orderIdOf('a', 'B'),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

test('external orders differ by deployment, service and number, and no key makes one', () => {
  const ids = [
    externalOrderId('a', 'card', 'N1'),
    externalOrderId('b', 'card', 'N1'),
    externalOrderId('a', 'cvs', 'N1'),
    externalOrderId('a', 'card', 'N2'),
    orderIdOf('a', 'external card N1'),
  ];
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every(isOrderId));
});

test('an order id is exactly 32 characters of its alphabet', () => {
  const good = 'AZaz09_-'.repeat(4);
  assert.equal(isOrderId(good), true);
  for (const text of [good.slice(1), `${good}A`, `${good.slice(1)}+`, `${good.slice(1)}\n`, `${good}\n`, ''])
    assert.equal(isOrderId(text), false);
});

const digest = (body: unknown, method = 'POST', path = '/card/charges') => requestDigest(method, path, body);

test('key order does not count at any depth, the order of lists does', () => {
  assert.equal(digest({ a: 1, b: { c: [1, 2], d: null } }), digest({ b: { d: null, c: [1, 2] }, a: 1 }));
  assert.notEqual(digest({ c: [1, 2] }), digest({ c: [2, 1] }));
});

test('what is short-lived or personal does not count: tokenKey, phone, email, name; and only at the top', () => {
  for (const name of ['tokenKey', 'phone', 'email', 'name']) {
    assert.equal(digest({ amount: 1, [name]: 'one' }), digest({ [name]: 'two', amount: 1 }), name);
    assert.equal(digest({ amount: 1, [name]: 'one' }), digest({ amount: 1 }), name);
    assert.notEqual(digest({ more: { [name]: 'one' } }), digest({ more: { [name]: 'two' } }), name);
  }
  assert.notEqual(digest({ cardId: 'one' }), digest({ cardId: 'two' }));
  assert.notEqual(digest({ reference: 'one' }), digest({ reference: 'two' }));
});

test('a key of a call on an existing order is kept as 16 characters of its digest', () => {
  assert.match(keyDigest('A-1'), /^[A-Za-z0-9_-]{16}$/);
  assert.notEqual(keyDigest('A-1'), keyDigest('A-2'));
});

test('no body and an empty object are the same request', () => {
  assert.equal(digest(undefined), digest({}));
  assert.equal(digest(null), digest({}));
});

test('method, path and every value count', () => {
  const all = [
    digest({ a: 1 }),
    digest({ a: 1 }, 'DELETE'),
    digest({ a: 1 }, 'POST', '/card/charges/x'),
    digest({ a: '1' }),
    digest({ a: [1] }),
    digest({ a: true }),
    digest({ a: null }),
    digest({ b: 1 }),
    digest({}),
    digest([]),
    digest('{}'),
    digest({ a: 1, b: 2 }),
    digest({ 'a":1,"b': 2 }),
    digest({ a: { b: 1 } }),
  ];
  assert.equal(new Set(all).size, all.length);
});
