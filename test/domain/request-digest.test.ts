/** What is kept to tell requests apart holds nothing personal (contract 1.1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyDigest, requestDigest } from '../../shared/domain/identity.ts';

const digest = (body: object, path = '/card/charges') => requestDigest('POST', path, body);

test('phone, e-mail, name and token are no part of a request, present or absent', () => {
  const request = { amount: 8000, cardId: 'C1' };
  for (const name of ['phone', 'email', 'name', 'tokenKey']) {
    for (const value of ['one', 'two', null, 5]) {
      assert.equal(digest({ ...request, [name]: value }), digest(request), `${name} ${value}`);
    }
  }
});

test('a deletion is the same request whatever phone it names; another card is another request', () => {
  const path = '/card/deletions';
  assert.equal(digest({ cardId: 'C1', phone: '0311112222' }, path), digest({ cardId: 'C1' }, path));
  assert.notEqual(digest({ cardId: 'C2' }, path), digest({ cardId: 'C1' }, path));
});

test('everything else counts, also what only looks like it', () => {
  const others = ['Phone', 'emails', 'names', 'reference', 'cardId'].map(name => digest({ amount: 8000, [name]: 'x' }));
  assert.equal(new Set([...others, digest({ amount: 8000 })]).size, 6);
  assert.notEqual(digest({ success: { name: 'a' } }), digest({ success: { name: 'b' } }));
});

test('a key is kept as a digest, equal for equal keys alone', () => {
  assert.match(keyDigest('order 1'), /^[A-Za-z0-9_-]{16}$/);
  assert.equal(keyDigest('order 1'), keyDigest('order 1'));
  assert.notEqual(keyDigest('order 1'), keyDigest('order 1 '));
});
