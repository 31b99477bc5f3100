/** What the table holds of a payer, after every method and after a deletion: no value, and no digest that could be guessed back. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { callBack } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { cardToken, startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal();
const { gateway, engine, call } = local;
const { bodyOf } = cardCalls(local);
const { items } = readersOf(clientOf(engine.endpoint));
gateway.settings({ callbacks: { card: null, carrier: null, cvs: null } });

const payer = { phone: '070-9988-7766', email: 'taro.payer@example.com', name: 'ゼウスタロウ' };
const values = [payer.phone, '07099887766', payer.email, payer.name, 'ゼウス　タロウ', '+817099887766', '7099887766'];
const cardId = 'MEMBER-1';

/** Texts of which a digest would be made, by what earlier versions and other systems do. */
const bodies: unknown[] = [];
function forms(): string[] {
  const pairs = values.flatMap(value => [
    value,
    JSON.stringify(value),
    `${cardId}${value}`,
    `${cardId}\n${value}`,
    `${cardId}:${value}`,
    `card#${cardId}${value}`,
  ]);
  const wholes = bodies.flatMap(body => [JSON.stringify(body), canonical(body)]);
  const paths = ['/card/charges', '/card/recurring-charges', '/card/deletions', '/carrier/orders', '/cvs/orders'];
  const requests = wholes.flatMap(whole => paths.map(path => `POST ${path}\n${whole}`));
  return [...pairs, ...wholes, ...requests].flatMap(text => [text, `test\n${text}`, `${text}\n`]);
}

const canonical = (body: unknown): string =>
  JSON.stringify(Object.fromEntries(Object.entries(body as object).sort(([a], [b]) => (a < b ? -1 : 1))));

const digests = (text: string): string[] =>
  ['md5', 'sha1', 'sha256', 'sha512'].flatMap(algorithm =>
    (['hex', 'base64', 'base64url'] as const).map(encoding => createHash(algorithm).update(text).digest(encoding)),
  );

/** A digest that was cut still tells a phone number. */
const recognisable = 10;
const prints = () => forms().flatMap(text => digests(text).map(digest => digest.slice(0, recognisable)));

async function findings(): Promise<string[]> {
  const all = (await items()).map(item =>
    JSON.stringify(item, (_, value) => (value instanceof Set ? [...value] : value)),
  );
  const known = [...values, ...prints()];
  return all.flatMap(text => known.filter(each => text.includes(each)));
}

const send = async (path: string, key: string, body: object) => {
  const { tokenKey: _, ...rest } = body as Record<string, unknown>;
  bodies.push(body, rest);
  return call('POST', path, { key, body });
};

test('after every method: nothing but the phone of a stored card, and after its deletion nothing', async () => {
  const { phone, email, name } = payer;
  const common = { amount: 1000, phone, email };
  const token = () => cardToken(gateway.url);
  assert.equal((await send('/card/charges', 'charge', bodyOf(await token(), { phone, email }))).status, 201);
  const carrier = await send('/carrier/orders', 'carrier', { carrier: 'au', name, ...common });
  assert.equal(carrier.status, 201);
  assert.equal((await send('/cvs/orders', 'cvs', { store: 'lawson', name, ...common })).status, 201);
  const personal = `telno=07099887766&email=${payer.email}&username=%83%5B`;
  const said = (status: string) =>
    `clientip=2019000002&order_no=A-1&sendpoint=${carrier.body.orderId}&status=${status}&${personal}`;
  await callBack(`${said('03')}&money=1000`, { service: 'carrier' });
  await callBack(`${said('07')}&money=1000&money=2000`, { service: 'carrier' });
  assert.deepEqual(await findings(), []);

  assert.equal((await send('/card/charges', 'stored', bodyOf(await token(), { phone, email, cardId }))).status, 201);
  assert.equal((await send('/card/recurring-charges', 'again', { ...common, cardId, matchPhone: true })).status, 201);
  assert.deepEqual([...new Set(await findings())], ['07099887766', '7099887766']);

  assert.equal((await send('/card/deletions', 'delete', { cardId, phone })).status, 200);
  assert.ok((await items()).some(item => item.pk === `card#${cardId}`));
  assert.deepEqual(await findings(), []);
});

test('the scan finds what an earlier version kept: a digest of the request with the phone in it', () => {
  const body = { cardId, phone: payer.phone };
  assert.ok(bodies.some(each => canonical(each) === canonical(body)));
  const kept = createHash('sha256')
    .update(`POST /card/deletions\n${canonical(body)}`)
    .digest('base64url')
    .slice(0, 32);
  assert.ok(prints().some(each => kept.includes(each)));
});
