import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UsedKeys } from '../../shared/domain/order.ts';
import { keyDigest, markDone, withKey } from '../../shared/orders/used-keys.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 20, 3, 0, seconds));
const used = (count: number, time = (i: number) => at(i)): UsedKeys => {
  let keys: UsedKeys = {};
  for (let i = 1; i <= count; i += 1) keys = withKey(keys, { key: `k${i}`, request: `r${i}` }, time(i));
  return keys;
};

test('a key is kept as a digest, equal for equal keys alone', () => {
  assert.match(keyDigest('order 1'), /^[A-Za-z0-9_-]{16}$/);
  assert.equal(keyDigest('order 1'), keyDigest('order 1'));
  assert.notEqual(keyDigest('order 1'), keyDigest('order 1 '));
});

test('the newest ten stay, whatever their order', () => {
  for (const keys of [used(12), Object.fromEntries(Object.entries(used(12)).toReversed())]) {
    assert.deepEqual(Object.keys(keys).toSorted(), ['k10', 'k11', 'k12', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9']);
    const next = withKey(keys, { key: 'k13', request: 'r13' }, at(13));
    assert.deepEqual(['k3' in next, 'k4' in next, Object.keys(next).length], [false, true, 10]);
  }
});

test('of keys of one moment the one that is added stays', () => {
  const keys = used(10, () => at(0));
  const next = withKey(keys, { key: 'new', request: 'r' }, at(0));
  assert.deepEqual(['new' in next, Object.keys(next).length], [true, 10]);
});

test('a key used again is the newest, and stays done where it was', () => {
  const done = markDone(used(10), 'k1');
  const again = withKey(done, { key: 'k1', request: 'r1' }, at(20));
  assert.deepEqual(again.k1, { request: 'r1', at: at(20).toISOString(), done: true });
  const next = withKey(again, { key: 'k11', request: 'r11' }, at(21));
  assert.deepEqual(['k1' in next, 'k2' in next], [true, false]);
});

test('marking a key done touches no other, and a key that is not kept none', () => {
  const keys = used(2);
  const done = markDone(keys, 'k2');
  assert.deepEqual([done.k1, done.k2], [keys.k1, { request: 'r2', at: at(2).toISOString(), done: true }]);
  assert.equal(keys.k2?.done, false);
  assert.deepEqual(markDone(keys, 'k3'), keys);
});
