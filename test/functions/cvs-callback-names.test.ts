/** A callback's name is the payer's, in Shift_JIS, escaped in one way or another or not at all: nothing may depend on it. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { toEvent } from '../../local/event.ts';
import { callbackFields, cvsCalls, queryOf } from '../support/cvs.ts';
import { invoke, startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, knownAs, counter, calledBack } = cvsCalls(local);
beforeEach(() => gateway.reset());

const successok = { status: 200, type: 'text/plain', body: 'successok' };

/** An order whose 01 has come. */
async function placed(
  key: string,
  more: Record<string, unknown> = {},
): Promise<{ orderId: string; orderNumber: string }> {
  const { body } = await order(key, more);
  await gateway.idle();
  return { orderId: body.orderId, orderNumber: knownAs(body.orderId).orderNumber };
}

const standingOf = ({ status, attention }: { status: string; attention: unknown }) => ({ status, attention });

const names = [
  '%83%5B%83E%83X',
  '%83[%83E',
  '%83%5b',
  '%83',
  '%e3%82%bc',
  '%ff%fe',
  '%',
  '%zz',
  '+',
  '%20',
  '%00%0d%0a',
  '%83%',
  'x='.repeat(3000),
];
test('a name never costs the callback, however it is escaped', async () => {
  for (const [i, username] of names.entries()) {
    const { orderId } = await placed(`name-${i}`);
    assert.deepEqual(await calledBack(orderId, '04', { username }), successok, username);
    assert.deepEqual(standingOf(await read(orderId)), { status: 'received', attention: [] }, username);
  }
});

test('nor where it is not escaped at all, in a query or in a body', async () => {
  for (const [i, username] of [
    '\x83[\x83E\x83X',
    '\x83',
    'a\x83',
    '\xff\xfe\x00',
    '\xe3\x82\xbc',
    ' ',
    '\x83+\x83',
  ].entries()) {
    for (const method of ['GET', 'POST']) {
      const { orderId } = await placed(`bytes-${i}-${method}`);
      const bytes = queryOf({ ...callbackFields(knownAs(orderId), '04'), username });
      const [rawQuery, body] = method === 'GET' ? [bytes, ''] : ['', bytes];
      const request = {
        method,
        path: '/local/cvs',
        rawQuery,
        headers: {},
        body: Buffer.from(body, 'latin1'),
        sourceIp: '127.0.0.1',
      };
      const answer = (await invoke('callback', toEvent(request, null))) as { statusCode: number; body: string };
      assert.deepEqual([answer.statusCode, answer.body], [200, 'successok'], JSON.stringify([method, username]));
      assert.deepEqual(standingOf(await read(orderId)), { status: 'received', attention: [] });
    }
  }
});

for (const [callbackMethod, callbackEscapes, callbackSpace] of [
  ['GET', 'raw', '%20'],
  ['GET', 'full', '+'],
  ['POST', 'lower', '+'],
  ['POST', 'raw', '%20'],
] as const) {
  test(`calls by ${callbackMethod}, escapes ${callbackEscapes}, space ${callbackSpace}`, async () => {
    gateway.settings({ callbackMethod, callbackEscapes, callbackSpace });
    const { orderId, orderNumber } = await placed(`escapes-${callbackMethod}-${callbackEscapes}`, {
      name: 'ソポー ゼァ',
    });
    await counter(orderNumber, 'pay', 'confirm');
    assert.deepEqual(standingOf(await read(orderId)), { status: 'paid', attention: [] });
  });
}
