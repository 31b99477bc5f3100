/** The bytes that reach secure.cgi: manual 000, charge request for card-ID payments, each field in the manual's order. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { cardActions, quickToken } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, recurring, at } = cardActions(local);
beforeEach(() => gateway.reset());

/** The card is registered first, so that the charge is a success and the gateway has looked at every field. */
async function bodyOnTheWire(key: string, more: Record<string, unknown>) {
  const cardId = String(more.cardId ?? 'CARD-1');
  await charge(`keep ${key}`, { body: { amount: 0, cardId, phone: more.phone ?? '09012345678' } });
  const { status } = await recurring(key, more);
  assert.equal(status, 201);
  const [request] = at('charge').slice(1);
  assert.deepEqual([...(request?.violations ?? ['none']), ...(request?.notes ?? [])], []);
  return { wire: Buffer.from(request?.raw ?? '', 'base64').toString('latin1'), orderId: orderIdOf('test', key) };
}

test('the least: found by the card ID alone, dummy expiry, sendpoint and printord, nothing else', async () => {
  const { wire, orderId } = await bodyOnTheWire('least', {});
  const head = 'clientip=2019000001&cardnumber=8888888888888882&expyy=00&expmm=00&money=3000&send=mall';
  const tail = `telno=09012345678&email=taro%40example.com&sendid=CARD-1&sendpoint=${orderId}&printord=yes`;
  assert.equal(wire, `${head}&${tail}`);
});

test('the most: every field of the table but pubsec', async () => {
  const tokenKey = await quickToken(gateway.url);
  const more = {
    tokenKey,
    matchPhone: true,
    amount: 9_999_999,
    phone: '03-1234 5678',
    email: 'a@b',
    cardId: 'CARD 1',
    installments: '24',
    reference: 'not sent',
  };
  const { wire, orderId } = await bodyOnTheWire('most', more);
  const escaped = tokenKey.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D');
  const head = `clientip=2019000001&token_key=${escaped}&cardnumber=8888888888888888&expyy=00&expmm=00&money=9999999&send=mall`;
  const tail = `telno=0312345678&email=a%40b&sendid=CARD+1&sendpoint=${orderId}&printord=yes&div=24`;
  assert.equal(wire, `${head}&${tail}`);
});

test("every sign of the card ID's class, and of the e-mail's", async () => {
  const { wire } = await bodyOnTheWire('signs', {
    cardId: 'A\\!#$%()~|- @[:]./`{*}?_9',
    email: 'a!#$%*+-/=?^_`{|}~.9@example.com',
  });
  const email = 'a%21%23%24%25*%2B-%2F%3D%3F%5E_%60%7B%7C%7D%7E.9%40example.com';
  const cardId = 'A%5C%21%23%24%25%28%29%7E%7C-+%40%5B%3A%5D.%2F%60%7B*%7D%3F_9';
  assert.match(wire, new RegExp(`&email=${RegExp.escape(email)}&sendid=${RegExp.escape(cardId)}&sendpoint=`));
});

test('a yen sign finds the card that was kept under a backslash', async () => {
  await charge('keep-yen', { body: { amount: 0, cardId: '\\1' } });
  const { status, body } = await recurring('yen', { cardId: '¥1' });
  assert.deepEqual([status, body.card.cardId], [201, '\\1']);
  assert.match(Buffer.from(at('charge').at(-1)?.raw ?? '', 'base64').toString('latin1'), /&sendid=%5C1&/);
});

test('the widest values of every field', async () => {
  const widest = { phone: '1'.repeat(32), email: `${'e'.repeat(46)}@a.b`, cardId: 'C'.repeat(25) };
  const { wire } = await bodyOnTheWire('widest', widest);
  assert.match(wire, /&telno=1{32}&email=e{46}%40a\.b&sendid=C{25}&/);
});

test('one POST of a form on a fresh connection', async () => {
  await bodyOnTheWire('connection', {});
  const [kept, charged] = at('charge');
  assert.notEqual(kept?.connection, charged?.connection);
  const { host: _, 'content-length': length, ...headers } = charged?.headers ?? {};
  assert.deepEqual([charged?.method, charged?.path], ['POST', '/cgi-bin/secure.cgi']);
  assert.deepEqual(headers, { 'content-type': 'application/x-www-form-urlencoded', connection: 'close' });
  assert.equal(length, String(Buffer.from(charged?.raw ?? '', 'base64').length));
});
