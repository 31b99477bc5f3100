/** Bytes as they may come from outside, and what reads them. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Masked } from '../../shared/domain/masked.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { cardCancel } from '../../shared/zeus/operations/card-cancel.ts';
import { cardDeletion } from '../../shared/zeus/operations/card-deletion.ts';
import { carrierReturn } from '../../shared/zeus/operations/carrier-return.ts';
import { carrierSettle, carrierWithdraw } from '../../shared/zeus/operations/carrier-settle.ts';
import { cvsOrder } from '../../shared/zeus/operations/cvs-order.ts';
import { recurringCharge } from '../../shared/zeus/operations/recurring-charge.ts';
import { tokenCharge } from '../../shared/zeus/operations/token-charge.ts';
import { idOf } from '../support/orders.ts';

export const runs = Number(process.env.FUZZ_RUNS ?? 300);
const root = fileURLToPath(new URL('../fixtures', import.meta.url));
export const fixtures = globSync('**/*', { cwd: root, withFileTypes: true })
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
export const anyBytes = fc.oneof(
  mutated,
  mutated,
  spoken,
  fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
);

const secret = new Masked('x');
const [phone, email] = [new Masked('09012345678'), new Masked('taro@example.com')];
export const [ipCode, orderId] = ['2019000001', idOf('order')];
const charge = { ipCode, amountYen: 8000, phone, email, orderId, installments: null };
const number = { ipCode, zkey: secret, orderNumber: 'N1' };

/** Each operation, given the body of an answer; `says` is what a success must hold in its bytes. */
export const operations: Record<string, { says: RegExp; run(body: Buffer, status?: number): Promise<Outcome> }> = {
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
