/** Planted secrets and payer data, through every path of the card functions: where they may be, and nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localSecrets } from '../../local/secrets.ts';
import { authenticationCalls, cards, passed } from '../support/authentication.ts';
import { callBack, cardParameters } from '../support/callbacks.ts';
import { cardCalls, FAILING } from '../support/card.ts';
import { cardToken, startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const canaries: Record<string, string> = {
  'card number': '4000000000000341',
  CVV: 'cvv-canary',
  'e-mail': 'canary.mail@example.com',
  'escaped e-mail': 'canary.mail%40example.com',
  phone: '07099887766',
  'phone as typed': '070-9988-7766',
  'payer name': '%83J%83i%83%8A%83A',
  'decoded payer name': 'カナリア',
  'token of a charge': 'token-canary-key',
  'cardholder name': 'KANARIA HANAKO',
  'card key': 'ca11ab1ecanary00key0000000000000000000aa',
  'carrier key': 'ca11ab1ecanary00zkey000000000000000000bb',
  'path token': 'path-token-canary-3f1c',
  'idempotency key': 'idempotency-canary',
};

const secret = {
  ...localSecrets,
  card: { clientip: '2019000001', key: canaries['card key'] ?? '' },
  carrier: { clientip: '2019000002', zkey: canaries['carrier key'] ?? '' },
  callback: { pathToken: canaries['path token'] ?? '' },
};
const printed: unknown[] = [];
const local = await startLocal({ secret });
for (const method of ['log', 'warn', 'error', 'debug', 'trace'] as const)
  console[method] = (...all: unknown[]) => void printed.push(all);

const { gateway, engine, call, lines } = local;
const { bodyOf } = cardCalls(local);
const { items } = readersOf(clientOf(engine.endpoint));
const token = canaries['path token'] ?? '';
const payer = { phone: canaries['phone as typed'], email: canaries['e-mail'] };
const tokens: string[] = [];
const answers: unknown[] = [];
let count = 0;

async function charge(more: Record<string, unknown> = {}, number?: string) {
  const tokenKey = await cardToken(gateway.url, number);
  tokens.push(tokenKey);
  count += 1;
  const answer = await call('POST', '/card/charges', {
    key: `${canaries['idempotency key']}-${count}`,
    body: bodyOf(tokenKey, { ...payer, ...more }),
  });
  answers.push(answer);
  if (answer.body.orderId) answers.push(await call('GET', `/orders/${answer.body.orderId}`));
  return answer.body;
}

const callbackWith = async (changes: Record<string, string | null>, options = {}) => {
  const named = `username=${canaries['payer name']}&${cardParameters({ telno: canaries.phone ?? '', email: canaries['escaped e-mail'] ?? '', ...changes })}`;
  answers.push(await callBack(named, { token, ...options }));
};

const textOf = (item: object): string =>
  JSON.stringify(item, (_, value) => (value instanceof Set ? [...value] : value));

function leaks(text: string): string[] {
  const found = Object.entries(canaries).filter(([, value]) => text.includes(value));
  return [...found.map(([name]) => name), ...(tokens.some(each => text.includes(each)) ? ['token'] : [])];
}

test('charges of every ending', async () => {
  await charge();
  await charge({ cardId: 'CARD-1' });
  await charge({ cardId: 'CARD-1', amount: 0 });
  await charge({}, FAILING);
  for (const fault of [
    'lost-answer',
    'garbage',
    'truncated',
    'http-500',
    'maintenance',
    'refusal',
    'connect-error',
    'callback-first',
  ] as const) {
    gateway.arm({ endpoint: 'charge', fault });
    await charge();
  }
  for (const parameter of [
    'telno',
    'email',
    'token_key',
    canaries.phone ?? '',
    canaries['e-mail'] ?? '',
    'telno=07099887766',
  ]) {
    gateway.arm({ endpoint: 'charge', fault: 'invalid-parameter', parameter });
    await charge();
  }
  await gateway.idle();
  assert.ok(gateway.ledger().length > 3);
});

test('check 30: 3-D Secure, through every ending', async () => {
  const { begin, risk, complete } = authenticationCalls(local);
  const names = { ...payer, cardholderName: canaries['cardholder name'] };
  let sessions = 0;
  const through = async (words: object, more: object = {}, number?: string) => {
    const key = `3ds-${++sessions}`;
    const { body, ...rest } = await begin(key, { ...names, ...more }, number);
    const { browser, ...order } = body;
    answers.push({ ...rest, body: order });
    if (!browser) return;
    tokens.push(browser.md, browser.iframeUrl);
    await risk(browser.md);
    const finish = (finishKey: string) => complete(order.orderId, finishKey, { md: browser.md, ...words });
    answers.push(await complete(order.orderId, 'other', { md: `${browser.md.slice(1)}x`, ...words }));
    answers.push(await finish('k'), await finish('k'), await finish('k2'));
    answers.push(await call('GET', `/orders/${order.orderId}`), await begin(key, { ...names, ...more }, number));
  };
  await through(passed);
  await through(passed, { cardId: 'CARD-2', amount: 0 });
  await through({ paRes: 'N', status: 'success' });
  await through({ paRes: 'N', status: 'maintenance' });
  await through(passed, {}, cards.outside);
  await through(passed, {}, cards.declined);
  for (const endpoint of ['enroll', 'pay'] as const)
    for (const fault of ['lost-answer', 'garbage', 'refusal'] as const) {
      gateway.arm({ endpoint, fault });
      await through(passed);
    }
  await gateway.idle();
  assert.ok(tokens.length > 20);
});

test('requests that are not valid', async () => {
  const bodies = [
    { cardNumber: canaries['card number'], cvv: canaries.CVV },
    { card: { number: canaries['card number'] } },
    { name: canaries['decoded payer name'] },
    { phone: `${canaries.phone}x`, email: `${canaries['e-mail']} `, tokenKey: `${canaries['token of a charge']}\n` },
    {
      amount: canaries['card number'],
      installments: canaries.phone,
      reference: 5,
      cardId: `${canaries['card number']}${canaries['card number']}`,
    },
  ];
  for (const body of bodies) assert.ok((await charge(body)).status === 400);
  for (const raw of [
    `{"phone":"${canaries.phone}"`,
    `${canaries['card number']}${canaries.CVV}`,
    `"${canaries['e-mail']}"`,
  ]) {
    answers.push(await call('POST', '/card/charges', { key: 'raw', body: raw }));
  }
  answers.push(
    await call('POST', '/card/charges', { key: `${canaries['idempotency key']}é`, body: bodyOf('x', payer) }),
  );
});

test('callbacks, good and bad', async () => {
  const { orderId } = await charge();
  await callbackWith({ sendpoint: orderId });
  await callbackWith({ sendpoint: orderId, result: 'NG' });
  await callbackWith({ sendpoint: orderId, money: '1' });
  await callbackWith({ sendpoint: orderId, cardnumber: canaries['card number'] ?? '', cardbrand: canaries.CVV ?? '' });
  await callbackWith({ ordd: 'E-1' }, { method: 'POST' });
  await callbackWith({ result: null });
  await callbackWith({ sendpoint: null, ordd: null });
  await callbackWith({}, { sourceIp: '192.0.2.1' });
  await callbackWith({}, { token: `${token}x` });
  await callbackWith({}, { token: token.slice(1) });
  await callbackWith({}, { path: `/${token}/${canaries.phone}` });
});

test('an engine that is gone', async () => {
  const before = answers.length;
  const kept = await items();
  assert.ok(kept.some(item => item.pk === 'card#CARD-1'));
  for (const item of kept) {
    const pk = String(item.pk);
    assert.deepEqual(leaks(textOf(item)), pk.startsWith('card#') ? ['phone'] : [], pk);
  }
  await engine.stop();
  await charge();
  answers.push(await call('GET', `/orders/${'A'.repeat(32)}`));
  assert.deepEqual(
    answers.slice(before).map(answer => (answer as { status: number }).status),
    [500, 500],
  );
});

test('no answer, no line of log and nothing printed holds any of it', () => {
  assert.ok(answers.length > 40 && lines.length > 40, `${answers.length} answers, ${lines.length} lines`);
  for (const answer of answers) assert.deepEqual(leaks(JSON.stringify(answer)), [], JSON.stringify(answer));
  for (const line of lines) assert.deepEqual(leaks(JSON.stringify(line)), [], JSON.stringify(line));
  assert.deepEqual(printed, []);
});

test('the canaries did get where they belong: to the gateway', () => {
  const wire = gateway
    .requests()
    .map(({ raw }) => Buffer.from(raw, 'base64').toString('latin1'))
    .join('\n');
  assert.deepEqual(
    [wire.includes(canaries.phone ?? ''), wire.includes(canaries['escaped e-mail'] ?? '')],
    [true, true],
  );
});
