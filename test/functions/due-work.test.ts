/** The function that the scheduler starts. What ends by it alone is also in cancel-faults and card-deletion-faults. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cardActions } from '../support/card-actions.ts';
import { startLocal } from '../support/local.ts';
import { idOf, openCancel, placed } from '../support/orders.ts';
import { clearTable } from '../support/table.ts';

const local = await startLocal();
const { gateway, lines } = local;
const { charge, paid, cancel, remove, read, runDueWork, store, client, at, effects } = cardActions(local);
beforeEach(async () => {
  gateway.reset();
  gateway.settings({ cancelWaitMs: 0 });
  await clearTable(client);
  lines.length = 0;
});

const ago = (seconds: number) => new Date(Date.now() - 1000 * seconds).toISOString();
let count = 0;
/** An order whose run claimed it so long ago. */
async function claimed(seconds: number, method: 'card' | 'cvs' = 'card'): Promise<string> {
  const orderId = idOf(`claimed-${++count}-`);
  await store.create(
    placed(method, 'sending', { orderId, claim: { id: 'dead', at: ago(seconds) }, dueAt: ago(seconds - 120) }),
  );
  return orderId;
}
const linesOf = (event: string) => (lines as { event: string }[]).filter(line => line.event === event);

test('stale claims become unknown with attention, fresh ones are left, and nothing is sent', async () => {
  const [stale, cvs, fresh] = [await claimed(121), await claimed(100_000, 'cvs'), await claimed(60)];
  await runDueWork();
  for (const [orderId, status] of [
    [stale, 'unknown'],
    [cvs, 'unknown'],
    [fresh, 'sending'],
  ] as const) {
    const stored = await store.find(orderId);
    assert.deepEqual(
      [stored?.status, stored?.attention?.reason ?? null],
      [status, status === 'unknown' ? 'outcome_unknown' : null],
    );
  }
  const { history } = await read(stale);
  assert.deepEqual(
    [history.at(-1).source, history.at(-1).event, history.at(-1).from],
    ['schedule', 'claim_stale', 'sending'],
  );
  assert.deepEqual(gateway.requests(), []);
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 2, failed: 0, left: 0 }]);
  assert.equal(linesOf('attention').length, 2);
});

test('an order given up is settled by its callback, and its attention goes', async () => {
  const { body } = await charge('given-up', { body: { email: 'lost-answer+no-callback@fault.invalid' } });
  const order = await store.find(body.orderId);
  assert.ok(order);
  const sending = {
    ...order,
    status: 'sending',
    attention: null,
    claim: { id: 'dead', at: ago(121) },
    dueAt: ago(1),
    version: order.version + 1,
  } as const;
  assert.ok((await store.replace(sending)).stored);
  await runDueWork();
  assert.equal((await read(body.orderId)).status, 'unknown');
  await gateway.resend(gateway.callbacks()[0]?.id ?? '');
  const settled = await read(body.orderId);
  assert.deepEqual([settled.status, settled.attention], ['paid', null]);
});

test('a run with nothing due does nothing and asks nobody', async () => {
  await paid('quiet');
  const asked = gateway.requests().length;
  lines.length = 0;
  await runDueWork();
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 0, failed: 0, left: 0 }]);
  assert.equal(gateway.requests().length, asked);
});

test('overlapping runs ask the gateway once for each open cancel and deletion', async () => {
  const orderId = await paid('overlap');
  await charge('overlap keep', { body: { amount: 0, cardId: 'OVERLAP' } });
  gateway.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'deletion', fault: 'lost-answer' });
  await cancel(orderId, 'cancel');
  await remove('deletion', { cardId: 'OVERLAP' });
  for (const endpoint of ['cancel', 'deletion'] as const) gateway.arm({ endpoint, fault: 'late-answer', ms: 200 });
  await Promise.all([runDueWork(), runDueWork(), runDueWork()]);
  assert.deepEqual([at('cancel').length, at('deletion').length], [2, 2]);
  assert.deepEqual([effects('cancel').length, effects('deletion').length], [1, 1]);
  assert.equal((await read(orderId)).status, 'cancelled');
});

test('a client that repeats while due work is at it is told so, and then the outcome', async () => {
  const orderId = await paid('both');
  gateway.arm({ endpoint: 'cancel', fault: 'lost-answer' });
  await cancel(orderId, 'cancel');
  gateway.arm({ endpoint: 'cancel', fault: 'late-answer', ms: 400 });
  const running = runDueWork();
  while (at('cancel').length < 2) await new Promise(resolve => setTimeout(resolve, 5));
  assert.equal((await cancel(orderId, 'cancel')).body.code, 'in_progress');
  await running;
  const { status, headers } = await cancel(orderId, 'cancel');
  assert.deepEqual([status, headers['idempotent-replayed'], at('cancel').length], [200, 'true', 2]);
});

test('a failing piece stops no other; the run fails, which its alarm counts, and names nobody', async () => {
  const unsendable = placed('card', 'cancelling', {
    orderId: idOf('unsendable'),
    orderNumber: 'canary'.repeat(10),
    pending: openCancel,
    dueAt: ago(1),
  });
  await store.create(unsendable);
  const others = [await claimed(121), await claimed(121), await claimed(121)];
  await assert.rejects(runDueWork(), { message: 'Due work: 1 of 4 failed.' });
  for (const orderId of others) assert.equal((await store.find(orderId))?.status, 'unknown');
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 3, failed: 1, left: 0 }]);
  assert.equal(linesOf('error').length, 1);
  assert.doesNotMatch(JSON.stringify(lines), /canary/);
});

test('with too little time left nothing is begun; the next run takes it', async () => {
  const orderId = await claimed(121);
  await runDueWork(124_000);
  assert.equal((await store.find(orderId))?.status, 'sending');
  assert.deepEqual(linesOf('due_work'), [{ event: 'due_work', done: 0, failed: 0, left: 1 }]);
  await runDueWork();
  assert.equal((await store.find(orderId))?.status, 'unknown');
});
