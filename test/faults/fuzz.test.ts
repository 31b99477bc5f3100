/** Everything that reads bytes from outside, given any bytes: nothing throws, nothing hangs, and no `paid` that nobody said. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { Masked } from '../../shared/domain/masked.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { cardDeletionBody, recurringChargeBody, tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { carrierOrderBody } from '../../shared/lambda/bodies/carrier.ts';
import { cvsOrderBody } from '../../shared/lambda/bodies/cvs.ts';
import { emptyBody, orderListQuery, resolutionBody } from '../../shared/lambda/bodies/orders.ts';
import { settlementBody } from '../../shared/lambda/bodies/settlement.ts';
import { positionOf } from '../../shared/lambda/cursor.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { orderIdOf, readQuery, readRequest } from '../../shared/lambda/request.ts';
import { decide } from '../../shared/orders/decide-callback.ts';
import { statusesOf } from '../../shared/orders/transitions.ts';
import type { CallbackReading } from '../../shared/zeus/callbacks/callback.ts';
import { readCardCallback } from '../../shared/zeus/callbacks/card.ts';
import { readCarrierCallback } from '../../shared/zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../../shared/zeus/callbacks/cvs.ts';
import { cardCancel } from '../../shared/zeus/operations/card-cancel.ts';
import { cardDeletion } from '../../shared/zeus/operations/card-deletion.ts';
import { carrierReturn } from '../../shared/zeus/operations/carrier-return.ts';
import { carrierSettle, carrierWithdraw } from '../../shared/zeus/operations/carrier-settle.ts';
import { cvsOrder } from '../../shared/zeus/operations/cvs-order.ts';
import { recurringCharge } from '../../shared/zeus/operations/recurring-charge.ts';
import { tokenCharge } from '../../shared/zeus/operations/token-charge.ts';
import { idOf, noon, placed } from '../support/orders.ts';

const runs = Number(process.env.FUZZ_RUNS ?? 300);
const root = fileURLToPath(new URL('../fixtures', import.meta.url));
const fixtures = globSync('**/*', { cwd: root, withFileTypes: true })
  .filter(entry => entry.isFile() && !/\.(md|json|ts)$/.test(entry.name))
  .map(entry => readFileSync(`${entry.parentPath}/${entry.name}`));

/** A recorded answer or call with bytes changed, cut out, doubled or put in. */
const mutated = fc
  .tuple(
    fc.constantFrom(...fixtures),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('set', 'cut', 'double', 'insert', 'end'), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([fixture, edits]) => edits.reduce(edit, fixture));

function edit(bytes: Buffer, [place, how, byte]: [number, string, number]): Buffer {
  const at = bytes.length === 0 ? 0 : place % bytes.length;
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (how) {
    case 'set':
      return Buffer.concat([head, Buffer.of(byte), tail.subarray(1)]);
    case 'cut':
      return Buffer.concat([head, tail.subarray(1 + (byte % 8))]);
    case 'double':
      return Buffer.concat([head, tail, tail]);
    case 'insert':
      return Buffer.concat([head, Buffer.of(byte), tail]);
    default:
      return head;
  }
}

const words = [
  'Success_order',
  'failure_order',
  'SuccessOK',
  'Invalid money',
  'maintenance',
  'connect error',
  'result=',
  'rel=',
  '&',
  '=',
  '%',
  '\n',
  '\r\n',
  '<response>',
  '<![CDATA[',
  '<!DOCTYPE x>',
  'status=07',
  'result=OK',
  'sendpoint=',
];
const spoken = fc
  .array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 })), { maxLength: 12 })
  .map(parts => Buffer.from(parts.join(''), 'latin1'));
const anyBytes = fc.oneof(
  mutated,
  mutated,
  spoken,
  fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
);

const secret = new Masked('x');
const [phone, email] = [new Masked('09012345678'), new Masked('taro@example.com')];
const [ipCode, orderId] = ['2019000001', idOf('order')];
const charge = { ipCode, amountYen: 8000, phone, email, orderId, installments: null };
const number = { ipCode, zkey: secret, orderNumber: 'N1' };

/** Each operation, given the body of an answer; `says` is what a success must hold in its bytes. */
const operations: Record<string, { says: RegExp; run(body: Buffer, status?: number): Promise<Outcome> }> = {
  'token charge': {
    says: /^\s*Success_order/,
    run: (body, status = 200) => tokenCharge(answer(body, status), { ...charge, tokenKey: secret, cardId: null }),
  },
  'recurring charge': {
    says: /^\s*Success_order/,
    run: (body, status = 200) =>
      recurringCharge(answer(body, status), { ...charge, tokenKey: null, matchPhone: false, cardId: 'C' }),
  },
  deletion: {
    says: /SuccessOK/,
    run: (body, status = 200) => cardDeletion(answer(body, status), { ipCode, phone, cardId: 'C' }),
  },
  cancel: {
    says: /success/,
    run: (body, status = 200) => cardCancel(answer(body, status), { ipCode, key: secret, orderNumber: 'N1' }),
  },
  settlement: {
    says: /Success_order/,
    run: (body, status = 200) => carrierSettle(answer(body, status), { ...number, amountYen: null, day: '2026-11-20' }),
  },
  withdrawal: { says: /Success_order/, run: (body, status = 200) => carrierWithdraw(answer(body, status), number) },
  return: { says: /Success_order/, run: (body, status = 200) => carrierReturn(answer(body, status), number) },
  'convenience-store order': {
    says: /Success_order/,
    run: (body, status = 200) =>
      cvsOrder(answer(body, status), {
        ipCode,
        amountYen: 8000,
        name: new Masked('ゼウス'),
        phone,
        email,
        store: 'lawson',
        orderId,
        test: null,
      }),
  },
};
const answer = (body: Buffer, status: number) => async () => ({ kind: 'answered', status, body }) as const;

test('there are fixtures to change', () => assert.ok(fixtures.length > 50, `${fixtures.length}`));

for (const [name, { run, says }] of Object.entries(operations)) {
  test(`${name}: any answer is an outcome, and done only where it says so with HTTP 200`, async () => {
    const property = fc.asyncProperty(anyBytes, fc.constantFrom(200, 200, 200, 204, 302, 500), async (body, status) => {
      const { kind } = await run(body, status);
      assert.ok(['done', 'refused', 'not_processed', 'unknown'].includes(kind));
      if (kind === 'done') assert.ok(status === 200 && says.test(body.toString('latin1')));
      if (status !== 200) assert.equal(kind, 'unknown');
    });
    await fc.assert(property, { numRuns: runs, seed: 1 });
  });
}

const readers = { card: readCardCallback, carrier: readCarrierCallback, cvs: readCvsCallback };
const paying: Record<string, readonly string[]> = { card: ['OK'], carrier: ['07', '09'], cvs: ['05'] };

for (const [service, read] of Object.entries(readers) as [
  keyof typeof readers,
  (raw: Uint8Array) => CallbackReading,
][]) {
  test(`${service}: any call is read or unreadable, is decided on, and pays only by its word, number and amount`, () => {
    const named = fc
      .record({
        status: fc.oneof(
          fc.constantFrom('OK', 'NG', '01', '03', '04', '05', '06', '07', '08', '09', '11'),
          fc.string({ maxLength: 4 }),
        ),
        money: fc.oneof(fc.constant('8000'), fc.string({ maxLength: 12 })),
        clientip: fc.oneof(fc.constant(ipCode), fc.string({ maxLength: 12 })),
        order: fc.oneof(fc.constant('N1'), fc.string({ maxLength: 60 })),
      })
      .map(({ status, money, clientip, order }) => {
        const inQuery = encodeURIComponent;
        const text = `status=${inQuery(status)}&result=${inQuery(status)}&money=${inQuery(money)}&clientip=${inQuery(clientip)}&order_no=${inQuery(order)}&ordd=${inQuery(order)}&sendpoint=${orderId}`;
        return Buffer.from(text);
      });
    const property = fc.property(fc.oneof(anyBytes, named), fc.constantFrom(...statusesOf[service]), (raw, status) => {
      const reading = read(raw);
      if (reading.kind === 'unreadable') return;
      const { notice } = reading;
      const { next } = decide(placed(service, status), notice, { ipCode, at: noon });
      if (status === 'paid' || next?.status !== 'paid') return;
      assert.ok(paying[service]?.includes(notice.status));
      assert.ok(notice.amountYen === 8000 || notice.amountYen === null);
    });
    fc.assert(property, { numRuns: 3 * runs, seed: 2 });
  });
}

const bodies = {
  tokenChargeBody,
  recurringChargeBody,
  cardDeletionBody,
  carrierOrderBody,
  cvsOrderBody,
  settlementBody,
  resolutionBody,
  emptyBody,
};
const fields = [
  'tokenKey',
  'amount',
  'phone',
  'email',
  'cardId',
  'carrier',
  'name',
  'success',
  'store',
  'test',
  'on',
  'by',
  'outcome',
  'note',
  '__proto__',
  'constructor',
];
const json = fc.oneof(
  fc
    .dictionary(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 8 })
    .map(value => JSON.stringify(value)),
  fc.json(),
  fc.string({ maxLength: 200 }),
);

for (const [name, body] of Object.entries(bodies)) {
  test(`${name}: any body and any key is a request or invalid input`, () => {
    const property = fc.property(
      json,
      fc.option(fc.string({ maxLength: 300 })),
      fc.boolean(),
      (text, key, isBase64Encoded) => {
        onlyInvalid(() => readRequest(eventOf(text, key, isBase64Encoded), body as typeof emptyBody));
      },
    );
    fc.assert(property, { numRuns: runs, seed: 3 });
  });
}

test('any query, cursor and path is a request or invalid input', () => {
  const property = fc.property(
    fc.dictionary(fc.constantFrom('date', 'status', 'cursor', 'x'), fc.string()),
    fc.string(),
    (query, text) => {
      const event = {
        queryStringParameters: query,
        pathParameters: { orderId: text },
      } as unknown as APIGatewayProxyEventV2;
      onlyInvalid(() => readQuery(event, orderListQuery));
      onlyInvalid(() => orderIdOf(event));
      onlyInvalid(() => positionOf(text, query));
    },
  );
  fc.assert(property, { numRuns: runs, seed: 4 });
});

const eventOf = (body: string, key: string | null, isBase64Encoded: boolean) =>
  ({
    headers: key === null ? {} : { 'idempotency-key': key },
    body,
    isBase64Encoded,
    requestContext: { http: { method: 'POST', path: '/x' } },
  }) as unknown as APIGatewayProxyEventV2;

function onlyInvalid(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof InvalidInput, String(error));
  }
}

/** What makes careless parsers slow: the gateway's longest answer is 64 KB, a call's longest event 6 MB. */
const long = (part: string, length: number) => Buffer.from(part.repeat(Math.ceil(length / part.length)));
const slow = [
  '&',
  '=',
  '%',
  '%8',
  'a=b&',
  '\n',
  ' \n',
  '\r',
  'rel=\n',
  '<a>',
  '<a ',
  '&lt;',
  'Invalid ',
  ' ',
  '\t',
  'Success_order\n',
  '9',
  'status=07&',
];

test('no answer of 64 KB and no call of 512 KB takes long, whatever repeats in it', async () => {
  const began = process.cpuUsage();
  for (const part of slow) {
    for (const prefix of ['Invalid ', '<?xml version="1.0"?><response>']) {
      const body = Buffer.concat([Buffer.from(prefix), long(part, 64 * 1024)]);
      for (const { run } of Object.values(operations)) await run(body);
    }
    for (const read of Object.values(readers))
      read(Buffer.concat([Buffer.from('status=07&sendpoint='), long(part, 512 * 1024)]));
    onlyInvalid(() => readRequest(eventOf(long(part, 512 * 1024).toString(), 'key', false), tokenChargeBody));
  }
  // Anything quadratic would take minutes of the processor; it takes a second or two.
  assert.ok(process.cpuUsage(began).user < 60e6, `${process.cpuUsage(began).user / 1e6} s`);
});
