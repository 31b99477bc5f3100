/** Contract 2: who may call, how a callback may be written, and what it is answered. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callBack, callbackEvent, cardParameters, type Response } from '../support/callbacks.ts';
import { cardCalls } from '../support/card.ts';
import { countDynamoDb, invoke, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { charge, read } = cardCalls(local);
beforeEach(() => {
  gateway.reset();
  gateway.settings({ callbacks: { card: null } });
});

const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const successok = { statusCode: 200, headers, body: 'successok' };
const refused = { statusCode: 403, headers, body: 'NG' };
const unreadable = { statusCode: 400, headers, body: 'ERR400' };

let count = 0;
/** An order whose answer was lost, and the parameters of the call that tells what became of it. */
async function lostCharge() {
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  count += 1;
  const { body } = await charge(`lost-${count}`);
  assert.equal(body.status, 'unknown');
  const ordd = gateway.orders().at(-1)?.orderNumber ?? '';
  const parameters = (changes: Record<string, string | null> = {}) =>
    cardParameters({ sendpoint: body.orderId, ordd, ...changes });
  return { orderId: body.orderId as string, ordd, parameters };
}

/** Answer, requests to the database and lines of log of a call that must not get further. */
async function turnedAway(raw: string, options: Parameters<typeof callBack>[1]) {
  const before = lines.length;
  let answer: unknown;
  const requests = await countDynamoDb(async () => {
    answer = await callBack(raw, options);
  });
  assert.deepEqual(requests, {});
  return { answer, logged: lines.slice(before) };
}

test('only an allowed source may call; its address is the connection, whatever headers say', async () => {
  const { orderId, parameters } = await lostCharge();
  const forged = {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1',
    'cloudfront-viewer-address': '127.0.0.1:1',
  };
  for (const sourceIp of [
    '127.0.0.2',
    '192.0.2.1',
    '::1',
    '::ffff:127.0.0.1',
    '127.0.0.1, 192.0.2.1',
    '',
    '127.0.0.10',
    '27.0.0.1',
  ]) {
    const { answer, logged } = await turnedAway(parameters(), { sourceIp, headers: forged });
    assert.deepEqual([answer, logged], [refused, [{ event: 'callback_refused', reason: 'source' }]], sourceIp);
  }
  assert.equal((await read(orderId)).status, 'unknown');
  assert.deepEqual(await callBack(parameters(), { headers: { 'x-forwarded-for': '192.0.2.1' } }), successok);
});

test('only the path with the token and a service is one', async () => {
  const { orderId, parameters } = await lostCharge();
  const paths = [
    '/', '', '//', '/card', '/local', '/local/', '//card', '/wrong/card', '/LOCAL/card', '/loca/card', '/locall/card', '/local/Card', '/local/card/', '/local/card/x',
    '/x/local/card', '/local/toString', '/local/__proto__', '/local/constructor', '/%6Cocal/card', '/local%2Fcard', '/local//card', '/local /card',
  ]; // biome-ignore format: a list
  for (const path of paths) {
    const { answer, logged } = await turnedAway(parameters(), { path });
    assert.deepEqual([answer, logged], [refused, [{ event: 'callback_refused', reason: 'path' }]], path);
  }
  assert.equal((await read(orderId)).status, 'unknown');
});

test('a call by GET, by POST, by POST as text, and with parameters of our own in the URL', async () => {
  for (const options of [{}, { method: 'POST' }, { method: 'POST', asText: true }]) {
    const { orderId, parameters } = await lostCharge();
    assert.deepEqual(await callBack(parameters(), options), successok);
    assert.equal((await read(orderId)).status, 'paid');
  }
  const { orderId, parameters } = await lostCharge();
  assert.deepEqual(await callBack(`shop=1&${parameters()}`), successok);
  assert.equal((await read(orderId)).status, 'paid');
});

/** A name in Shift_JIS, whose second bytes are `[`, `|`, `\` and `@`, in every form in which it may come. */
const names: Record<string, string> = {
  'escaped in capitals': '%83%5B%83%7C%83%5C%83%40',
  'escaped in small letters': '%83%5b%83%7c%83%5c%83%40',
  'lead bytes escaped only': '%83[%83|%83\\%83@',
  'raw bytes': '\x83[\x83|\x83\\\x83@',
  'plus for space': '%83%5B+%83%7C',
  'plain space': '%83%5B %83%7C',
  'escaped full-width space': '%83%5B%81%40%83%7C',
  'UTF-8': '%E3%82%BC%E3%82%A6%E3%82%B9',
  'half a character': '%83',
  'broken escape': '%8%G1%',
  'bytes of no charset': '%FF%FE%00%80',
  'an ampersand and an equals sign, escaped': '%26result%3DNG%26',
};

for (const [what, name] of Object.entries(names)) {
  test(`a name never costs the callback: ${what}`, async () => {
    for (const method of ['GET', 'POST']) {
      const { orderId, parameters } = await lostCharge();
      assert.deepEqual(
        await callBack(`username=${name}&${parameters({ sendid: name })}&username2=${name}`, { method }),
        successok,
      );
      const order = await read(orderId);
      assert.deepEqual([order.status, order.attention, order.card.last4], ['paid', [], '1111']);
    }
  });
}

test("the gateway's own escapes, methods and spaces all arrive", async () => {
  for (const callbackEscapes of ['upper', 'lower', 'full', 'raw'] as const) {
    for (const [callbackMethod, callbackSpace] of [
      ['GET', '+'],
      ['POST', '%20'],
    ] as const) {
      gateway.reset();
      gateway.settings({ callbackEscapes, callbackMethod, callbackSpace, checkSuccessok: true });
      gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
      const { body } = await charge(`${callbackEscapes} ${callbackMethod}`, { body: { cardId: 'a \\[@]{}|` b' } });
      await gateway.idle();
      assert.equal((await read(body.orderId)).status, 'paid');
      assert.equal(gateway.callbacks()[0]?.attempts[0]?.outcome, 'accepted');
    }
  }
});

test('every parameter but result and one of the two numbers may be absent', async () => {
  const optional = ['clientip', 'money', 'telno', 'email', 'sendid', 'cardnumber', 'cardbrand', 'div', 'date', 'ordd'];
  for (const name of optional) {
    const { orderId, parameters } = await lostCharge();
    assert.deepEqual(await callBack(parameters({ [name]: null })), successok, name);
    assert.equal((await read(orderId)).status, 'paid', name);
  }
  const { orderId } = await lostCharge();
  assert.deepEqual(await callBack(`sendpoint=${orderId}&result=OK`), successok);
  const order = await read(orderId);
  assert.deepEqual([order.status, order.history.at(-1).note?.includes('unchecked')], ['paid', true]);
});

test('without result, or without both numbers: ERR400, one line of log, nothing stored', async () => {
  const { orderId, parameters } = await lostCharge();
  const calls: [raw: string, missing: string[]][] = [
    [parameters({ result: null }), ['result']],
    [parameters({ result: '' }), ['result']],
    [parameters({ result: '%83%5B' }), ['result']],
    [parameters({ result: '+' }), ['result']],
    [parameters({ sendpoint: null, ordd: null }), ['sendpoint', 'ordd']],
    [parameters({ sendpoint: '', ordd: '' }), ['sendpoint', 'ordd']],
    [parameters({ sendpoint: 'x'.repeat(51), ordd: 'x'.repeat(51) }), ['sendpoint', 'ordd']],
    ['', ['result', 'sendpoint', 'ordd']],
    ['&&==&', ['result', 'sendpoint', 'ordd']],
    ['status=07&order_no=1', ['result', 'sendpoint', 'ordd']],
    ['\x00\xff\x83', ['result', 'sendpoint', 'ordd']],
  ];
  for (const [raw, missing] of calls) {
    for (const method of ['GET', 'POST']) {
      const { answer, logged } = await turnedAway(raw, { method });
      assert.deepEqual(
        [answer, logged],
        [unreadable, [{ event: 'callback_unreadable', service: 'card', missing }]],
        raw,
      );
    }
  }
  assert.equal((await read(orderId)).status, 'unknown');
});

test('a call of 16,000 bytes and one of 2,000 parameters are read like any other', async () => {
  for (const extra of [
    `username=${'%83%5B'.repeat(2_600)}`,
    Array.from({ length: 2_000 }, (_, i) => `p${i}=1`).join('&'),
  ]) {
    const { orderId, parameters } = await lostCharge();
    assert.deepEqual(await callBack(`${extra}&${parameters()}`, { method: 'POST' }), successok);
    assert.equal((await read(orderId)).status, 'paid');
  }
});

test('an equal callback is answered successok after one read, writes nothing, and is logged as stored before', async () => {
  const { orderId, parameters } = await lostCharge();
  assert.deepEqual(await callBack(parameters()), successok);
  const once = await read(orderId);
  const before = lines.length;
  const requests = await countDynamoDb(async () => {
    for (const same of [{}, { telno: '0', date: '20270101', sendid: '', cardbrand: 'M' }]) {
      assert.deepEqual(await callBack(parameters(same)), successok);
    }
  });
  assert.deepEqual(requests, { GetItem: 2 });
  assert.deepEqual(await read(orderId), once);
  const line = { event: 'callback', service: 'card', orderId, effect: 'stored_before', code: null };
  assert.deepEqual(lines.slice(before, before + 2), [line, line]);
});

test('a callback that is new is one read and one write', async () => {
  const { parameters } = await lostCharge();
  for (const result of ['OK', 'NG', 'XX']) {
    const requests = await countDynamoDb(() => callBack(parameters({ result })));
    assert.deepEqual(requests, { GetItem: 1, PutItem: 1 }, result);
  }
});

test('late, contradictory, mismatched and unmatched callbacks are all stored and answered successok', async () => {
  const { orderId, parameters } = await lostCharge();
  const changes = [{}, { result: 'NG' }, { money: '1' }, { clientip: '2019000009' }, { result: 'XX' }];
  for (const each of changes) assert.deepEqual(await callBack(parameters(each)), successok);
  const { status, attention, version } = await read(orderId);
  assert.deepEqual(
    [status, attention.map(({ reason }: { reason: string }) => reason).toSorted(), version],
    ['paid', ['amount_mismatch', 'contradiction', 'ip_code_mismatch', 'unlisted_status'], 2 + changes.length],
  );
  assert.deepEqual(await callBack(cardParameters({ sendpoint: 'shop-77', ordd: 'N-unmatched' })), successok);
  const { body } = await local.call('GET', '/orders?gatewayOrderNumber=N-unmatched');
  assert.deepEqual(
    body.orders.map((order: { operation: string; status: string }) => [order.operation, order.status]),
    [['external', 'paid']],
  );
});

test('parameters of a POST may stand in its query where its body is empty or white space', async () => {
  for (const [i, body] of ['', '\r\n', ' \t'].entries()) {
    const rawQueryString = cardParameters({ sendpoint: `blank-body-${i}`, ordd: `BLANK-${i}` });
    const event = { ...callbackEvent('', { method: 'POST' }), rawQueryString, isBase64Encoded: true };
    const answer = (await invoke('callback', { ...event, body: Buffer.from(body).toString('base64') })) as Response;
    assert.deepEqual(answer, successok, JSON.stringify(body));
  }
});
