import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { keep, parseCardKey, parseCarrierKey, parseIpCodes, parsePathTokens } from '../../shared/lambda/secret.ts';

const full = {
  card: { clientip: '2019000001', key: 'card-key' },
  carrier: { clientip: '2019000002', zkey: 'carrier-key' },
  cvs: { clientip: '2019000003' },
  callback: { pathToken: 'path-token' },
};
const codesWith = (changes: object) => parseIpCodes(JSON.stringify({ ...full, ...changes }));

test('each part is read by itself, keys and tokens as values that print as a mask', () => {
  const text = JSON.stringify(full);
  assert.deepEqual(parseIpCodes(text), { card: '2019000001', carrier: '2019000002', cvs: '2019000003' });
  const masked = [parseCardKey(text), parseCarrierKey(text), ...parsePathTokens(text)];
  assert.deepEqual(
    masked.map(value => value?.reveal()),
    ['card-key', 'carrier-key', 'path-token'],
  );
  assert.doesNotMatch(JSON.stringify(masked), /card-key|carrier-key|path-token/);
});

test('a method without a code is not contracted; the others are', () => {
  assert.equal(codesWith({ card: { key: 'card-key' } }).card, null);
  assert.equal(codesWith({ card: { clientip: '', key: 'card-key' } }).card, null);
  assert.equal(codesWith({ card: null }).card, null);
  for (const clientip of ['2019', '20190000011', '2019-00001', '２０１９０', ' 2019000001'])
    assert.equal(codesWith({ card: { clientip } }).card, null);
  assert.equal(codesWith({ card: { clientip: '12345' } }).card, '12345');
  assert.equal(codesWith({ carrier: { clientip: 5 } }).carrier, null);
  assert.deepEqual(codesWith({ cvs: {} }), { card: '2019000001', carrier: '2019000002', cvs: null });
});

test('a key that is not filled is null', () => {
  for (const text of ['', '{}', '{"notFilledYet":"x"}', '{"card":{"key":""},"carrier":{"zkey":5}}']) {
    assert.deepEqual([parseCardKey(text), parseCarrierKey(text)], [null, null], text);
  }
});

test('while the path token is being changed, the one before is valid too', () => {
  const callback = { pathToken: 'new', previousPathToken: 'old' };
  const tokens = parsePathTokens(JSON.stringify({ callback }));
  assert.deepEqual(
    tokens.map(token => token.reveal()),
    ['new', 'old'],
  );
});

test('without a path token it names what is missing and quotes nothing', () => {
  for (const text of [
    '',
    'path-token',
    '{"callback":{"pathToken":"","previousPathToken":"path-token"}}',
    '[]',
    'null',
    '"path-token"',
    '{',
  ]) {
    assert.throws(
      () => parsePathTokens(text),
      (error: Error) => error.message.includes('callback.pathToken') && !error.message.includes('path-token'),
      text,
    );
  }
});

let value: string | null = 'first';
let reads = 0;
const readSecret = async () => {
  reads += 1;
  if (value === null) throw new Error('gone');
  return value;
};
const asItIs = (text: string) => text;
afterEach(() => mock.timers.reset());

test('it is read once, and again after ten minutes: a rotated key comes into use', async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const kept = keep(readSecret, asItIs);
  [value, reads] = ['first', 0];
  for (let i = 0; i < 5; i += 1) assert.equal(await kept(), 'first');
  value = 'rotated';
  mock.timers.tick(10 * 60_000 - 1);
  assert.deepEqual([await kept(), reads], ['first', 1]);
  mock.timers.tick(1);
  assert.deepEqual([await kept(), reads], ['rotated', 2]);
});

test('who has it survives an outage of the service, who has it not yet says so', async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  value = 'first';
  const kept = keep(readSecret, asItIs);
  await kept();
  value = null;
  mock.timers.tick(11 * 60_000);
  assert.equal(await kept(), 'first');
  await assert.rejects(keep(readSecret, asItIs)(), /gone/);
});
