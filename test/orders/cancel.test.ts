/** The time budget of a cancel (contract 1.7) by a clock of the test's, with a real table, a real send and the gateway's stand-in. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { LOCAL_CONTRACTS, startSimulator } from '../../local/simulator/simulator.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Order } from '../../shared/domain/order.ts';
import { answerActed } from '../../shared/lambda/api.ts';
import { type CancelDeps, cancel, repeatCancel } from '../../shared/orders/cancel.ts';
import { createSend, type Reply, type Send } from '../../shared/zeus/wire/transport.ts';
import { cardToken } from '../support/local.ts';
import { idOf, noon, placed, standingClock } from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const gateway = await startSimulator();
after(() => gateway.close());
beforeEach(() => gateway.reset());

console.info = () => {};

const { clientip: ipCode, key } = LOCAL_CONTRACTS.card;
const caller = { key: 'key', request: 'request' };
const seconds = (from: Date, count: number) => new Date(from.getTime() + 1000 * count);

let count = 0;
async function paid(changes: Partial<Order> = {}): Promise<string> {
  count += 1;
  const orderId = idOf(`order-${count}-`);
  await store.create(placed('card', 'paid', { orderId, orderNumber: `N-${count}`, ...changes }));
  return orderId;
}

/** Sends through the real transport and notes when, in seconds after `noon`; `answer` replaces what comes back. */
function timed(start: Date, answer?: (sends: number) => Reply | null, pauses: number[] = []) {
  const clock = standingClock(start);
  const begun: number[] = [];
  const real = createSend(gateway.url);
  const send: Send = async (path, type, body) => {
    begun.push((clock.now().getTime() - noon.getTime()) / 1000);
    clock.set(seconds(clock.now(), pauses[begun.length - 1] ?? 0));
    return answer?.(begun.length) ?? real(path, type, body);
  };
  const deps: CancelDeps = { ...clock, store, send, ipCode, key: new Masked(key) };
  return { deps, begun, clock };
}

const said = (status: string, code: string): Reply => ({
  kind: 'answered',
  status: 200,
  body: Buffer.from(
    `<response service="secure_link" action="payment_return"><result><status>${status}</status><code>${code}</code></result></response>`,
  ),
});
const failure = () => said('failure', '02189999');
const success = () => said('success', '000');

for (const [what, age, first] of [
  ['at once', 0, 10],
  ['after 3 s', 3, 10],
  ['after 9.9 s', 9.9, 10],
  ['after 10 s', 10, 10],
  ['after a minute', 60, 60],
] as const) {
  test(`a cancel ${what} begins its send ${first} s after the charge`, async () => {
    const { deps, begun } = timed(seconds(noon, age), success);
    assert.equal((await cancel(deps, await paid(), caller)).kind, 'done');
    assert.deepEqual(begun, [first]);
  });
}

test('failure is repeated once, 5 s after the first send began', async () => {
  for (const [pauses, times] of [
    [
      [0, 0],
      [60, 65],
    ],
    [
      [2, 0],
      [60, 65],
    ],
    [
      [5, 0],
      [60, 65],
    ],
    [
      [7, 0],
      [60, 67],
    ],
    [
      [20, 0],
      [60, 80],
    ],
  ] as const) {
    const { deps, begun } = timed(seconds(noon, 60), failure, [...pauses]);
    const acted = await cancel(deps, await paid(), caller);
    assert.deepEqual([acted.kind, begun], ['refused', times], String(pauses));
  }
});

test('no send begins later than 20 s after the call came in', async () => {
  const late = timed(seconds(noon, 60), failure, [20.001]);
  assert.equal((await cancel(late.deps, await paid(), caller)).kind, 'refused');
  assert.deepEqual(late.begun, [60]);
  const afterWait = timed(noon, failure, [10.001]);
  assert.equal((await cancel(afterWait.deps, await paid(), caller)).kind, 'refused');
  assert.deepEqual(afterWait.begun, [10]);
});

test('a charge said to be paid in the future, by another machine’s clock, is not waited for beyond 20 s', async () => {
  const { deps, begun } = timed(noon, success);
  await cancel(deps, await paid({ paidAt: seconds(noon, 3600).toISOString() }), caller);
  assert.ok(
    begun.every(time => time <= 20),
    `begun ${begun} s after the call came in`,
  );
});

test('only failure is repeated', async () => {
  const answers: [what: string, reply: Reply, kind: string][] = [
    ['invalid', said('invalid', '02180114'), 'refused'],
    ['invalid with the code of failure', said('invalid', '02189999'), 'refused'],
    ['maintenance', said('maintenance', '02000012'), 'not_taken'],
    ['the word maintenance alone', { kind: 'answered', status: 200, body: Buffer.from('maintenance') }, 'not_taken'],
    ['no connection', { kind: 'not_sent', message: 'no connection' }, 'not_taken'],
    ['a lost answer', { kind: 'lost', message: 'lost' }, 'no_word'],
    ['garbage', { kind: 'answered', status: 200, body: Buffer.from('?') }, 'no_word'],
    ['a status that no manual lists', said('done', '000'), 'no_word'],
    ['HTTP 500', { ...said('failure', '02189999'), status: 500 } as Reply, 'no_word'],
    ['cancelled already', said('invalid', '02180118'), 'done'],
  ];
  for (const [what, reply, kind] of answers) {
    const { deps, begun } = timed(seconds(noon, 60), () => reply);
    assert.deepEqual([(await cancel(deps, await paid(), caller)).kind, begun.length], [kind, 1], what);
  }
});

test('after a failure, the second answer alone decides', async () => {
  const answers: [reply: Reply, status: string][] = [
    [success(), 'cancelled'],
    [said('invalid', '02180118'), 'cancelled'],
    [{ kind: 'lost', message: 'lost' }, 'cancelling'],
    [said('maintenance', '02000012'), 'paid'],
    [failure(), 'paid'],
  ];
  for (const [reply, status] of answers) {
    const { deps } = timed(seconds(noon, 60), sends => (sends === 1 ? failure() : reply));
    const orderId = await paid();
    await cancel(deps, orderId, caller);
    assert.equal((await store.find(orderId))?.status, status);
  }
});

test('02189999 twice: 422 with the code and its meaning, paid as before; the same key sends again', async () => {
  const orderId = await paid();
  const { deps, begun } = timed(seconds(noon, 60), failure);
  const answer = answerActed(await cancel(deps, orderId, caller), noon);
  const { code, gatewayCode, gatewayMeaning, order } = JSON.parse(String(answer.body));
  assert.deepEqual(
    [answer.statusCode, code, gatewayCode, order.status, order.attention],
    [422, 'gateway_refused', '02189999', 'paid', null],
  );
  assert.match(gatewayMeaning, /state/);
  assert.equal((await cancel(deps, orderId, caller)).kind, 'refused');
  assert.equal(begun.length, 4);
});

test('too early for the gateway: the second send is taken, and cancels once', async () => {
  gateway.settings({ cancelWaitMs: 14_000 });
  const token = await cardToken(gateway.url);
  const form = new URLSearchParams({
    clientip: ipCode,
    token_key: token,
    money: '8000',
    send: 'mall',
    telno: '09012345678',
    email: 'a@b',
    printord: 'yes',
  });
  const answer = await fetch(`${gateway.url}/cgi-bin/secure.cgi`, { method: 'POST', body: form });
  const orderNumber = (await answer.text()).split('\n')[1] ?? '';
  const { deps, begun, clock } = timed(noon);
  gateway.setClock(new Date().toISOString());
  const charged = Date.parse(gateway.now());
  const inStep: CancelDeps = {
    ...deps,
    async sleep(milliseconds) {
      await clock.sleep(milliseconds);
      gateway.setClock(new Date(charged + clock.now().getTime() - noon.getTime()).toISOString());
    },
  };
  assert.equal((await cancel(inStep, await paid({ orderNumber }), caller)).kind, 'done');
  assert.deepEqual(
    [begun, gateway.ledger().map(({ kind }) => kind)],
    [
      [10, 15],
      ['charge', 'cancel'],
    ],
  );
});

test('no connection: told so, paid as before, and nothing is due', async () => {
  const orderId = await paid();
  const { deps } = timed(seconds(noon, 60));
  const acted = await cancel({ ...deps, send: createSend('http://127.0.0.1:9') }, orderId, caller);
  const answer = answerActed(acted, noon);
  const { code, order } = JSON.parse(String(answer.body));
  assert.deepEqual(
    [answer.statusCode, code, order.status, order.attention],
    [503, 'gateway_maintenance', 'paid', null],
  );
  assert.match(String(answer.headers?.['retry-after']), /^\d+$/);
  const stored = await store.find(orderId);
  assert.deepEqual([stored?.pending, stored?.claim, stored?.dueAt], [null, null, null]);
});

test('no connection after a lost answer says nothing of it: the cancel stays open', async () => {
  const orderId = await paid();
  const { deps } = timed(seconds(noon, 60), () => ({ kind: 'lost', message: 'lost' }));
  await cancel(deps, orderId, caller);
  await cancel({ ...deps, send: createSend('http://127.0.0.1:9') }, orderId, caller);
  const open = await store.find(orderId);
  assert.deepEqual(
    [open?.status, open?.attention?.reason, open?.pending?.lost],
    ['cancelling', 'outcome_unknown', true],
  );
  const { deps: later } = timed(seconds(noon, 120), success);
  assert.ok(open);
  assert.equal((await repeatCancel(later, open))?.kind, 'done');
  assert.equal((await store.find(orderId))?.status, 'cancelled');
});

test('due work waits and repeats by the same rules', async () => {
  const orderId = await paid();
  const { deps: losing } = timed(seconds(noon, 60), () => ({ kind: 'lost', message: 'lost' }));
  await cancel(losing, orderId, caller);
  const { deps, begun } = timed(seconds(noon, 300), failure);
  const open = await store.find(orderId);
  assert.ok(open);
  assert.equal((await repeatCancel(deps, open))?.kind, 'refused');
  assert.deepEqual([begun, (await store.find(orderId))?.status], [[300, 305], 'paid']);
});
