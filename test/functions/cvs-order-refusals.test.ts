/** What cvs.cgi answers when it does not issue a number, and the forms in which it says what it says. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { cvsCalls, shownBlock } from '../support/cvs.ts';
import { startLocal } from '../support/local.ts';

const local = await startLocal();
const { gateway } = local;
const { order, read, known, knownAs, sent } = cvsCalls(local);
beforeEach(() => gateway.reset());

/** Contract 1.7; `told`: manual 002, page 7, recommends a message for the payer. */
const codes: [code: string, reason: string, told: boolean][] = [
  ['800000', 'gateway_error', false],
  ['800001', 'store_unavailable', false],
  ['800002', 'store_unavailable', true],
  ['900000', 'gateway_error', true],
  ['0011', 'gateway_error', true],
  ['0008', 'store_unavailable', true],
  ['0013', 'maintenance', true],
];

for (const [code, reason, told] of codes) {
  test(`${code} is declined, 402: ${reason}, ${told ? 'with' : 'without'} a message for the payer`, async () => {
    gateway.arm({ endpoint: 'cvs', fault: 'refusal', code });
    const { status, headers, body } = await order(`code-${code}`);
    assert.deepEqual([status, headers['content-type']], [402, 'application/json']);
    assert.deepEqual([body.status, body.attention], ['declined', []]);
    const { message, payerMessage, ...failure } = body.failure;
    assert.deepEqual(failure, { reason, code, parameter: null });
    assert.match(message, /^[A-Z][ -~]+$/);
    assert.equal(payerMessage !== null, told);
    if (told) assert.match(payerMessage, /[ぁ-ん]{2,}/);
    assert.deepEqual(body.cvs, { store: 'lawson', paymentNumbers: [], payBy: null, redirectUrl: null });
    assert.equal(body.gateway.orderNumber, known()[0]?.orderNumber);
    assert.equal(body.history.at(-1).code, code);
    assert.deepEqual(await read(body.orderId), body);
  });
}

test('each code has its own English, and the payer is told the same about none but support', async () => {
  const said = [];
  for (const [code] of codes) {
    gateway.arm({ endpoint: 'cvs', fault: 'refusal', code });
    said.push((await order(`own-${code}`)).body.failure);
  }
  assert.equal(new Set(said.map(({ message }) => message)).size, codes.length);
  assert.equal(new Set(said.flatMap(({ payerMessage }) => payerMessage ?? [])).size, 5);
});

test('an unlisted code is a refusal, its code kept', async () => {
  gateway.arm({ endpoint: 'cvs', fault: 'refusal', code: '0099' });
  const { status, body } = await order('unlisted');
  assert.deepEqual([status, body.failure.reason, body.failure.code], [402, 'refused', '0099']);
});

test("the gateway's maintenance comes as 0013 and is final like every code: a new attempt takes a new key", async () => {
  gateway.settings({ maintenance: true });
  const { status, body } = await order('maintenance');
  assert.deepEqual([status, body.failure.reason, body.failure.code], [402, 'maintenance', '0013']);
  gateway.settings({ maintenance: false });
  const again = await order('maintenance');
  assert.deepEqual([again.status, again.headers['idempotent-replayed'], again.body.status], [402, 'true', 'declined']);
  assert.equal(sent().length, 1);
  assert.equal((await order('maintenance, a new key')).status, 201);
});

/** Each wire name, and our own field's; null: none of ours. */
const parameters: Record<string, string | null> = {
  clientip: null,
  act: null,
  money: 'amount',
  username: 'name',
  telno: 'phone',
  email: 'email',
  pay_cvs: 'store',
  sendid: null,
  sendpoint: null,
  testid: 'test.id',
  test_type: 'test.type',
};

for (const [parameter, field] of Object.entries(parameters)) {
  test(`a bare line about ${parameter} is a refusal that names ${field ?? 'no field of ours'}`, async () => {
    for (const [i, line] of [
      '{name} is not valid',
      'Invalid {name}',
      'invalid {name}',
      '{name}',
      '{name}: error',
    ].entries()) {
      gateway.settings({ cvsParameterLine: line, lineEnd: i % 2 ? '\n' : '\r\n' });
      gateway.arm({ endpoint: 'cvs', fault: 'invalid-parameter', parameter });
      const { status, body } = await order(`parameter-${parameter}-${i}`);
      assert.deepEqual([status, body.status, body.attention], [402, 'declined', []], line);
      const { message, ...failure } = body.failure;
      assert.deepEqual(
        failure,
        { reason: 'invalid_parameter', code: null, parameter: field, payerMessage: null },
        line,
      );
      assert.match(message, /^[ -~]+$/);
    }
  });
}

for (const cvsEquals of ['=', '= ', ' = '] as const) {
  for (const lineEnd of ['\n', '\r\n'] as const) {
    test(`an answer with ${JSON.stringify(cvsEquals + lineEnd)}, its lines in any order`, async () => {
      gateway.settings({ cvsEquals, lineEnd, cvsShuffle: true, callbacks: { cvs: null } });
      for (let i = 0; i < 8; i += 1) {
        const store = i % 2 ? 'familymart' : 'seven-eleven';
        const { status, body } = await order(`variant-${cvsEquals}${lineEnd}${i}`.replace(/[\r\n]/g, '-'), { store });
        assert.deepEqual([status, body.attention, body.cvs], [201, [], shownBlock(store, knownAs(body.orderId))]);
        assert.equal(body.gateway.orderNumber, knownAs(body.orderId).orderNumber);
      }
      gateway.arm({ endpoint: 'cvs', fault: 'refusal', code: '0008' });
      const { body } = await order(`variant-refused-${cvsEquals}${lineEnd}`.replace(/[\r\n]/g, '-'));
      assert.deepEqual([body.status, body.failure.code], ['declined', '0008']);
    });
  }
}

test('02, where it is agreed, tells of a refusal what the answer told', async () => {
  gateway.settings({ optionalCallbacks: ['cvs-02'] });
  gateway.arm({ endpoint: 'cvs', fault: 'refusal', code: '800002' });
  const { body } = await order('told-twice');
  await gateway.idle();
  const after = await read(body.orderId);
  assert.deepEqual(
    gateway.callbacks().map(({ status }) => status),
    ['02'],
  );
  assert.deepEqual([after.status, after.attention, after.failure], ['declined', [], body.failure]);
});

test('02 alone, after a lost answer, tells the same of every code as the answer would have', async () => {
  gateway.settings({ optionalCallbacks: ['cvs-02'] });
  const told: unknown[] = [];
  for (const [code] of codes) {
    const { status, body } = await order(`lost-${code}`, { email: `refusal.${code}+lost-answer@fault.invalid` });
    assert.deepEqual([status, body.status, body.attention[0].reason], [202, 'unknown', 'outcome_unknown']);
    await gateway.idle();
    const { status: now, attention, failure } = await read(body.orderId);
    assert.deepEqual([now, attention, failure.parameter], ['declined', [], null], code);
    told.push([failure.code, failure.reason, failure.payerMessage !== null]);
  }
  assert.deepEqual(told, codes);
});
