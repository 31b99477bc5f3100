import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { credentialsFrom, parseSecret } from '../../shared/lambda/secret.ts';

const full = {
  card: { clientip: '2019000001', key: 'card-key' },
  carrier: { clientip: '2019000002', zkey: 'carrier-key' },
  cvs: { clientip: '2019000003' },
  callback: { pathToken: 'path-token' },
};
const parse = (changes: object) => parseSecret(JSON.stringify({ ...full, ...changes }));

test('every service has what the vendor issued, keys as values that print as a mask', () => {
  const { card, carrier, cvs, pathToken } = parseSecret(JSON.stringify(full));
  assert.deepEqual([card?.ipCode, carrier?.ipCode, cvs?.ipCode], ['2019000001', '2019000002', '2019000003']);
  assert.deepEqual(
    [card?.key.reveal(), carrier?.zkey.reveal(), pathToken.reveal()],
    ['card-key', 'carrier-key', 'path-token'],
  );
  assert.doesNotMatch(JSON.stringify([card, carrier, pathToken]), /card-key|carrier-key|path-token/);
});

test('a service without code or key is not contracted; the others are', () => {
  assert.equal(parse({ card: { clientip: '2019000001' } }).card, null);
  assert.equal(parse({ card: { key: 'card-key' } }).card, null);
  assert.equal(parse({ card: { clientip: '', key: 'card-key' } }).card, null);
  assert.equal(parse({ card: null }).card, null);
  for (const clientip of ['2019', '20190000011', '2019-00001', '２０１９０', ' 2019000001'])
    assert.equal(parse({ card: { clientip, key: 'k' } }).card, null);
  assert.equal(parse({ card: { clientip: '12345', key: 'k' } }).card?.ipCode, '12345');
  assert.equal(parse({ carrier: { clientip: 5, zkey: 'k' } }).carrier, null);
  assert.equal(parse({ cvs: {} }).cvs, null);
  assert.equal(parse({ cvs: {} }).card?.ipCode, '2019000001');
});

test('a secret that is not filled names what is missing and quotes nothing', () => {
  for (const text of [
    '',
    'card-key',
    '{"callback":{"pathToken":""},"card":{"key":"card-key"}}',
    '[]',
    'null',
    '"card-key"',
    '{',
  ]) {
    assert.throws(
      () => parseSecret(text),
      (error: Error) => error.message.includes('callback.pathToken') && !error.message.includes('card-key'),
      text,
    );
  }
});

let value: object | null = full;
let reads = 0;
const readSecret = async () => {
  reads += 1;
  if (!value) throw new Error('gone');
  return JSON.stringify(value);
};
afterEach(() => mock.timers.reset());

test('it is read once, and again after ten minutes: a rotated key comes into use', async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const credentials = credentialsFrom(readSecret);
  [value, reads] = [full, 0];
  for (let i = 0; i < 5; i += 1) assert.equal((await credentials()).card?.key.reveal(), 'card-key');
  value = { ...full, card: { clientip: '2019000001', key: 'rotated' } };
  mock.timers.tick(10 * 60_000 - 1);
  assert.deepEqual([(await credentials()).card?.key.reveal(), reads], ['card-key', 1]);
  mock.timers.tick(1);
  assert.deepEqual([(await credentials()).card?.key.reveal(), reads], ['rotated', 2]);
});

test('who has it survives an outage of the service, who has it not yet says so', async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  value = full;
  const credentials = credentialsFrom(readSecret);
  await credentials();
  value = null;
  mock.timers.tick(11 * 60_000);
  assert.equal((await credentials()).card?.key.reveal(), 'card-key');
  await assert.rejects(credentialsFrom(readSecret)(), /gone/);
});
