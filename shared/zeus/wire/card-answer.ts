/**
 * What secure.cgi answers to card operations: manual 000, the answer tables of the charges and of card deletion.
 * Plain text, CRLF or LF. Only the manual's own answers, with HTTP 200, mean anything; every other body is unknown.
 */

import type { Failure, Outcome, Refused } from '../../domain/outcome.ts';
import { answerBody, notInManual } from './answer-body.ts';
import { cardDeclined } from './card-declined.ts';
import { type Field, fieldOfParameter } from './fields.ts';
import type { Reply } from './transport.ts';

export const securePath = '/cgi-bin/secure.cgi';

/** `sent`: whether the request held a token, and named installments, whose brand rules then belong into a refusal's message. */
export function decodeCharge(
  reply: Reply,
  fields: readonly Field[],
  sent: { token: boolean; installments: boolean },
): Outcome<{ orderNumber: string | null }> {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  if (body.text.startsWith('Success_order')) return { kind: 'done', orderNumber: secondLine(body.text) };
  const refusal = readRefusal(body.text, fields);
  if (refusal === null) return notInManual;
  if (sent.token && refusal.failure.parameter === 'tokenKey') return { ...refusal, failure: tokenInvalid };
  return sent.installments ? withBrandRule(refusal) : refusal;
}

const tokenInvalid: Failure = {
  reason: 'token_invalid',
  code: null,
  parameter: 'tokenKey',
  message: 'The gateway refused the token: it is used up, too old or not of this IP code',
  payerMessage: 'カード情報の有効期限が切れました。お手数ですが、カード情報をもう一度ご入力ください。',
};

/** Null: the text is no refusal of the manual. */
export function readRefusal(text: string, fields: readonly Field[]): Refused | null {
  if (text === 'connect error') return refused(connectError);
  if (lines(text)[0] === 'failure_order') return { ...refused(cardDeclined), orderNumber: secondLine(text) };
  const parameter = /^invalid ([!-~][ -~]{0,63})$/i.exec(text)?.[1];
  return parameter === undefined ? null : refused(invalidParameter(parameter, fields));
}

/** The order number: letters, digits, full stops and hyphens in the manual, `TEST` and more in real life. */
function secondLine(text: string): string | null {
  const number = lines(text)[1] ?? '';
  return /^[!-~]{1,50}$/.test(number) ? number : null;
}

/** Trimmed, without blank ones. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
}

function refused(failure: Failure): Refused {
  return { kind: 'refused', failure, orderNumber: null, truth: null };
}

const connectError: Failure = {
  reason: 'connect_error',
  code: null,
  parameter: null,
  message: 'The gateway could not process the payment (connect error)',
  payerMessage: 'お支払いを処理できませんでした。時間をおいて、もう一度お試しください。',
};

// What the gateway calls a parameter is repeated only where it is plainly a name, never a value that it might echo.
function invalidParameter(wire: string, fields: readonly Field[]): Failure {
  const name = /^[a-z_]{1,20}$/i.test(wire) ? wire.toLowerCase() : 'one that it does not name plainly';
  return {
    reason: 'invalid_parameter',
    code: null,
    parameter: fieldOfParameter(fields, wire),
    message: `The gateway objects to a parameter: ${name}`,
    payerMessage: null,
  };
}

function withBrandRule(refusal: Refused): Refused {
  const rule =
    'installments were asked for: Diners takes only 01 and 99, and all but 01 must be enabled by the gateway';
  const { failure } = refusal;
  return { ...refusal, failure: { ...failure, message: `${failure.message}; ${rule}` } };
}
