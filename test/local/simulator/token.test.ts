import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEST_CARDS } from '../../../local/simulator/test-cards.ts';
import { FAILING, newCardXml, postXml, quickXml, send, simulate } from './support.ts';

const path = '/cgi-bin/token/token.cgi';

test('a new card gets a token of 86 characters and masked values', async t => {
  const { url } = await simulate(t);
  const { headers, text } = await postXml(url + path, newCardXml());
  assert.equal(headers['content-type'], 'application/xml; charset=utf-8');
  assert.match(
    text.replace(/<token_key>[A-Za-z0-9+/]{86}<\/token_key>/, '(token)'),
    /^<\?xml version="1.0" encoding="utf-8"\?>\n<response service="token" action="newcard">\n<result>\n<status>success<\/status>\n\(token\)\n<masked_cvv>\*\*\*<\/masked_cvv>\n<masked_card_number>4111\*{8}1111<\/masked_card_number>\n<card_expires_month>01<\/card_expires_month>\n<card_expires_year>2040<\/card_expires_year>\n<card_name>TARO ZEUS<\/card_name>\n<\/result>\n<\/response>\n$/,
  );
});

test('a quick token has no card; without security code it has no mask either', async t => {
  const { url } = await simulate(t);
  const withCvv = await postXml(url + path, quickXml('1234'));
  assert.match(
    withCvv.text,
    /action="quick">\n<result>\n<status>success<\/status>\n<token_key>.{86}<\/token_key>\n<masked_cvv>\*{4}<\/masked_cvv>\n<\/result>/,
  );
  const without = await postXml(url + path, quickXml(''));
  assert.doesNotMatch(without.text, /masked/);
  assert.match(without.text, /<status>success</);
});

test('every test card gets a token, the failing one too', async t => {
  const { url } = await simulate(t);
  for (const number of [...Object.keys(TEST_CARDS), FAILING]) {
    const { text } = await postXml(url + path, newCardXml({ number }));
    assert.match(text, /<status>success</, number);
  }
});

test('a page of another origin may post XML and read the answer', async t => {
  const { url } = await simulate(t);
  const preflight = await send(url + path, { method: 'OPTIONS', headers: { origin: 'http://shop.example' } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], '*');
  assert.equal(preflight.headers['access-control-allow-methods'], 'POST');
  assert.equal(preflight.headers['access-control-allow-headers'], 'Content-Type');
  const answer = await postXml(url + path, newCardXml(), { origin: 'http://shop.example' });
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  const refused = await postXml(url + path, 'x');
  assert.equal(refused.headers['access-control-allow-origin'], '*');
});

const card = newCardXml;
const ipcode = (clientip: string) => card({ clientip });
const refusals: [code: string, what: string, body: string, headers?: Record<string, string>][] = [
  ['02030106', 'content type', card(), { 'content-type': 'application/json' }],
  ['02030107', 'no content length', '', {}],
  ['02030107', 'chunked, so no content length', card(), { 'transfer-encoding': 'chunked' }],
  ['02030108', '1025 bytes', card().padEnd(1025, ' ')],
  ['02030207', 'white space only', '   \n'],
  ['02030209', 'not well-formed', card().replace('</card>', '')],
  ['02030209', 'no XML', 'clientip=2019000001'],
  ['02030209', 'another root', card().replaceAll('request', 'reqest')],
  ['02080114', 'no action', card().replace(' action="newcard"', '')],
  ['02080115', 'another action', card().replace('newcard', 'oldcard')],
  ['02080115', 'another service', card().replace('"token"', '"secure_link"')],
  ['02130114', 'no IP code', ipcode('')],
  ['02130117', 'IP code of 9 digits', ipcode('201900000')],
  ['02130117', 'IP code with a letter', ipcode('201900000A')],
  ['02130110', 'IP code of nobody', ipcode('2019999999')],
  ['02130118', 'IP code of another service', ipcode('2019000002')],
  ['02130514', 'no number', card({ number: '' })],
  ['02130517', 'number with a letter', card({ number: '411111111111111a' })],
  ['02130517', 'number of 17 digits', card({ number: '41111111111111111' })],
  ['02130619', 'number of 12 digits', card({ number: '411111111111' })],
  ['02130620', 'wrong check digit', card({ number: '4111111111111112' })],
  ['02130621', 'no known brand', card({ number: '6011111111111117' })],
  ['02130640', '13 digits of a brand with 16', card({ number: '4222222222222' })],
  ['02130714', 'no year', card({ year: '' })],
  ['02130717', 'year of two digits', card({ year: '40' })],
  ['02130725', 'year too far', card({ year: '2999' })],
  ['02130814', 'no month', card({ month: '' })],
  ['02130817', 'month of one digit', card({ month: '1' })],
  ['02130825', 'month 13', card({ month: '13' })],
  ['02130922', 'last month', card({ year: '2026', month: '11' })],
  ['02131014', 'empty security code', card({ cvv: '' })],
  ['02131017', 'security code of two digits', card({ cvv: '12' })],
  [
    '02131017',
    'security code of four digits for a brand with three',
    card({ number: '4242424242424242', cvv: '1234' }),
  ],
  ['02131117', 'name in kana', card({ name: 'ゼウス' })],
  ['02131123', 'name of 51 bytes', card({ name: 'A'.repeat(51) })],
  ['02131124', 'name of signs only', card({ name: '--' })],
];

for (const [code, what, body, headers] of refusals) {
  test(`${code}: ${what}`, async t => {
    const simulator = await simulate(t);
    simulator.setClock('2026-12-01T00:00:00+09:00');
    const { status, text } = await postXml(simulator.url + path, body, headers);
    assert.equal(status, 200);
    assert.match(text, new RegExp(`<status>invalid</status>\n<code>${code}</code>`));
  });
}

test('02030105: not a POST', async t => {
  const { url } = await simulate(t);
  const { text } = await send(url + path, { method: 'GET' });
  assert.match(text, /<code>02030105</);
});

test('the card of this month and 1024 bytes are still good; the day is the one in Japan', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-11-30T23:59:00+09:00');
  const xml = card({ year: '2026', month: '11' });
  assert.match((await postXml(simulator.url + path, xml.padEnd(1024, ' '))).text, /success/);
  simulator.setClock('2026-11-30T15:00:00Z');
  assert.match((await postXml(simulator.url + path, xml)).text, /<code>02130922</);
});

test('a quick token needs the security code where that is agreed', async t => {
  const { url } = await simulate(t, { settings: { cvvRequired: true } });
  assert.match((await postXml(url + path, quickXml(''))).text, /<code>02131014</);
  assert.match((await postXml(url + path, quickXml('12'))).text, /<code>02131017</);
  assert.match((await postXml(url + path, quickXml('123'))).text, /success/);
});

test('maintenance, and any code that is armed', async t => {
  const simulator = await simulate(t);
  simulator.arm({ endpoint: 'token', fault: 'refusal', code: '02030208' });
  assert.match((await postXml(simulator.url + path, card())).text, /<code>02030208</);
  simulator.arm({ endpoint: 'token', fault: 'maintenance' });
  assert.match(
    (await postXml(simulator.url + path, card())).text,
    /<result>\n<status>maintenance<\/status>\n<\/result>/,
  );
});

test('card number and security code are kept nowhere', async t => {
  const lines: string[] = [];
  const simulator = await simulate(t, { log: line => lines.push(line) });
  const bodies = [
    card({ cvv: '7391' }),
    card({ cvv: '7391', number: '4111111111111112' }),
    `${card({ cvv: '7391' })}<`,
  ];
  const keys: string[] = [];
  for (const body of bodies) {
    const { text } = await postXml(simulator.url + path, body);
    keys.push(/<token_key>(.+?)</.exec(text)?.[1] ?? '');
  }
  const raw = simulator.requests().map(request => Buffer.from(request.raw, 'base64').toString('latin1'));
  const kept = JSON.stringify([simulator.requests(), simulator.orders(), simulator.cards(), raw, lines]);
  const page = (await send(`${simulator.url}/`, { method: 'GET' })).text;
  for (const text of [kept, page]) {
    assert.doesNotMatch(text, /411111/);
    assert.doesNotMatch(text, /7391/);
    assert.ok(!text.includes(keys[0] || 'no key'));
  }
  assert.equal(keys[0]?.length, 86);
  assert.match(raw[0] ?? '', /<number>\*{16}<\/number>/);
});
