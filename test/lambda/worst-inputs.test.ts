/**
 * No reader of what comes from outside takes quadratic time: four times the input costs about four times as much, not sixteen.
 * Ratios within one run; an input that a reader turns away by its length costs next to nothing at any length.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { tokenChargeBody } from '../../shared/lambda/bodies/card.ts';
import { carrierOrderBody } from '../../shared/lambda/bodies/carrier.ts';
import { cvsOrderBody } from '../../shared/lambda/bodies/cvs.ts';
import { orderListQuery, resolutionBody } from '../../shared/lambda/bodies/orders.ts';
import { hasCardData, hasCardNumber } from '../../shared/lambda/card-data.ts';
import { positionOf } from '../../shared/lambda/cursor.ts';
import { check, readRequest } from '../../shared/lambda/request.ts';
import { readCardCallback } from '../../shared/zeus/callbacks/card.ts';
import { readCarrierCallback } from '../../shared/zeus/callbacks/carrier.ts';
import { readCvsCallback } from '../../shared/zeus/callbacks/cvs.ts';
import * as cardCancel from '../../shared/zeus/operations/card-cancel.ts';
import * as cardDeletion from '../../shared/zeus/operations/card-deletion.ts';
import { carrierName } from '../../shared/zeus/operations/carrier-link.ts';
import { cvsName } from '../../shared/zeus/operations/cvs-order.ts';
import { decodeCharge } from '../../shared/zeus/wire/card-answer.ts';
import { readCarrierAnswer } from '../../shared/zeus/wire/carrier-answer.ts';
import { normalizeForShiftJis } from '../../shared/zeus/wire/shift-jis.ts';
import { parseXml } from '../../shared/zeus/wire/xml.ts';

const [small, large] = [25_000, 100_000];

/** Pieces that are repeated: each has made some expression or loop go over the same bytes again and again. */
const pieces = [
  '&', '=', '&=', '%', '+', ' ', '\t', '\n', '_', '_12345678', '_12345678 ', 'a', 'a=', 'status=1&', 'status=%41&', '-', '1', '1-', '1 ', '1.', '1.1.1-A',
  '0', '00000000-', '<', '<!--', '<![CDATA[', '<a', '<a b="', '</a', "='", '="', '&amp', '&#x', '"', '\\', '{', '[', '{"a":', ',', 'Invalid ', 'failure_order\n', 'order_no=1\n', 'Success',
  '\u0316\u0300', 'か\u3099', 'ｶﾞ', '\u3000', 'ア', '４', '\u2212',
]; // biome-ignore format: a list

const event = (body: string, key = 'key'): APIGatewayProxyEventV2 =>
  ({ headers: { 'idempotency-key': key }, body, requestContext: { http: { method: 'POST', path: '/x' } } }) as never;
const answered = (text: string) => ({ kind: 'answered', status: 200, body: Buffer.from(text) }) as const;
const manyFields = (text: string, length: number) =>
  Object.fromEntries(Array.from({ length: length / 10 }, (_, i) => [`${text.slice(0, 4)}${i}`, text.slice(0, 4)]));

const readers: Record<string, (text: string) => unknown> = {
  'a callback of a card': text => readCardCallback(Buffer.from(text)),
  'a callback of a carrier': text => readCarrierCallback(Buffer.from(`username=${text}&${text}`)),
  'a callback of a store': text => readCvsCallback(Buffer.from(`${text}&sendpoint=${text}`)),
  'many values of one parameter': text =>
    readCvsCallback(Buffer.from(Array.from({ length: text.length / 10 }, (_, i) => `money=${i}`).join('&'))),
  'a body': text => readRequest(event(text), cvsOrderBody),
  'a key': text => readRequest(event('{}', text), cvsOrderBody),
  'a charge': text =>
    check({ tokenKey: text, phone: text, email: text, cardId: text, reference: text }, tokenChargeBody),
  'a carrier order': text =>
    check({ name: text, phone: text, success: { url: `https://${text}`, text } }, carrierOrderBody),
  'a store order': text => check({ name: text, phone: text, email: text }, cvsOrderBody),
  'a resolution': text => check({ note: text, gatewayOrderNumber: text, outcome: text }, resolutionBody),
  'a list': text => check({ date: text, reference: text, cardId: text, cursor: text }, orderListQuery),
  'unknown fields': text => check(manyFields(text, text.length), resolutionBody),
  'names like card data': text => hasCardData({ [text]: text, ...manyFields(text, text.length) }),
  'card numbers': text => hasCardNumber({ reference: text, note: `1${text}`, cardId: text }),
  'a cursor': text => positionOf(text, {}, new Date(0)),
  'a decoded cursor': text => positionOf(Buffer.from(text).toString('base64url'), {}, new Date(0)),
  'the response to a charge': text => decodeCharge(answered(text), [], { token: true, installments: true }),
  'the response to a cancel': text => cardCancel.decode(answered(text)),
  'the response to a deletion': text => cardDeletion.decode(answered(text)),
  'the response to a settlement': text => readCarrierAnswer(answered(text), new Map()),
  XML: text => parseXml(Buffer.from(text)),
  'text for Shift_JIS': text => normalizeForShiftJis(text.replaceAll('\u0316\u0300', 'あ')),
  'names as they are cleaned': text => [carrierName(text.slice(0, 1000)), cvsName(text.slice(0, 1000))],
};

/** Processor time of this process in ms, the least of several runs: another process may make each of them longer. */
function costOf(read: (text: string) => unknown, text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const from = process.cpuUsage();
    try {
      read(text);
    } catch {
      // Invalid input is thrown.
    }
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

const grown = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const isQuadratic = (read: (text: string) => unknown, piece: string) =>
  costOf(read, grown(piece, large)) > 10 * costOf(read, grown(piece, small)) + 10;

/** These make their own input of a length. */
const ownInput = new Set(['many values of one parameter', 'unknown fields', 'names like card data']);

for (const [name, read] of Object.entries(readers)) {
  test(`${name}: 100 KB cost no more than a line through 25 KB`, () => {
    // Again where it seemed so: a machine that is busy for a while looks the same.
    const tried = ownInput.has(name) ? pieces.slice(0, 1) : pieces;
    const found = tried.filter(
      piece => isQuadratic(read, piece) && isQuadratic(read, piece) && isQuadratic(read, piece),
    );
    assert.deepEqual(found, []);
  });
}

test('the measure finds what is quadratic', () => {
  assert.ok(isQuadratic(text => /a*b/.test(text.slice(0, text.length / 3)), 'a'));
});
