/**
 * The answer of carrier/secure.cgi to `settled` and `return` (manual 001, both answer tables): ASCII,
 * `result=…&error_code=…`, for a settlement also `date=YYYYMMDD`, in any order.
 * Refused is only what says so: `failure_order` or `invalid`, also as the whole body. `maintenance` is not processed.
 */

import type { FailureReason, Outcome, Refused, Truth } from '../../domain/outcome.ts';
import { answerBody, codeOf, namedValues, notInManual } from './answer-body.ts';
import { meaningOfCarrierCode } from './carrier-codes.ts';
import { dayFromWire } from './day.ts';
import type { Reply } from './transport.ts';

/** What the code of a `failure_order` reveals; it depends on the operation. */
export type Truths = ReadonlyMap<string, Truth>;

/** `day`: the answer's date as YYYY-MM-DD, null where it has none that the calendar knows. */
export function readCarrierAnswer(reply: Reply, truths: Truths): Outcome<{ day: string | null }> {
  const body = answerBody(reply);
  if (body.kind !== 'body') return body;
  const values = namedValues(body.text.split('&'));
  const code = codeOf(values?.get('error_code'));
  switch (values?.get('result') ?? bareRefusal(body.text)) {
    case 'Success_order':
      return { kind: 'done', day: dayFromWire(values?.get('date') ?? '') };
    case 'failure_order':
      return refused('refused', code, null, truths.get(code ?? '') ?? null);
    case 'invalid':
      return refused('invalid_parameter', code, parameters.get(code ?? '') ?? null, null);
    case 'maintenance':
      return { kind: 'not_processed', reason: 'maintenance', code, message: messageFor(code) };
    default:
      return notInManual;
  }
}

function bareRefusal(text: string): string | null {
  return text === 'failure_order' || text === 'invalid' ? text : null;
}

function refused(reason: FailureReason, code: string | null, parameter: string | null, truth: Truth | null): Refused {
  const failure = { reason, code, parameter, message: messageFor(code), payerMessage: null };
  return { kind: 'refused', failure, orderNumber: null, truth };
}

function messageFor(code: string | null): string {
  return code === null ? 'The gateway gave no code' : meaningOfCarrierCode(code);
}

/** The invalid codes that name a field of our API. */
const parameters = new Map([
  ['00000002', 'amount'],
  ['00000005', 'on'],
  ['00000008', 'on'],
]);

/** "Status cannot be processed": an earlier send of ours may be the cause, or a change in the vendor's console. */
export const provesNothing: Truths = new Map([
  ['010010007', 'proves_nothing'],
  ['010010010', 'proves_nothing'],
  ['010010107', 'proves_nothing'],
]);
