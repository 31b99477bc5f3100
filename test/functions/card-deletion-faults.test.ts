/** A deletion without a usable response: its outcome is found by a repeat with the same key, with a new one, and by due work. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { FaultName } from '../../local/simulator/state.ts';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import { cardActions } from '../support/card-actions.ts';
import { answerLosses } from '../support/faults.ts';
import { startLocal } from '../support/local.ts';
import { dynamoOf, readersOf, tableName } from '../support/table.ts';

const local = await startLocal();
const { gateway } = local;
const { charge, remove, runDueWork, runDueWorkAfter, at, effects, client } = cardActions(local);
const { cardOf } = readersOf(client);
beforeEach(() => gateway.reset());

let count = 0;
/** Registers a card under an id of its own, with each phone. */
async function keep(...phones: string[]): Promise<string> {
  count += 1;
  const cardId = `CARD-${count}`;
  for (const phone of phones) await register(cardId, phone);
  return cardId;
}
const register = async (cardId: string, phone: string) => {
  count += 1;
  assert.equal((await charge(`keep ${count}`, { body: { amount: 0, cardId, phone } })).status, 201);
};
const arm = (fault: FaultName, more: object = {}) => gateway.arm({ endpoint: 'deletion', fault, ...more });
const pairs = () => gateway.cards().map(({ sendid, telno }) => [sendid, telno]);
const isForgotten = async (cardId: string) => {
  const { phones, deletion, dueAt, claim } = (await cardOf(cardId)) ?? {};
  assert.deepEqual([phones, deletion, dueAt, claim], [undefined, undefined, undefined, undefined]);
};

for (const fault of answerLosses) {
  test(`${fault}: 202, and a repeat with the same key finds it done`, async () => {
    const cardId = await keep('0311110001');
    arm(fault, fault.startsWith('truncated') ? { bytes: 4 } : {});
    const first = await remove(fault, { cardId });
    assert.deepEqual([first.status, first.body], [202, { cardId, deleted: null }]);
    const second = await remove(fault, { cardId });
    assert.deepEqual([second.status, second.body], [200, { cardId, deleted: true }]);
    const third = await remove(fault, { cardId });
    assert.deepEqual([third.status, third.headers['idempotent-replayed'], at('deletion').length], [200, 'true', 2]);
    assert.deepEqual([pairs(), effects('deletion').length], [[], 1]);
    await isForgotten(cardId);
  });

  test(`${fault}: a repeat with a new key finds it done, and the old key is then replayed`, async () => {
    const cardId = await keep('0311110001');
    arm(fault, fault.startsWith('truncated') ? { bytes: 4 } : {});
    assert.equal((await remove(`${fault} old`, { cardId })).status, 202);
    assert.equal((await remove(`${fault} new`, { cardId })).status, 200);
    const old = await remove(`${fault} old`, { cardId });
    assert.deepEqual([old.status, old.body], [200, { cardId, deleted: true }]);
    assert.deepEqual([pairs(), effects('deletion').length, at('deletion').length], [[], 1, 2]);
  });

  test(`${fault}: due work alone finds it done, after 5 minutes, and the key is then replayed`, async () => {
    const cardId = await keep('0311110001', '0311110002');
    arm(fault, { count: 2, ...(fault.startsWith('truncated') && { bytes: 4 }) });
    assert.equal((await remove(`${fault} due`, { cardId })).status, 202);
    await runDueWorkAfter(4.9);
    assert.equal(at('deletion').length, 2);
    await runDueWorkAfter(5.1);
    await runDueWorkAfter(24 * 60);
    assert.deepEqual([pairs(), effects('deletion').length, at('deletion').length], [[], 2, 4]);
    await isForgotten(cardId);
    const { status, headers } = await remove(`${fault} due`, { cardId });
    assert.deepEqual([status, headers['idempotent-replayed'], at('deletion').length], [200, 'true', 4]);
  });
}

test('an old key that names its phone is replayed as well', async () => {
  const cardId = await keep('0311110001');
  const body = { cardId, phone: '0311110001' };
  arm('lost-answer');
  assert.equal((await remove('phone old', body)).status, 202);
  assert.equal((await remove('phone new', { cardId })).status, 200);
  const old = await remove('phone old', body);
  assert.deepEqual([old.status, old.body], [200, { cardId, deleted: true }]);
});

test('a pair that a caller named and whose answer was lost is repeated by a call that names none', async () => {
  const cardId = await keep();
  arm('lost-answer');
  assert.equal((await remove('named', { cardId, phone: '0311110009' })).status, 202);
  const { status } = await remove('unnamed', { cardId });
  assert.deepEqual([status, at('deletion').length], [200, 2]);
});

test('while responses are lost, due work repeats after 5, 10, 20 minutes, and so on', async () => {
  const cardId = await keep('0311110001');
  arm('lost-answer', { count: 4 });
  assert.equal((await remove('backoff', { cardId })).status, 202);
  const sends: number[] = [];
  for (const minutes of [5.1, 15, 15.3, 35, 35.5, 75, 76]) {
    await runDueWorkAfter(minutes);
    sends.push(at('deletion').length);
  }
  assert.deepEqual(sends, [2, 2, 3, 3, 4, 4, 5]);
  assert.equal((await remove('backoff', { cardId })).status, 200);
});

test('maintenance: 503 with Retry-After, nothing is deleted, and the same key deletes later', async () => {
  const cardId = await keep('0311110001');
  arm('maintenance');
  const first = await remove('maintenance', { cardId });
  assert.deepEqual([first.status, first.body.code], [503, 'gateway_maintenance']);
  assert.match(String(first.headers['retry-after']), /^[1-9]\d*$/);
  await runDueWorkAfter(24 * 60);
  assert.deepEqual([pairs(), at('deletion').length], [[[cardId, '0311110001']], 1]);
  assert.equal((await remove('maintenance', { cardId })).status, 200);
  assert.deepEqual([pairs(), effects('deletion').length], [[], 1]);
});

/** Contract 1.6: after a lost answer these prove nothing. The first send did delete. */
const proveNothing: [fault: FaultName, more: object][] = [
  ['maintenance', {}],
  ['connect-error', {}],
  ['invalid-parameter', { parameter: 'telno' }],
];
for (const [fault, more] of proveNothing) {
  test(`after a lost answer, ${fault}: 202, and due work goes on until the outcome is known`, async () => {
    const cardId = await keep('0311110001');
    const key = `lost, then ${fault}`;
    arm('lost-answer');
    await remove(key, { cardId });
    arm(fault, { ...more, count: 2 });
    const second = await remove(key, { cardId });
    assert.deepEqual([second.status, second.body], [202, { cardId, deleted: null }]);
    await runDueWorkAfter(11);
    assert.equal((await cardOf(cardId))?.phones instanceof Set, true);
    await runDueWorkAfter(24 * 60);
    assert.deepEqual([at('deletion').length, effects('deletion').length], [4, 1]);
    await isForgotten(cardId);
    const { status, headers } = await remove(key, { cardId });
    assert.deepEqual([status, headers['idempotent-replayed'], at('deletion').length], [200, 'true', 4]);
  });
}

const refusals: [fault: FaultName, more: object, meaning: RegExp][] = [
  ['invalid-parameter', { parameter: 'telno' }, /telno/],
  ['invalid-parameter', { parameter: 'clientip' }, /clientip/],
  ['invalid-parameter', { parameter: 'sendid' }, /sendid/],
  ['connect-error', {}, /connect error/],
];
for (const [fault, more, meaning] of refusals) {
  test(`${fault} ${JSON.stringify(more)}: 422, nothing is deleted, and the same key sends again`, async () => {
    const cardId = await keep('0311110001');
    arm(fault, more);
    const key = JSON.stringify([fault, more]);
    const { status, body } = await remove(key, { cardId });
    assert.deepEqual([status, body.code, body.gatewayCode ?? null], [422, 'gateway_refused', null]);
    assert.match(body.gatewayMeaning, meaning);
    assert.deepEqual((await cardOf(cardId))?.phones, new Set(['0311110001']));
    assert.equal((await remove(key, { cardId })).status, 200);
    assert.deepEqual([pairs(), effects('deletion').length], [[], 1]);
  });
}

test('one pair of several fails: answered so, kept, and the same key does the rest alone', async () => {
  const cases: [fault: FaultName, status: number][] = [
    ['lost-answer', 202],
    ['maintenance', 503],
    ['invalid-parameter', 422],
  ];
  for (const [fault, status] of cases) {
    gateway.reset();
    const cardId = await keep('0311110001', '0311110002', '0311110003');
    arm(fault, fault === 'invalid-parameter' ? { parameter: 'telno' } : {});
    assert.equal((await remove(`part ${fault}`, { cardId })).status, status);
    assert.equal(((await cardOf(cardId))?.phones as Set<string> | undefined)?.size, 1, fault);
    const { status: second } = await remove(`part ${fault}`, { cardId });
    assert.deepEqual([second, at('deletion').length, effects('deletion').length, pairs()], [200, 4, 3, []], fault);
  }
});

test('a pair that is gone already does not keep the others from being deleted', async () => {
  const cardId = await keep('0311110001', '0311110002');
  arm('refusal');
  assert.equal((await remove('gone', { cardId })).status, 200);
  await isForgotten(cardId);
});

test('a card registered again while its deletion waits is never deleted by the old key or by due work', async () => {
  const cardId = await keep('0311110001');
  arm('lost-answer');
  assert.equal((await remove('before', { cardId })).status, 202);
  await register(cardId, '0311110001');
  await runDueWorkAfter(24 * 60);
  const old = await remove('before', { cardId });
  assert.deepEqual([old.status, old.body], [202, { cardId, deleted: null }]);
  assert.deepEqual([pairs(), at('deletion').length], [[[cardId, '0311110001']], 1]);
  assert.equal((await remove('after', { cardId })).status, 200);
  assert.deepEqual(pairs(), []);
});

test('a deletion that waits goes on after a registration that never left: nothing was registered', async () => {
  const cardId = await keep('0311110001');
  arm('lost-answer');
  assert.equal((await remove('waiting', { cardId })).status, 202);
  gateway.arm({ endpoint: 'charge', fault: 'maintenance' });
  const body = { amount: 0, cardId, phone: '0311110002' };
  assert.equal((await charge('never left', { body })).body.status, 'not_processed');
  await runDueWork();
  const { deletion, dueAt } = (await cardOf(cardId)) ?? {};
  assert.deepEqual([deletion, dueAt, at('deletion').length], [undefined, undefined, 2]);
  const { status, headers } = await remove('waiting', { cardId });
  assert.deepEqual([status, headers['idempotent-replayed']], [200, 'true']);
});

test('a card registered during its deletion keeps the phone of its registration', async () => {
  const cardId = await keep('0311110001');
  arm('late-answer', { ms: 400 });
  const deletion = remove('during', { cardId });
  while (effects('deletion').length === 0) await new Promise(resolve => setTimeout(resolve, 5));
  await register(cardId, '0311110002');
  assert.equal((await deletion).status, 200);
  assert.deepEqual((await cardOf(cardId))?.phones, new Set(['0311110001', '0311110002']));
  assert.equal((await remove('during', { cardId })).headers['idempotent-replayed'], 'true');
  assert.deepEqual(pairs(), [[cardId, '0311110002']]);
  assert.equal((await remove('after during', { cardId })).status, 200);
  assert.deepEqual(pairs(), []);
  await isForgotten(cardId);
});

test('a function that died after its claim: due work repeats, whether it had sent or not', async () => {
  const cards = cardsTable(dynamoOf(local.engine.endpoint), tableName);
  for (const phone of ['0311110001', '0311119999']) {
    const cardId = await keep('0311110001');
    const claimed = await cards.find(cardId);
    assert.ok(claimed);
    const long = '2020-01-01T00:00:00.000Z';
    const { registrations } = claimed;
    const deletion = { phones: [new Masked(phone)], keys: ['digest'], attempts: 1, registrations };
    const next = { ...claimed, version: claimed.version + 1, claim: { id: 'dead', at: long }, deletion, dueAt: long };
    assert.equal(await cards.replace(next), true);
    await runDueWork();
    const record = await cards.find(cardId);
    assert.deepEqual([record?.deletion, record?.claim, record?.dueAt], [null, null, null]);
  }
  assert.deepEqual([at('deletion').length, effects('deletion').length], [2, 1]);
});
