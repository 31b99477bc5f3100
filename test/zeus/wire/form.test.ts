import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeForm, encodeForm } from '../../../shared/zeus/wire/form.ts';
import { decodeShiftJis } from '../../../shared/zeus/wire/shift-jis.ts';

const encode = (value: string) => encodeForm([['v', value]]).toString('latin1');

function decode(raw: string | Uint8Array) {
  const form = decodeForm(typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw);
  const text = (values: Uint8Array[]) => values.map(value => Buffer.from(value).toString('latin1')).join(' | ');
  return Object.fromEntries(Array.from(form, ([name, values]) => [name, text(values)]));
}

test('unreserved characters travel as they are, a space as plus, the rest in capital escapes', () => {
  assert.equal(encode('AZaz09*-._'), 'v=AZaz09*-._');
  assert.equal(encode('a b'), 'v=a+b');
  assert.equal(
    encode('!"#$%&\'()+,/:;<=>?@[\\]^`{|}~'),
    'v=%21%22%23%24%25%26%27%28%29%2B%2C%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7E',
  );
  assert.equal(encode('\r\n'), 'v=%0D%0A');
});

test('values travel as Shift_JIS bytes, of which the ASCII ones that are unreserved stay plain', () => {
  assert.equal(encode('ゼウス'), 'v=%83%5B%83E%83X');
  assert.equal(encode('ソ'), 'v=%83%5C');
  assert.equal(encode('ｶﾞ'), 'v=%B6%DE');
  assert.equal(encode('~\\¥'), 'v=%7E%5C%5C');
  assert.equal(encode('〜'), 'v=%81%60');
  assert.throws(() => encode('😀'));
});

test('pairs keep their order and may be empty', () => {
  assert.equal(
    encodeForm([
      ['b', '1'],
      ['a', ''],
      ['b', '2'],
    ]).toString('latin1'),
    'b=1&a=&b=2',
  );
  assert.equal(encodeForm([]).length, 0);
});

test('decoding splits on & and the first =, and each different value of a name is kept, up to ten', () => {
  assert.deepEqual(decode('a=1&b=2=3&a=4&c&d=&&=5&'), { a: '1 | 4', b: '2=3', c: '', d: '' });
  assert.deepEqual(decode('a=1&a=1&a=%31&b=&b'), { a: '1', b: '' });
  const many = Array.from({ length: 40 }, (_, i) => `a=${i}`).join('&');
  assert.equal(decodeForm(Buffer.from(many)).get('a')?.length, 10);
  assert.deepEqual(decode(''), {});
});

test('escapes in any case, plus and plain space; names are unescaped too', () => {
  assert.deepEqual(decode('a=%4a%4A+ %2b%26%3d&%6eame=1'), { a: 'JJ  +&=', name: '1' });
});

test('each of the 256 bytes comes back from its escape, in either case', () => {
  for (let byte = 0; byte < 256; byte++) {
    const hex = byte.toString(16).padStart(2, '0');
    const form = decodeForm(Buffer.from(`a=%${hex}&b=%${hex.toUpperCase()}`));
    assert.deepEqual([form.get('a'), form.get('b')], [[Buffer.from([byte])], [Buffer.from([byte])]]);
  }
});

test('a malformed escape stays as it is', () => {
  assert.deepEqual(decode('a=%&b=%4&c=%zz%41&d=%%41&e=100%'), { a: '%', b: '%4', c: '%zzA', d: '%A', e: '100%' });
});

test('Shift_JIS arrives whole, escaped or raw, also with trail bytes that look like ASCII', () => {
  for (const raw of ['%83%5C%95%5c%8a%7c', '%83\\%95\\%8a|', '\x83\x5c\x95\x5c\x8a\x7c']) {
    const value = decodeForm(Buffer.from(`x=1&name=${raw}&y=2`, 'latin1')).get('name')?.[0];
    assert.equal(decodeShiftJis(value ?? Buffer.alloc(0)), 'ソ表掛');
  }
});

test('a value that is no Shift_JIS leaves the other fields readable', () => {
  const form = decode('name=%83%FF%&result=OK');
  assert.equal(form.result, 'OK');
});

test('half a megabyte of separators and percent signs is read', () => {
  assert.equal(decodeForm(Buffer.alloc(500_000, '&')).size, 0);
  assert.equal(decodeForm(Buffer.alloc(500_000, '%')).size, 1);
  assert.equal(decodeForm(Buffer.from(Array.from({ length: 100_000 }, (_, i) => `n${i}=`).join('&'))).size, 100_000);
});
