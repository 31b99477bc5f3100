/** The function that the scheduler starts. What ends by it alone is also in cancel-faults and card-deletion-faults. */
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import type { Order } from '../../shared/domain/order.ts';
import { cardCalls } from '../support/card.ts';
import { standingOf } from '../support/carrier-case.ts';
import { invoke, startLocal, until } from '../support/local.ts';
import { anOrder, answered, begun, idOf, lost, succeeded } from '../support/orders.ts';
import { clearTable, clientOf, dynamoOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway, lines, engine, call } = local;
const { charge, read } = cardCalls(local);
const client = clientOf(engine.endpoint);
const store = ordersTable(dynamoOf(engine.endpoint), tableName);
beforeEach(async () => {
  mock.timers.reset();
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
  await clearTable(client);
  lines.length = 0;
});

const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds);
/** From now on it is so many minutes later, for functions and gateway. */
const pass = (minutes: number) => mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 * minutes });
const runDueWork = (milliseconds = 300_000) => invoke('due-work', {}, { getRemainingTimeInMillis: () => milliseconds });

let count = 0;
const nextId = () => idOf(`due-${++count}-`);
/** An order whose invocation claimed it so long ago. */
async function claimed(seconds: number, method: 'card' | 'cvs' = 'card'): Promise<string> {
  const orderId = nextId();
  await store.create(anOrder(method, { orderId }, ago(seconds)));
  return orderId;
}
/** A charge of the gateway's own, made so long ago that a cancel does not wait. */
async function paid(key: string): Promise<string> {
  const { body } = await charge(key);
  await gateway.idle();
  const order = await find(body.orderId);
  const at = ago(60).toISOString();
  const steps = order.steps.map(step =>
    step.kind === 'send' && step.answer ? { ...step, answer: { ...step.answer, at } } : step,
  );
  assert.ok((await store.replace({ ...order, steps, version: order.version + 1 })).stored);
  return body.orderId;
}
const find = async (orderId: string): Promise<Order> => (await store.find(orderId)) ?? assert.fail(orderId);
const standing = async (orderId: string) => standingOf(await find(orderId));
const cancel = (orderId: string, key: string) => call('POST', `/card/charges/${orderId}/cancel`, { key });
const at = (endpoint: string) => gateway.requests().filter(request => request.endpoint === endpoint);
const effects = (kind: string) => gateway.ledger().filter(entry => entry.kind === kind);
const linesOf = (event: string) => (lines as { event: string }[]).filter(line => line.event === event);

test('stale claims become unknown with attention, fresh ones are left, and nothing is sent', async () => {
  const [stale, cvs, fresh] = [await claimed(121), await claimed(100_000, 'cvs'), await claimed(60)];
  await runDueWork();
  assert.deepEqual(await standing(stale), ['unknown', 'outcome_unknown']);
  assert.deepEqual(await standing(cvs), ['unknown', 'outcome_unknown']);
  assert.deepEqual(await standing(fresh), ['sending']);
  const { history } = await read(stale);
  const { source, event, from, to, actor } = history.at(-1);
  assert.deepEqual([source, event, from, to, actor], ['schedule', 'claim_stale', 'sending', 'unknown', null]);
  assert.deepEqual(gateway.requests(), []);
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 2, failed: 0, left: 0 }]);
  assert.equal(linesOf('attention').length, 2);
});

test('an order given up is settled by its callback, and its attention is cleared', async () => {
  const { body } = await charge('given-up', { body: { email: 'lost-answer+no-callback@fault.invalid' } });
  const order = await find(body.orderId);
  const claim = { id: 'dead', at: ago(121).toISOString() };
  const steps = order.steps.map(step => (step.kind === 'send' ? { ...step, claim, answer: null } : step));
  assert.ok((await store.replace({ ...order, steps, version: order.version + 1 })).stored);
  await runDueWork();
  assert.deepEqual(await standing(body.orderId), ['unknown', 'outcome_unknown']);
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  const { status, attention } = await read(body.orderId);
  assert.deepEqual([status, attention], ['paid', []]);
});

test('a run with nothing due does nothing and sends nothing', async () => {
  await paid('quiet');
  const requests = gateway.requests().length;
  lines.length = 0;
  await runDueWork();
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 0, failed: 0, left: 0 }]);
  assert.equal(gateway.requests().length, requests);
});

test('overlapping runs repeat each open cancel and deletion once, five minutes later and not before', async () => {
  const orderId = await paid('overlap');
  await charge('overlap keep', { body: { amount: 0, cardId: 'OVERLAP' } });
  gateway.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'deletion', fault: 'lost-answer' });
  await cancel(orderId, 'cancel');
  await call('POST', '/card/deletions', { key: 'deletion', body: { cardId: 'OVERLAP' } });
  await runDueWork();
  assert.deepEqual([at('cancel').length, at('deletion').length], [1, 1]);
  pass(6);
  for (const endpoint of ['cancel', 'deletion'] as const) gateway.arm({ endpoint, fault: 'late-answer', ms: 200 });
  await Promise.all([runDueWork(), runDueWork(), runDueWork()]);
  assert.deepEqual([at('cancel').length, at('deletion').length], [2, 2]);
  assert.deepEqual([effects('cancel').length, effects('deletion').length], [1, 1]);
  assert.deepEqual(await standing(orderId), ['cancelled']);
});

test('a shop that repeats while due work sends hears in_progress, and then the outcome', async () => {
  const orderId = await paid('both');
  gateway.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  await cancel(orderId, 'cancel');
  pass(6);
  gateway.arm({ endpoint: 'cancel', fault: 'late-answer', ms: 400 });
  const running = runDueWork();
  await until(async () => at('cancel').length === 2, 'the repeat');
  assert.equal((await cancel(orderId, 'cancel')).body.code, 'in_progress');
  await running;
  const { status, headers } = await cancel(orderId, 'cancel');
  assert.deepEqual([status, headers['idempotent-replayed'], at('cancel').length], [200, 'true', 2]);
});

test('a failing piece stops no other; the run fails, which its alarm counts, and its log names no value', async () => {
  const orderNumber = 'canary'.repeat(10);
  const made = answered(anOrder('card', { orderId: nextId() }, ago(900)), succeeded({ orderNumber }), ago(900));
  await store.create(answered(begun(made, 'cancel', null, ago(600)), lost, ago(600)));
  const others = [await claimed(121), await claimed(121), await claimed(121)];
  await assert.rejects(runDueWork(), { message: 'Due work: 1 of 4 failed.' });
  for (const orderId of others) assert.deepEqual(await standing(orderId), ['unknown', 'outcome_unknown']);
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 3, failed: 1, left: 0 }]);
  assert.equal(linesOf('error').length, 1);
  assert.doesNotMatch(JSON.stringify(lines), /canary/);
});

test('with too little time left nothing is begun; the next run takes it', async () => {
  const orderId = await claimed(121);
  await runDueWork(124_000);
  assert.deepEqual(await standing(orderId), ['sending']);
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 0, failed: 0, left: 1 }]);
  await runDueWork();
  assert.deepEqual(await standing(orderId), ['unknown', 'outcome_unknown']);
});
