/** Everything that reads bytes from outside, given any bytes: nothing throws, nothing hangs, and nothing is `paid` without a success. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import type { Order } from '../../shared/domain/order.ts';
import { tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import { readRequest } from '../../shared/lambda/request.ts';
import { type CallbackDeps, storeCallback } from '../../shared/orders/callbacks.ts';
import type { CallbackReading } from '../../shared/zeus/callbacks/callback.ts';
import { readCardCallback } from '../../shared/zeus/callbacks/card.ts';
import { readCarrierCallback } from '../../shared/zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../../shared/zeus/callbacks/cvs.ts';
import { noon, standingClock, statusOf, usual } from '../support/orders.ts';
import { anyBytes, fixtures, ipCode, operations, orderId, runs } from './fuzz.ts';

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

/** A store of one order, or of the external one that is made. */
function storeOf(order: Order): CallbackDeps {
  const replace = async (next: Order) => ({ stored: next });
  const store = { find: async () => order, create: replace, replace } as unknown as CallbackDeps['store'];
  return { ...standingClock(), store, deploymentId: 'test', ipCode };
}

for (const [method, read] of Object.entries(readers) as [
  keyof typeof readers,
  (raw: Uint8Array) => CallbackReading,
][]) {
  test(`${method}: any callback is stored or unreadable, and pays only by its status, number and amount`, async () => {
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
    const orders = Object.values(usual[method] as Record<string, () => Order>);
    const property = fc.asyncProperty(fc.oneof(anyBytes, named), fc.constantFrom(...orders), async (raw, make) => {
      const reading = read(raw);
      if (reading.kind !== 'read') return;
      const { callback } = reading;
      const before = make();
      const { order } = await storeCallback(storeOf(before), callback, noon);
      if (statusOf(before) === 'paid' || statusOf(order) !== 'paid' || order.operation === 'external') return;
      assert.ok(paying[method]?.includes(callback.status));
      assert.ok(callback.amountYen === 8000 || callback.amountYen === null || method === 'carrier');
    });
    await fc.assert(property, { numRuns: 3 * runs, seed: 2 });
  });
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
    assert.throws(() => readRequest(requestOf(long(part, 512 * 1024).toString()), tokenChargeBody), InvalidInput);
  }
  // Anything quadratic would take minutes of the processor; it takes a second or two.
  assert.ok(process.cpuUsage(began).user < 60e6, `${process.cpuUsage(began).user / 1e6} s`);
});

const requestOf = (body: string) =>
  ({
    headers: { 'idempotency-key': 'key' },
    body,
    requestContext: { http: { method: 'POST', path: '/x' } },
  }) as unknown as APIGatewayProxyEventV2;
