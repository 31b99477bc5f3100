/** The bytes that reach cvs.cgi: manual 002, table of parameters, each field in the manual's order. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cvsCalls, manualStores, storeNames } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway } = local;
const { order, sent, wire } = cvsCalls(local);
beforeEach(() => gateway.reset());

/** What went out for a request that the gateway took, and found nothing amiss with. */
async function bodyOnTheWire(key: string, more: Record<string, unknown> = {}): Promise<string> {
  const { status } = await order(key, more);
  assert.equal(status, 201, key);
  assert.deepEqual(
    sent().flatMap(request => [...request.violations, ...request.notes]),
    [],
    key,
  );
  return wire().at(-1) ?? '';
}

const fieldOf = (body: string, name: string): string | undefined =>
  new Map(body.split('&').map(pair => pair.split('=') as [string, string])).get(name);

test('the least: everything required, sendpoint, and nothing else', async () => {
  const body = await bodyOnTheWire('least');
  assert.equal(
    body,
    'clientip=2019000003&act=secure_order&money=8000&username=%83%5B%83E%83X%81%40%83%5E%83%8D%83E&telno=0312345678' +
      `&email=taro%40example.com&pay_cvs=D002&sendpoint=${orderIdOf('test', 'least')}`,
  );
});

test('the most: a test order, and a reference that stays here', async () => {
  const more = { amount: 299_999, reference: 'not sent', test: { id: '12345678', type: 'unpaid' } };
  assert.equal(
    await bodyOnTheWire('most', more),
    'clientip=2019000003&act=secure_order&money=299999&username=%83%5B%83E%83X%81%40%83%5E%83%8D%83E&telno=0312345678' +
      `&email=taro%40example.com&pay_cvs=D002&sendpoint=${orderIdOf('test', 'most')}&testid=12345678&test_type=0`,
  );
});

test("each store's code", async () => {
  for (const store of storeNames) {
    const body = await bodyOnTheWire(`code-${store}`, { store });
    assert.equal(fieldOf(body, 'pay_cvs'), manualStores[store].code);
  }
});

test("each test type's digit, and test IDs of one to eight digits", async () => {
  for (const [type, digit] of [['unpaid', '0'] as const, ['paid', '1'] as const, ['reversed', '2'] as const]) {
    const body = await bodyOnTheWire(`type-${type}`, { test: { id: '1', type } });
    assert.deepEqual([fieldOf(body, 'testid'), fieldOf(body, 'test_type')], ['1', digit]);
    await gateway.idle();
  }
});

const zeusu = '%83%5B%83E%83X';
/** How a name is typed, and its bytes: full-width katakana and full-width spaces in Shift_JIS. */
const names: [typed: string, bytes: string][] = [
  ['ゼウス　タロウ', `${zeusu}%81%40%83%5E%83%8D%83E`],
  ['ゼウス タロウ', `${zeusu}%81%40%83%5E%83%8D%83E`],
  ['ぜうす たろう', `${zeusu}%81%40%83%5E%83%8D%83E`],
  ['ｾﾞｳｽ ﾀﾛｳ', `${zeusu}%81%40%83%5E%83%8D%83E`],
  ['ぜウｽ', zeusu],
  ['セ\u3099ウス', zeusu],
  ['せ\u3099うす', zeusu],
  // Trail bytes that are ASCII signs: \ in ソ, | in ポ, [ in ー and ゼ, @ in the space and ァ.
  ['ソポー', '%83%5C%83%7C%81%5B'],
  ['ｿﾎﾟｰ', '%83%5C%83%7C%81%5B'],
  ['ァヴヵヶヮヰヱンン', '%83%40%83%94%83%95%83%96%83%8E%83%90%83%91%83%93%83%93'],
  ['ぁゔゕゖゎゐゑん', '%83%40%83%94%83%95%83%96%83%8E%83%90%83%91%83%93'],
  ['ｳﾞｧｯｮ', '%83%94%83%40%83b%83%87'],
  ['ア', '%83A'],
];
for (const [i, [typed, bytes]] of names.entries()) {
  test(`the name ${typed} goes out as full-width katakana`, async () => {
    assert.equal(fieldOf(await bodyOnTheWire(`name-${i}`, { name: typed }), 'username'), bytes);
  });
}

test('40 bytes of a name, counted after it is turned to katakana', async () => {
  for (const [i, name] of [
    'ソ'.repeat(20),
    'そ'.repeat(20),
    'ｾﾞ'.repeat(20),
    `${'ソ'.repeat(10)} ${'ｿ'.repeat(9)}`,
  ].entries()) {
    const bytes = fieldOf(await bodyOnTheWire(`wide-${i}`, { name }), 'username') ?? '';
    assert.equal(decodeURIComponent(bytes.replaceAll(/%../g, 'x')).length, 40, name);
  }
});

test('the widest and narrowest of the other fields', async () => {
  for (const phone of ['012345678', '0123456789', '01234567890', '090-1234-5678', ' 03 1234 5678 ']) {
    assert.equal(fieldOf(await bodyOnTheWire(`phone-${phone}`, { phone }), 'telno'), phone.replaceAll(/[- ]/g, ''));
  }
  for (const amount of [200, 299_999])
    assert.equal(fieldOf(await bodyOnTheWire(`amount-${amount}`, { amount }), 'money'), String(amount));
  const email = `${'a'.repeat(38)}@example.com`;
  assert.equal(fieldOf(await bodyOnTheWire('email-50', { email }), 'email'), `${'a'.repeat(38)}%40example.com`);
});

test("every sign of the e-mail's class", async () => {
  const body = await bodyOnTheWire('email-signs', { email: 'a!#$%*+-/=?^_`{|}~.9@example.com' });
  assert.equal(fieldOf(body, 'email'), 'a%21%23%24%25*%2B-%2F%3D%3F%5E_%60%7B%7C%7D%7E.9%40example.com');
});

test('one POST of a form on a fresh connection each', async () => {
  await bodyOnTheWire('connection-1');
  await bodyOnTheWire('connection-2');
  const [one, two] = sent();
  assert.notEqual(one?.connection, two?.connection);
  assert.deepEqual([one?.method, one?.path], ['POST', '/cgi-bin/cvs.cgi']);
  const { host: _, 'content-length': length, ...headers } = one?.headers ?? {};
  assert.deepEqual(headers, { 'content-type': 'application/x-www-form-urlencoded', connection: 'close' });
  assert.equal(length, String(wire()[0]?.length));
});
