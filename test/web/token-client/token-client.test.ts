import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { startSimulator } from '../../../local/simulator/simulator.ts';
import { encodeNewCard, encodeQuick, tokenFault } from '../../../shared/zeus/operations/token.ts';
import { createToken } from '../../../web/token-client/token-client.ts';
import { cardFields, ipCode, parse, serveOwn } from './gateways.ts';

const gateway = await startSimulator();
after(() => gateway.close());
const settings = { ipCode, gatewayUrl: gateway.url, parse };
const answer = '<response><result><status>success</status><token_key>KEY</token_key></result></response>';
const values = (fields: object) => Object.values(fields).map(({ value }) => value);

test('a new card becomes a token with masked values, and its fields are cleared', async () => {
  const fields = cardFields();
  const year = fields.expiresYear.value;
  const result = await createToken(settings, fields);
  assert.ok(result.kind === 'token');
  const { tokenKey, ...shown } = result.token;
  assert.match(tokenKey, /^\S{86}$/);
  assert.deepEqual(shown, {
    maskedCvv: '***',
    maskedCardNumber: '4111********1111',
    expiresYear: year,
    expiresMonth: '12',
    cardName: 'TARO ZEUS',
  });
  assert.deepEqual(values(fields), ['', '', '', '', '']);
});

test('a stored card needs the security code at most', async () => {
  const cvv = { value: ' １２３ ' };
  assert.equal((await createToken(settings, { cvv })).kind, 'token');
  assert.equal(cvv.value, '');
  assert.equal((await createToken(settings, {})).kind, 'token');
});

test('what is sent is one XML document, values as payers type them made the gateway’s and escaped', async () => {
  const own = await serveOwn((_, response) => response.end(answer));
  const there = { ...settings, gatewayUrl: own.url };
  const typed = {
    cardNumber: '４１１１ 1111-1111 1111',
    expiresYear: '30',
    expiresMonth: '5',
    cardName: ' A & <B> "C" ',
  };
  await createToken(there, cardFields(typed));
  await createToken(there, { cvv: { value: '1234' } });
  const card = {
    cardNumber: '4111111111111111',
    expiresYear: '2030',
    expiresMonth: '05',
    cvv: '123',
    cardName: 'A & <B> "C"',
  };
  const request = { url: '/cgi-bin/token/token.cgi', type: 'text/xml' };
  assert.deepEqual(own.asked, [
    { ...request, body: encodeNewCard(ipCode, card) },
    { ...request, body: encodeQuick(ipCode, '1234') },
  ]);
  assert.match(own.asked[0]?.body ?? '', /<name>A &amp; &lt;B&gt; &quot;C&quot;<\/name>/);
});

test('what the payer mistyped is told at once, all of it, and nothing is sent', async () => {
  const before = gateway.requests().length;
  const fields = cardFields({ cardNumber: '', expiresMonth: '13', cvv: '12' });
  const result = await createToken(settings, fields);
  const faults = ['02130514', '02130825', '02131017'].map(tokenFault);
  assert.deepEqual(result, { kind: 'failed', reason: 'invalid_input', faults });
  assert.equal(gateway.requests().length, before);
  assert.equal(fields.cardName.value, 'TARO ZEUS');
});

const codes = readFileSync(new URL('../../fixtures/card/token-codes.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
for (const code of codes.filter(each => !/^(8|9)/.test(each))) {
  test(`the gateway's ${code} comes back with a message in both languages, and the fields stay`, async () => {
    gateway.arm({ endpoint: 'token', fault: 'refusal', code });
    const fields = cardFields();
    const result = await createToken(settings, fields);
    assert.deepEqual(result, { kind: 'failed', reason: 'refused', faults: [tokenFault(code)] });
    assert.equal(fields.cardNumber.value, '4111111111111111');
  });
}

test('maintenance, garbage and an HTTP error are told apart', async () => {
  const cases = [
    ['maintenance', 'maintenance', '88888888'],
    ['garbage', 'malformed', '99999999'],
    ['http-500', 'http_error', '99999999'],
    ['lost-answer', 'unreachable', '90100100'],
    ['truncated', 'unreachable', '90100100'],
  ] as const;
  for (const [fault, reason, code] of cases) {
    gateway.arm({ endpoint: 'token', fault });
    assert.deepEqual(await createToken(settings, cardFields()), { kind: 'failed', reason, faults: [tokenFault(code)] });
  }
});

test('an answer that is no XML of the manual is malformed', async () => {
  const bodies = [
    '',
    'maintenance',
    '<response><result>',
    '<response><result><status>odd</status></result></response>',
  ];
  const own = await serveOwn((_, response) => response.end(bodies[own.asked.length - 1]));
  for (const body of bodies) {
    const result = await createToken({ ...settings, gatewayUrl: own.url }, cardFields());
    assert.ok(result.kind === 'failed' && result.reason === 'malformed', body);
  }
});

test('a time-out ends it, also in the middle of an answer', async () => {
  const silent = await serveOwn((_, response) => response.write('<resp'));
  const result = await createToken({ ...settings, gatewayUrl: silent.url, timeoutMs: 50 }, cardFields());
  assert.deepEqual(result, { kind: 'failed', reason: 'timed_out', faults: [tokenFault('90100100')] });
});

test('the page can abort it, before and during', async () => {
  const abort = new AbortController();
  const silent = await serveOwn(() => abort.abort());
  const there = { ...settings, gatewayUrl: silent.url, signal: abort.signal };
  for (const asked of [1, 1]) {
    const result = await createToken(there, cardFields());
    assert.ok(result.kind === 'failed' && result.reason === 'aborted');
    assert.equal(silent.asked.length, asked);
  }
});

test('no redirect is followed with a card', async () => {
  const elsewhere = await serveOwn((_, response) => response.end(answer));
  for (const status of [302, 307, 308]) {
    const own = await serveOwn((_, response) => response.writeHead(status, { location: elsewhere.url }).end());
    const result = await createToken({ ...settings, gatewayUrl: own.url }, cardFields());
    assert.ok(result.kind === 'failed' && result.reason === 'unreachable');
  }
  assert.deepEqual(elsewhere.asked, []);
});

test('a page that could leak cards is told so', async () => {
  const named = { ...cardFields(), cvv: { value: '123', name: 'cvv' } };
  await assert.rejects(createToken(settings, named), /no name/);
  for (const gatewayUrl of ['http://gateway.invalid', 'http://127.0.0.1.invalid'])
    await assert.rejects(createToken({ ...settings, gatewayUrl }, cardFields()), /https/);
});
