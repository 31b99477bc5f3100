import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catcher, chargeFields, newCardXml, post, postXml, quickXml, send, simulate, tokenOf } from './support.ts';
import {
  api,
  authenticate,
  confirmed,
  elementText,
  enrol,
  enrolXml,
  pay,
  risk,
  said,
  stepXml,
  xidOf,
} from './three-d-support.ts';

test('a payment without a challenge: three answers, one charge with its code, one callback', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  const enrolled = await enrol(simulator);
  const xid = elementText(enrolled.text, 'xid') ?? '';
  const page = encodeURIComponent(`${simulator.url}/3ds/device?xid=${encodeURIComponent(xid)}`);
  assert.equal(
    enrolled.text,
    `<?xml version="1.0" encoding="utf-8"?>
<response service="secure_link_3d" action="enroll">
<result>
<status>success</status>
<code>000</code>
</result>
<xid>${xid}</xid>
<threeDS2flag>1</threeDS2flag>
<iframeUrl>${page}</iframeUrl>
</response>
`,
  );
  assert.match(xid, /^[A-Za-z0-9+/]{86}$/);
  assert.ok(xid.includes('+') && xid.includes('/'));
  assert.equal(
    (await risk(simulator, xid)).text,
    `<?xml version="1.0" encoding="utf-8"?>
<response service="secure_link_3d" action="securePa">
<result>
<status>success</status>
</result>
<xid>${xid}</xid>
<transStatus>Y</transStatus>
</response>
`,
  );
  assert.equal(
    (await authenticate(simulator, xid)).text,
    `<?xml version="1.0" encoding="utf-8"?>
<response service="secure_link_3d" action="authentication">
<result>
<status>success</status>
<code>001</code>
</result>
</response>
`,
  );
  const paid = await pay(simulator, xid);
  const [order] = simulator.orders();
  const serial = order?.orderNumber.replace(/\D/g, '') ?? '';
  assert.equal(
    paid.text,
    `<?xml version="1.0" encoding="utf-8"?>
<response service="secure_link_3d" action="payment">
<result>
<status>success</status>
<code>000</code>
</result>
<order_number>${order?.orderNumber}</order_number>
<card>
<number>
<prefix>41</prefix>
<suffix>1111</suffix>
</number>
<expires>
<year>2040</year>
<month>01</month>
</expires>
</card>
<am_data>
<syonin>${serial.slice(-6)}</syonin>
<denpyo>${serial.slice(-5)}</denpyo>
<merchantno>123456789012345</merchantno>
</am_data>
<addition_value>
<div>01</div>
<ctype>V</ctype>
<cardsend>2a99661</cardsend>
<sendid></sendid>
<sendpoint>order-1</sendpoint>
</addition_value>
</response>
`,
  );
  await simulator.idle();
  const ledger = simulator.ledger().map(({ at: _at, ...entry }) => entry);
  assert.deepEqual(ledger, [
    {
      seq: 1,
      kind: 'charge',
      service: 'card',
      orderNumber: order?.orderNumber,
      sendpoint: 'order-1',
      sendid: '',
      amount: 8000,
      test: false,
      afterCancel: false,
      authentication: '001',
    },
  ]);
  assert.equal(shop.calls.length, 1);
  assert.match(
    shop.calls[0]?.url ?? '',
    /result=OK&clientip=2019000001&ordd=.*&money=8000&.*&cardnumber=1111&cardbrand=V/,
  );
  assert.deepEqual(
    simulator.sessions()[0]?.steps.map(({ step, result }) => `${step}: ${result}`),
    ['enroll: success 000', 'risk: success Y', 'authentication: success 001', 'payment: success 000'],
  );
  assert.deepEqual(
    simulator.requests().map(({ endpoint, violations }) => [endpoint, violations]),
    ['token', 'enroll', 'risk', 'authenticate', 'pay'].map(endpoint => [endpoint, []]),
  );
});

const cards: [number: string, what: string, steps: string[]][] = [
  ['4111111111111111', 'authenticated', ['success 000', 'success Y', 'success 001', 'success 000']],
  ['4000000000320400', 'without CAVV', ['success 000', 'success Y', 'success 002', 'success 000']],
  ['4000000000320301', 'an attempt', ['success 000', 'success A', 'success 003', 'success 000']],
  ['4000000000320509', 'an attempt without CAVV', ['success 000', 'success A', 'success 004', 'success 000']],
  [
    '4000000000320103',
    'a challenge not yet passed',
    ['success 000', 'success C', 'invalid 02100112', 'invalid 02110112'],
  ],
  [
    '4000000000320608',
    'a challenge without its address',
    ['success 000', 'success C', 'invalid 02100112', 'invalid 02110112'],
  ],
  ['4000000000320202', 'refused', ['success 000', 'failure N', 'failure 02100431', 'invalid 02110112']],
  [
    '4000000000320806',
    'the browser is told another thing',
    ['success 000', 'success Y', 'failure 02100431', 'invalid 02110112'],
  ],
  [
    '4000000000321101',
    'maintenance at the risk step',
    ['success 000', 'maintenance -', 'invalid 02100112', 'invalid 02110112'],
  ],
  ['4000000000321002', 'declined', ['success 000', 'success Y', 'success 001', 'failure errd001005']],
  ['0000000000000000', 'the failing card', ['success 000', 'success Y', 'success 001', 'failure errb000000']],
];

for (const [number, what, steps] of cards) {
  test(`card ${number}: ${what}`, async t => {
    const simulator = await simulate(t);
    const enrolled = await enrol(simulator, number);
    const xid = elementText(enrolled.text, 'xid') ?? '';
    const told = await risk(simulator, xid);
    const letter = elementText(told.text, 'transStatus');
    const done = [said(enrolled), `${elementText(told.text, 'status')} ${letter ?? '-'}`];
    const isYes = letter === 'Y' || letter === 'A';
    done.push(said(await authenticate(simulator, xid, isYes ? letter : 'Y')), said(await pay(simulator, xid)));
    assert.deepEqual(done, steps);
    assert.equal(simulator.ledger().length, steps[3] === 'success 000' ? 1 : 0);
    assert.deepEqual(
      simulator.ledger().map(entry => entry.authentication),
      steps[3] === 'success 000' ? [steps[2]?.split(' ')[1]] : [],
    );
  });
}

test('a brand outside: no page, no AuthReq, and PayReq at once', async t => {
  const simulator = await simulate(t);
  const enrolled = await enrol(simulator, '9000000000000001');
  assert.equal(said(enrolled), 'outside 008');
  assert.equal(elementText(enrolled.text, 'iframeUrl'), null);
  const xid = elementText(enrolled.text, 'xid') ?? '';
  assert.equal(elementText((await risk(simulator, xid)).text, 'status'), 'invalid');
  assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100112');
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  assert.deepEqual(
    simulator.ledger().map(({ kind, authentication }) => [kind, authentication]),
    [['charge', null]],
  );
});

test('a card of which the directory knows nothing has no session', async t => {
  const simulator = await simulate(t);
  const enrolled = await enrol(simulator, '4000000000320707');
  assert.equal(said(enrolled), 'failure 02090431');
  assert.equal(elementText(enrolled.text, 'xid'), null);
  assert.deepEqual(simulator.sessions(), []);
});

test('one session pays once; a second payment is refused and counted', async t => {
  const simulator = await simulate(t);
  const xid = await confirmed(simulator);
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  assert.equal(said(await pay(simulator, xid)), 'invalid 02110110');
  assert.deepEqual(
    simulator.ledger().map(({ kind, amount }) => [kind, amount]),
    [
      ['charge', 8000],
      ['repeated_payment', 0],
    ],
  );
  assert.deepEqual(simulator.requests().at(-1)?.violations, ['a second payment of one session']);
});

test('AuthReq answers the same again, also after the payment, and never by what the browser says', async t => {
  const simulator = await simulate(t);
  const xid = await xidOf(simulator);
  assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100112');
  await risk(simulator, xid);
  assert.equal(said(await authenticate(simulator, xid, 'N')), 'invalid 02100112');
  assert.equal(said(await pay(simulator, xid)), 'invalid 02110112');
  assert.equal(said(await authenticate(simulator, xid)), 'success 001');
  assert.equal(said(await authenticate(simulator, xid)), 'success 001');
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  assert.equal(said(await authenticate(simulator, xid)), 'success 001');
});

test('the risk step is repeated as it was; after a late device page it has moved on', async t => {
  const simulator = await simulate(t);
  const told = async (xid: string) => {
    const { text } = await risk(simulator, xid);
    return `${elementText(text, 'status')} ${elementText(text, 'transStatus') ?? '-'}`;
  };
  const [same, late] = [await xidOf(simulator), await xidOf(simulator, '4000000000320905')];
  assert.deepEqual([await told(same), await told(same)], ['success Y', 'success Y']);
  assert.deepEqual([await told(late), await told(late)], ['success Y', 'invalid -']);
  assert.equal(said(await authenticate(simulator, late)), 'success 001');
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

test('a session lives an hour', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-12-01T00:00:00Z');
  const xid = await confirmed(simulator);
  simulator.setClock('2026-12-01T01:00:10Z');
  assert.equal(elementText((await risk(simulator, xid)).text, 'status'), 'invalid');
  assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100110');
  assert.equal(said(await pay(simulator, xid)), 'invalid 02110110');
  assert.deepEqual(simulator.ledger(), []);
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

const headers: [code: string, what: string, body: string][] = [
  ['02030108', 'more than 2,048 bytes', enrolXml().padEnd(2049, ' ')],
  ['02080113', 'no action', '<request service="secure_link_3d"></request>'],
  ['02080114', 'an empty action', '<request service="secure_link_3d" action=""></request>'],
  ['02080115', 'another action', '<request service="secure_link_3d" action="refund"></request>'],
  ['02100114', 'AuthReq without xid', stepXml('authentication', { PaRes: 'Y' })],
  ['02100117', 'an xid with a space', stepXml('authentication', { xid: 'a b', PaRes: 'Y' })],
  ['02100110', 'an xid of no session', stepXml('authentication', { xid: 'a', PaRes: 'Y' })],
  ['02110114', 'PayReq without xid', stepXml('payment', {})],
  ['02110117', 'PayReq with an xid of 129 characters', stepXml('payment', { xid: 'a'.repeat(129) })],
  ['02110110', 'PayReq of no session', stepXml('payment', { xid: 'a' })],
];

for (const [code, what, body] of headers) {
  test(`${code}: ${what}`, async t => {
    const simulator = await simulate(t);
    assert.equal(said(await api(simulator, body)), `invalid ${code}`);
  });
}

test('AuthReq without PaRes, PayReq with another word for a flag', async t => {
  const simulator = await simulate(t);
  const xid = await xidOf(simulator);
  assert.equal(said(await api(simulator, stepXml('authentication', { xid }))), 'invalid 02100214');
  assert.equal(said(await api(simulator, stepXml('payment', { xid, print_am: 'no' }))), 'invalid 02110317');
});

test('unknown elements, and elements for attributes, are taken and reported', async t => {
  const simulator = await simulate(t);
  const xid = await confirmed(simulator);
  const body = `<request><service>secure_link_3d</service><action>payment</action><xid>${xid}</xid><authentication><key>k</key></authentication></request>`;
  const answer = await api(simulator, body);
  assert.equal(said(answer), 'success 000');
  assert.equal(elementText(answer.text, 'syonin'), null);
  const { violations, parameters } = simulator.requests().at(-1) ?? {};
  assert.deepEqual(violations, [
    'element service for an attribute',
    'element action for an attribute',
    'unknown element authentication.key',
  ]);
  assert.deepEqual(parameters?.at(-1), { name: 'authentication.key', value: '***' });
});

test('risk data is taken without a breach', async t => {
  const simulator = await simulate(t);
  const more =
    '<cardHolderInfo><cardholderName>TARO &amp; CO</cardholderName><email>a@example.com</email></cardHolderInfo>';
  assert.equal(said(await enrol(simulator, undefined, { more })), 'success 000');
  assert.deepEqual(simulator.requests().at(-1)?.violations, []);
});

test('faults of each step: an effect without its answer, a refusal, maintenance', async t => {
  const simulator = await simulate(t);
  const token = await tokenOf(simulator);
  simulator.arm({ endpoint: 'enroll', fault: 'maintenance' });
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'maintenance 02000012');
  simulator.arm({ endpoint: 'enroll', fault: 'lost-answer' });
  await assert.rejects(api(simulator, enrolXml({ token })));
  assert.equal(said(await api(simulator, enrolXml({ token }))), 'invalid 02131914');

  const xid = await xidOf(simulator);
  simulator.arm({ endpoint: 'risk', fault: 'maintenance' });
  assert.equal(elementText((await risk(simulator, xid)).text, 'status'), 'maintenance');
  simulator.arm({ endpoint: 'risk', fault: 'garbage' });
  assert.doesNotMatch((await risk(simulator, xid)).text, /response/);
  simulator.arm({ endpoint: 'authenticate', fault: 'refusal', code: '02100110' });
  assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100110');
  simulator.arm({ endpoint: 'authenticate', fault: 'truncated' });
  await assert.rejects(authenticate(simulator, xid));
  simulator.arm({ endpoint: 'pay', fault: 'closed-before' });
  await assert.rejects(pay(simulator, xid));
  simulator.arm({ endpoint: 'pay', fault: 'maintenance' });
  assert.equal(said(await pay(simulator, xid)), 'maintenance 02000012');
  assert.deepEqual(simulator.ledger(), []);
  simulator.arm({ endpoint: 'pay', fault: 'lost-answer' });
  await assert.rejects(pay(simulator, xid));
  assert.deepEqual(
    simulator.ledger().map(({ kind }) => kind),
    ['charge'],
  );
  assert.throws(() => simulator.arm({ endpoint: 'pay', fault: 'invalid-parameter' }), /arm a refusal/);
});

test('a refusal by any code at PayReq: of the card with a failed order, of the request without', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, { callbacks: { card: shop.url } });
  simulator.arm({ endpoint: 'pay', fault: 'refusal', code: '02110110' });
  const xid = await confirmed(simulator);
  assert.equal(said(await pay(simulator, xid)), 'invalid 02110110');
  assert.deepEqual(simulator.orders(), []);
  simulator.arm({ endpoint: 'pay', fault: 'refusal', code: 'errd002006' });
  assert.equal(said(await pay(simulator, xid)), 'failure errd002006');
  await simulator.idle();
  assert.equal(simulator.orders()[0]?.status, 'failed');
  assert.match(shop.calls[0]?.url ?? '', /result=NG/);
});

test('faults asked for by e-mail hit the payment', async t => {
  const simulator = await simulate(t);
  const xid = await confirmed(simulator, undefined, { email: 'lost-answer@fault.invalid' });
  await assert.rejects(pay(simulator, xid));
  assert.equal(simulator.ledger().length, 1);
});

test('an armed outside at the risk step leaves a session that may be confirmed', async t => {
  const simulator = await simulate(t);
  const xid = await xidOf(simulator);
  simulator.arm({ endpoint: 'risk', fault: 'refusal', code: 'outside' });
  const { text } = await risk(simulator, xid);
  assert.deepEqual([elementText(text, 'status'), elementText(text, 'transStatus')], ['outside', null]);
  assert.equal(said(await authenticate(simulator, xid, 'N')), 'invalid 02100112');
  assert.equal(said(await authenticate(simulator, xid)), 'success 001');
});

test('settings: no callback after PayReq, the other root element, the whole gateway in maintenance', async t => {
  const shop = await catcher(t);
  const simulator = await simulate(t, {
    callbacks: { card: shop.url },
    settings: { callbackAfterPay: false, authenticationRoot: 'request' },
  });
  const xid = await xidOf(simulator);
  await risk(simulator, xid);
  assert.match(
    (await authenticate(simulator, xid)).text,
    /^<\?xml[^\n]*\n<request service="secure_link_3d" action="authentication">\n/,
  );
  assert.equal(said(await pay(simulator, xid)), 'success 000');
  await simulator.idle();
  assert.deepEqual(shop.calls, []);
  simulator.settings({ maintenance: true });
  assert.equal(said(await pay(simulator, xid)), 'maintenance 02000012');
});

test('a page of another origin may ask for the risk step', async t => {
  const simulator = await simulate(t);
  const url = `${simulator.url}/cgi-bin/token/token.cgi`;
  const preflight = await send(url, { method: 'OPTIONS', headers: { origin: 'http://shop.example' } });
  assert.deepEqual([preflight.status, preflight.headers['access-control-allow-headers']], [204, 'Content-Type']);
  const { headers } = await risk(simulator, await xidOf(simulator));
  assert.equal(headers['access-control-allow-origin'], '*');
});

test('the device page: at once, or later than the browser script waits', async t => {
  const simulator = await simulate(t);
  const delays: string[] = [];
  for (const number of ['4111111111111111', '4000000000320905']) {
    const page = decodeURIComponent(elementText((await enrol(simulator, number)).text, 'iframeUrl') ?? '');
    const { text } = await send(page, { method: 'GET' });
    delays.push(
      /data-delay="(\d+)" data-message="{&quot;event&quot;:&quot;3DSMethodFinished&quot;}"/.exec(text)?.[1] ?? '',
    );
  }
  assert.deepEqual(delays, ['0', '21000']);
  assert.equal((await send(`${simulator.url}/3ds/device?xid=a`, { method: 'GET' })).status, 404);
});

for (const [action, letter, result] of [
  ['pass', 'Y', 'success 001'],
  ['fail', 'N', 'failure 02100431'],
] as const) {
  test(`the challenge page, ${action}: decided once`, async t => {
    const simulator = await simulate(t);
    const xid = await xidOf(simulator, '4000000000320103');
    const page = decodeURIComponent(elementText((await risk(simulator, xid)).text, 'challengeUrl') ?? '');
    const press = (button: string) => post(`${simulator.url}/3ds/challenge`, { xid, do: button });
    assert.match((await send(page, { method: 'GET' })).text, /name="do" value="pass"/);
    assert.doesNotMatch((await press('leave')).text, /data-message/);
    assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100112');
    const told = new RegExp(`AuthResultReady&quot;,&quot;transStatus&quot;:&quot;${letter}&quot;`);
    assert.match((await press(action)).text, told);
    assert.match((await press('fail')).text, told);
    assert.match((await press('pass')).text, told);
    assert.equal(said(await authenticate(simulator, xid)), result);
  });
}

test('forgetting everything forgets sessions', async t => {
  const simulator = await simulate(t);
  await enrol(simulator);
  simulator.reset();
  assert.deepEqual(simulator.sessions(), []);
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
