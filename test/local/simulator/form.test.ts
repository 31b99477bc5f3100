import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeBytes, parseForm } from '../../../local/simulator/form.ts';

const texts = (raw: string) => parseForm(Buffer.from(raw, 'latin1')).map(({ name, text }) => [name, text]);

test('fields are split on bytes before they are decoded', () => {
  assert.deepEqual(texts('a=1+2%2B3&b=&c&&d=x%3Dy=z'), [
    ['a', '1 2+3'],
    ['b', ''],
    ['c', ''],
    ['d', 'x=y=z'],
  ]);
  assert.deepEqual(texts('n=%83%5c%83[&m=%83A%e3'), [
    ['n', 'ソゼ'],
    ['m', null],
  ]);
  assert.deepEqual(texts('a=%&b=%4&c=%zz'), [
    ['a', '%'],
    ['b', '%4'],
    ['c', '%zz'],
  ]);
});

test('the four ways to escape', () => {
  const bytes = Buffer.from('8341835b205b40b12d5f', 'hex');
  assert.equal(escapeBytes(bytes, 'upper', '+'), '%83A%83%5B+%5B%40%B1-_');
  assert.equal(escapeBytes(bytes, 'lower', '%20'), '%83A%83%5b%20%5b%40%b1-_');
  assert.equal(escapeBytes(bytes, 'full', '+'), '%83%41%83%5B+%5B%40%B1-_');
  assert.equal(escapeBytes(bytes, 'raw', '+'), '%83A%83[+[@%B1-_');
});
