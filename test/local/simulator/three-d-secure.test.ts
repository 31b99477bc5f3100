import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catcher, simulate } from './support.ts';
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
  const page = encodeURIComponent(`${simulator.url}/3ds/device?session=${simulator.sessions()[0]?.pageId}`);
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
