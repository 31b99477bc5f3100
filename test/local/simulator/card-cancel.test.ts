import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { type Answer, charge, FAILING, postXml, send, simulate } from './support.ts';

const path = '/cgi-bin/secure/api.cgi';
const KEY = '0123456789abcdef0123456789abcdef01234567';

type CancelXml = { clientip?: string; key?: string; number?: string };

function cancelXml({ clientip = '2019000001', key = KEY, number = '1' }: CancelXml = {}): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<request service="secure_link" action="payment_return"><authentication><clientip>${clientip}</clientip><key>${key}</key></authentication>
<return><order_number>${number}</order_number></return></request>`;
}

async function charged(simulator: Simulator, changes: Record<string, string> = {}, card?: string): Promise<string> {
  return (await charge(simulator, changes, card)).text.split('\n')[1] ?? '';
}

function cancel(simulator: Simulator, number: string): Promise<Answer> {
  return postXml(simulator.url + path, cancelXml({ number }));
}

function verdict(answer: Answer): string {
  return /<status>(\w+)<\/status>\n<code>(\w+)<\/code>/.exec(answer.text)?.slice(1).join(' ') ?? answer.text;
}

test('a charge is cancelled once', async t => {
  const simulator = await simulate(t, { settings: { cancelWaitMs: 0 } });
  const number = await charged(simulator);
  const { headers, text } = await cancel(simulator, number);
  assert.equal(headers['content-type'], 'application/xml; charset=utf-8');
  assert.equal(
    text,
    '<?xml version="1.0" encoding="utf-8"?>\n<response service="secure_link" action="payment_return">\n<result>\n' +
      '<status>success</status>\n<code>000</code>\n</result>\n</response>\n',
  );
  assert.equal(verdict(await cancel(simulator, number)), 'invalid 02180118');
  assert.deepEqual(
    simulator.ledger().map(entry => [entry.kind, entry.orderNumber, entry.sendpoint, entry.amount]),
    [
      ['charge', number, 'order-1', 8000],
      ['cancel', number, 'order-1', 8000],
    ],
  );
  assert.equal(simulator.orders()[0]?.status, 'cancelled');
  assert.deepEqual(simulator.requests().at(-1)?.parameters.at(-1), { name: 'return.order_number', value: number });
  assert.ok(
    simulator
      .requests()
      .at(-1)
      ?.parameters.some(({ name, value }) => name === 'authentication.key' && value === '***'),
  );
});

test('a cancel within 5 s of the charge fails and changes nothing', async t => {
  const simulator = await simulate(t);
  simulator.setClock('2026-12-01T00:00:00Z');
  const number = await charged(simulator);
  simulator.setClock('2026-12-01T00:00:04Z');
  assert.equal(verdict(await cancel(simulator, number)), 'failure 02189999');
  assert.equal(simulator.ledger().length, 1);
  simulator.setClock('2026-12-01T00:00:06Z');
  assert.equal(verdict(await cancel(simulator, number)), 'success 000');
});

test('only a charge that took money can be cancelled', async t => {
  const simulator = await simulate(t, { settings: { cancelWaitMs: 0 } });
  const failed = await charged(simulator, {}, FAILING);
  const registered = await charged(simulator, { money: '0', sendid: 'CARD1' });
  for (const number of [failed, registered]) assert.equal(verdict(await cancel(simulator, number)), 'failure 02189999');
  assert.equal(verdict(await cancel(simulator, '11.1.1.1-000-000-000')), 'invalid 02180114');
});

const xml = cancelXml;
const refusals: [code: string, what: string, body: string, headers?: Record<string, string>][] = [
  ['02030106', 'content type', xml(), { 'content-type': 'text/plain' }],
  ['02030107', 'no content length', ''],
  ['02030107', 'chunked, so no content length', xml(), { 'transfer-encoding': 'chunked' }],
  ['02030108', '8193 bytes', xml().padEnd(8193, ' ')],
  ['02030207', 'white space only', '  '],
  ['02030209', 'not well-formed', xml().replace('</return>', '')],
  ['02080114', 'no action', xml().replace('payment_return', '')],
  ['02080115', 'another action', xml().replace('payment_return', 'payment')],
  ['02130114', 'no IP code', xml({ clientip: '' })],
  ['02130117', 'IP code of 11 digits', xml({ clientip: '20190000011' })],
  ['02130117', 'IP code with a letter', xml({ clientip: '201900000A' })],
  ['02130110', 'IP code of nobody', xml({ clientip: '2019999999' })],
  ['02130118', 'IP code of another service', xml({ clientip: '2019000003' })],
  ['02130214', 'no key', xml({ key: '' })],
  ['02130217', 'key of 41 characters', xml({ key: `${KEY}0` })],
  ['02130210', 'another key', xml({ key: KEY.replaceAll('0', '1') })],
  ['02180114', 'no order number', xml({ number: '' })],
];

for (const [code, what, body, headers] of refusals) {
  test(`${code}: ${what}`, async t => {
    const { url } = await simulate(t);
    assert.equal(verdict(await postXml(url + path, body, headers)), `invalid ${code}`);
  });
}

test('02030105: not a POST; application/xml and 8192 bytes are good', async t => {
  const { url } = await simulate(t);
  assert.equal(verdict(await send(url + path, { method: 'GET' })), 'invalid 02030105');
  const answer = await postXml(url + path, xml().padEnd(8192, ' '), {
    'content-type': 'application/xml; charset=utf-8',
  });
  assert.equal(verdict(answer), 'invalid 02180114');
});

test('any code can be armed, with the status that belongs to it', async t => {
  const simulator = await simulate(t, { settings: { cancelWaitMs: 0 } });
  const number = await charged(simulator);
  const armed: [code: string | null, verdict: string][] = [
    [null, 'failure 02189999'],
    ['02189999', 'failure 02189999'],
    ['02030208', 'invalid 02030208'],
    ['02051010', 'maintenance 02051010'],
  ];
  for (const [code, expected] of armed) {
    simulator.arm({ endpoint: 'cancel', fault: 'refusal', ...(code ? { code } : {}) });
    assert.equal(verdict(await cancel(simulator, number)), expected);
  }
  simulator.arm({ endpoint: 'cancel', fault: 'maintenance' });
  assert.equal(verdict(await cancel(simulator, number)), 'maintenance 02000012');
  simulator.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  await assert.rejects(cancel(simulator, number));
  assert.equal(verdict(await cancel(simulator, number)), 'invalid 02180118');
});

test('key and card data are masked where requests are shown', async t => {
  const simulator = await simulate(t);
  await postXml(simulator.url + path, xml());
  const shown = JSON.stringify(simulator.requests().map(({ raw, ...rest }) => rest));
  assert.doesNotMatch(shown, new RegExp(KEY));
});
