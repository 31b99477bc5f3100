import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargeFields, newCardXml, post, postXml, quickXml, simulate, tokenOf } from './support.ts';
import { api, confirmed, elementText, enrol, enrolXml, pay, said } from './three-d-support.ts';

test('a card of which the directory knows nothing has no session', async t => {
  const simulator = await simulate(t);
  const enrolled = await enrol(simulator, '4000000000320707');
  assert.equal(said(enrolled), 'failure 02090431');
  assert.equal(elementText(enrolled.text, 'xid'), null);
  assert.deepEqual(simulator.sessions(), []);
});

test('amount 0 registers the card under its card ID; history finds it by card ID alone or with the phone', async t => {
  const simulator = await simulate(t);
  const xid = await confirmed(simulator, undefined, { amount: '0', sendid: 'CARD1' });
  assert.deepEqual(simulator.cards(), []);
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  assert.deepEqual(
    simulator.ledger().map(({ kind, amount, authentication }) => [kind, amount, authentication]),
    [['registration', 0, '001']],
  );
  const byId = '<history action="send_email"><key>sendid</key></history>';
  const byPhone = '<history action="send_email"><key>telno</key><key>sendid</key></history>';
  const elements = '<history><action>send_email</action><key>sendid</key></history>';
  const search = async (card: string, telno: string) =>
    said(await api(simulator, enrolXml({ card, telno, sendid: 'CARD1' })));
  assert.equal(await search(byId, '0399999999'), 'success 000');
  assert.equal(await search(byPhone, '0312345678'), 'success 000');
  assert.equal(await search(byPhone, '0399999999'), 'invalid 02131810');
  assert.equal(await search(elements, '0399999999'), 'success 000');
  assert.deepEqual(simulator.requests().at(-1)?.violations, ['element card.history.action for an attribute']);
  assert.deepEqual(
    simulator
      .requests()
      .at(-3)
      ?.parameters.filter(({ name }) => name.startsWith('card') || name.startsWith('user')),
    [
      { name: 'card.history.action', value: 'send_email' },
      { name: 'card.history.key', value: 'telno' },
      { name: 'card.history.key', value: 'sendid' },
      { name: 'user.telno.validation', value: 'permissive' },
      { name: 'user.telno', value: '0312345678' },
      { name: 'user.email.language', value: 'japanese' },
      { name: 'user.email', value: 'payer@example.com' },
    ],
  );
  simulator.settings({ cvvRequired: true });
  assert.equal(await search(byId, '0399999999'), 'invalid 02131014');
  const token = await tokenOf(simulator, quickXml());
  const withCode = await api(simulator, enrolXml({ card: byId, token, sendid: 'CARD1' }));
  assert.equal(said(withCode), 'success 000');
});

test('a token is used up by EnrolReq, unless a parameter was refused; it lives an hour', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-12-01T00:00:00Z');
  const [token, old] = [await tokenOf(simulator), await tokenOf(simulator)];
  assert.equal(said(await api(simulator, enrolXml({ token, amount: '1,000' }))), 'invalid 02131217');
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'success 000');
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'invalid 02131914');
  assert.equal((await post(`${simulator.url}/cgi-bin/secure.cgi`, chargeFields(token))).text, 'Invalid token_key\n');
  simulator.setClock('2026-12-01T01:00:10Z');
  assert.equal(said(await api(simulator, enrolXml({ token: old }))), 'invalid 02131914');
});

const refusals: [code: string, what: string, enrolment: Parameters<typeof enrolXml>[0]][] = [
  ['02130114', 'no IP code', { authentication: '' }],
  [
    '02130110',
    'IP code of no merchant',
    { authentication: '<authentication><clientip>2019999999</clientip></authentication>' },
  ],
  ['02130214', 'no key', { authentication: '<authentication><clientip>2019000001</clientip></authentication>' }],
  [
    '02130210',
    'wrong key',
    { authentication: '<authentication><clientip>2019000001</clientip><key>1</key></authentication>' },
  ],
  ['02130514', 'neither token nor stored card', {}],
  ['02130337', 'search by another action', { card: '<history action="x"><key>sendid</key></history>' }],
  ['02130414', 'search by nothing', { card: '<history action="send_email"><key></key></history>' }],
  ['02130437', 'search by the phone alone', { card: '<history action="send_email"><key>telno</key></history>' }],
  ['02131614', 'search without a card ID', { card: '<history action="send_email"><key>sendid</key></history>' }],
  [
    '02131810',
    'no such stored card',
    { card: '<history action="send_email"><key>sendid</key></history>', sendid: 'X' },
  ],
  ['02131214', 'no amount', { amount: '' }],
  ['02131223', 'a negative amount', { amount: '-1' }],
  ['02131224', 'ten million', { amount: '10000000' }],
  ['02131314', 'no number of payments', { count: '' }],
  ['02131317', 'one digit', { count: '1' }],
  ['02131325', 'a number not offered', { count: '04' }],
  ['02131414', 'no phone', { telno: '' }],
  ['02131417', 'a phone that is none in Japan', { telno: '442071234567', validation: 'strict' }],
  ['02131437', 'another validation', { validation: 'none' }],
  ['02131527', 'e-mail of 51 bytes', { email: `${'a'.repeat(39)}@example.com` }],
  ['02131528', 'e-mail without @', { email: 'payer' }],
  ['02131529', 'e-mail with another sign', { email: 'a(b)@example.com' }],
  ['02131537', 'another language', { language: 'ja' }],
  ['02131617', 'card ID of 26 bytes', { sendid: 'A'.repeat(26) }],
  ['02131717', 'sendpoint of 51 bytes', { sendpoint: 'A'.repeat(51) }],
  ['02090230', 'the flag of EMV 3-D Secure is missing', { flag: '' }],
  ['02131914', 'a token of no one', { token: 'A'.repeat(86) }],
];

for (const [code, what, given] of refusals) {
  test(`EnrolReq, ${code}: ${what}`, async t => {
    const simulator = await simulate(t);
    assert.equal(said(await api(simulator, enrolXml(given))), `invalid ${code}`);
    assert.deepEqual(simulator.sessions(), []);
  });
}

test('two payments and one with the bonus are for this service; each brand has its limits', async t => {
  const simulator = await simulate(t);
  const asked = async (number: string, count: string) => said(await enrol(simulator, number, { count }));
  assert.equal(await asked('4111111111111111', '02'), 'success 000');
  assert.equal(await asked('4111111111111111', 'B1'), 'success 000');
  assert.equal(await asked('378282246310005', '02'), 'invalid 02131310');
  assert.equal(await asked('30569309025904', '03'), 'invalid 02131310');
  simulator.settings({ installments: false });
  assert.equal(await asked('4111111111111111', '02'), 'invalid 02131326');
});

test('risk data is taken without a breach', async t => {
  const simulator = await simulate(t);
  const more =
    '<cardHolderInfo><cardholderName>TARO &amp; CO</cardholderName><email>a@example.com</email></cardHolderInfo>';
  assert.equal(said(await enrol(simulator, undefined, { more })), 'success 000');
  assert.deepEqual(simulator.requests().at(-1)?.violations, []);
});

test('no card number of an enrolment is kept, and no token', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(
    simulator,
    newCardXml({ cvv: '7391', number: '4242424242424242' }).replace('7391', '739'),
  );
  await api(simulator, enrolXml({ token, card: '<number>4242424242424242</number><cvv>739</cvv>' }));
  const kept = JSON.stringify([simulator.requests().map(({ parameters }) => parameters), simulator.sessions()]);
  assert.doesNotMatch(kept, /424242424242/);
  assert.ok(!kept.includes(token));
  await postXml(`${simulator.url}/cgi-bin/secure/api.cgi`, enrolXml({ token }));
});
