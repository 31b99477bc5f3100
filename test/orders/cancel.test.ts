/** The time limits of a cancel (contract 1.7) by the test's own clock, with a real table, the real transport and the simulator. */
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { LOCAL_CONTRACTS, startSimulator } from '../../local/simulator/simulator.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { summarize } from '../../shared/domain/summarize.ts';
import { answerOperated } from '../../shared/lambda/api.ts';
import { type CancelDeps, cancel, repeatCancel } from '../../shared/orders/cancel.ts';
import { createSend, type Reply, type Send } from '../../shared/zeus/wire/transport.ts';
import { cardToken } from '../support/local.ts';
import {
  anOrder,
  answered,
  caller,
  idOf,
  noon,
  otherKey,
  reasonsOf,
  standingClock,
  statusOf,
  succeeded,
} from '../support/orders.ts';
import { startTable } from '../support/table.ts';

const { store } = await startTable();
const gateway = await startSimulator();
after(() => gateway.close());
beforeEach(() => gateway.reset());

console.info = () => {};

const { clientip: ipCode, key } = LOCAL_CONTRACTS.card;
const seconds = (from: Date, count: number) => new Date(from.getTime() + 1000 * count);

let count = 0;
/** An order whose charge succeeded at noon. */
async function paid(orderNumber?: string, at = noon): Promise<string> {
  count += 1;
  const orderId = idOf(`order-${count}-`);
  const sending = anOrder('card', { orderId }, at);
  await store.create(answered(sending, succeeded({ orderNumber: orderNumber ?? `N-${count}` }), at));
  return orderId;
}
const find = async (orderId: string) => (await store.find(orderId)) ?? assert.fail('no order');

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

const reply = (status: string, code: string): Reply => ({
  kind: 'answered',
  status: 200,
  body: Buffer.from(
    `<response service="secure_link" action="payment_return"><result><status>${status}</status><code>${code}</code></result></response>`,
  ),
});
const failure = () => reply('failure', '02189999');
const success = () => reply('success', '000');

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

test('failure is repeated once, 5 s after the first send began or when its response came', async () => {
  for (const [pause, second] of [
    [0, 65],
    [2, 65],
    [5, 65],
    [7, 67],
    [20, 80],
  ] as const) {
    const { deps, begun } = timed(seconds(noon, 60), failure, [pause]);
    const { kind } = await cancel(deps, await paid(), caller);
    assert.deepEqual([kind, begun], ['refused', [60, second]], `${pause} s`);
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

test("a charge paid in the future, by another machine's clock, is not waited for beyond 20 s", async () => {
  const { deps, begun } = timed(noon, success);
  await cancel(deps, await paid('N-future', seconds(noon, 3600)), caller);
  assert.ok(
    begun.every(time => time <= 20),
    `begun ${begun} s after the call came in`,
  );
});

test('only failure is repeated', async () => {
  const answers: [what: string, reply: Reply, kind: string][] = [
    ['invalid', reply('invalid', '02180114'), 'refused'],
    ['invalid with the code of failure', reply('invalid', '02189999'), 'refused'],
    ['maintenance', reply('maintenance', '02000012'), 'not_processed'],
    [
      'a body of maintenance alone',
      { kind: 'answered', status: 200, body: Buffer.from('maintenance') },
      'not_processed',
    ],
    ['no connection', { kind: 'not_sent', message: 'no connection' }, 'not_processed'],
    ['a lost answer', { kind: 'lost', message: 'lost' }, 'open'],
    ['garbage', { kind: 'answered', status: 200, body: Buffer.from('?') }, 'open'],
    ['a status that no manual lists', reply('done', '000'), 'open'],
    ['HTTP 500', { ...reply('failure', '02189999'), status: 500 } as Reply, 'open'],
    ['cancelled already', reply('invalid', '02180118'), 'done'],
  ];
  for (const [what, reply, kind] of answers) {
    const { deps, begun } = timed(seconds(noon, 60), () => reply);
    assert.deepEqual([(await cancel(deps, await paid(), caller)).kind, begun.length], [kind, 1], what);
  }
});

test('after a failure, the second answer alone decides', async () => {
  const answers: [reply: Reply, status: string][] = [
    [success(), 'cancelled'],
    [reply('invalid', '02180118'), 'cancelled'],
    [{ kind: 'lost', message: 'lost' }, 'cancelling'],
    [reply('maintenance', '02000012'), 'paid'],
    [failure(), 'paid'],
  ];
  for (const [reply, status] of answers) {
    const { deps } = timed(seconds(noon, 60), sends => (sends === 1 ? failure() : reply));
    const orderId = await paid();
    await cancel(deps, orderId, caller);
    assert.equal(statusOf(await find(orderId)), status);
  }
});

test('02189999 twice: 422 with the code and its meaning, paid as before; the same key sends again', async () => {
  const orderId = await paid();
  const { deps, begun } = timed(seconds(noon, 60), failure);
  const answer = answerOperated(await cancel(deps, orderId, caller), noon);
  const { code, gatewayCode, gatewayMeaning, order } = JSON.parse(String(answer.body));
  assert.deepEqual(
    [answer.statusCode, code, gatewayCode, order.status, order.attention],
    [422, 'gateway_refused', '02189999', 'paid', []],
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
  assert.equal((await cancel(inStep, await paid(orderNumber), caller)).kind, 'done');
  assert.deepEqual(
    [begun, gateway.ledger().map(({ kind }) => kind)],
    [
      [10, 15],
      ['charge', 'cancel'],
    ],
  );
});

test('no connection: 503, paid as before, and nothing is due', async () => {
  const orderId = await paid();
  const { deps } = timed(seconds(noon, 60));
  const acted = await cancel({ ...deps, send: createSend('http://127.0.0.1:9') }, orderId, caller);
  const answer = answerOperated(acted, noon);
  const { code, order } = JSON.parse(String(answer.body));
  assert.deepEqual([answer.statusCode, code, order.status, order.attention], [503, 'gateway_maintenance', 'paid', []]);
  assert.match(String(answer.headers?.['retry-after']), /^\d+$/);
  const { open, dueAt } = summarize(await find(orderId));
  assert.deepEqual([open, dueAt], [null, null]);
});

test('after a lost answer the cancel stays open, whatever but success comes, and is repeated', async () => {
  const maintenance = () => reply('maintenance', '02000012');
  for (const [what, next] of [
    ['maintenance', maintenance],
    ['no connection', (): Reply => ({ kind: 'not_sent', message: 'no connection' })],
    ['a refusal', failure],
    ['an unlisted refusal', () => reply('invalid', '02999999')],
    ['no response again', (): Reply => ({ kind: 'lost', message: 'lost' })],
  ] as const) {
    const orderId = await paid();
    const { deps } = timed(seconds(noon, 60), () => ({ kind: 'lost', message: 'lost' }));
    assert.equal((await cancel(deps, orderId, caller)).kind, 'open');
    const again = timed(seconds(noon, 70), next);
    assert.equal((await cancel(again.deps, orderId, otherKey('second'))).kind, 'open', what);
    const open = await find(orderId);
    const answer = answerOperated({ kind: 'open', order: open }, noon);
    assert.deepEqual(
      [answer.statusCode, statusOf(open), reasonsOf(open), summarize(open).open?.lost],
      [202, 'cancelling', ['outcome_unknown'], true],
      what,
    );
    const { deps: later } = timed(seconds(noon, 900), success);
    assert.equal((await repeatCancel(later, open))?.kind, 'done', what);
    const cancelled = await find(orderId);
    assert.deepEqual([statusOf(cancelled), reasonsOf(cancelled)], ['cancelled', []], what);
  }
});

test('due work waits and sends twice by the same rules', async () => {
  const orderId = await paid();
  const { deps: losing } = timed(seconds(noon, 60), () => ({ kind: 'lost', message: 'lost' }));
  await cancel(losing, orderId, caller);
  const { deps, begun } = timed(seconds(noon, 360), sends => (sends === 1 ? failure() : success()));
  assert.equal((await repeatCancel(deps, await find(orderId)))?.kind, 'done');
  assert.deepEqual([begun, statusOf(await find(orderId))], [[360, 365], 'cancelled']);
});
