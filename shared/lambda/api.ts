import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { asOf } from '../domain/changes.ts';
import type { Order } from '../domain/order.ts';
import type { Failure } from '../domain/outcome.ts';
import { present } from '../domain/present.ts';
import { summarize } from '../domain/summarize.ts';
import type { Status } from '../domain/words.ts';
import type { Completed } from '../orders/card-completion.ts';
import type { Deleted } from '../orders/card-deletion.ts';
import type { Operated } from '../orders/operate.ts';
import type { Submitted } from '../orders/replay.ts';
import { log, logError, logOrder } from './log.ts';
import { InvalidInput, problem } from './problem.ts';

export type Answer = APIGatewayProxyStructuredResultV2;
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<Answer>;

/** A handler that answers invalid input itself, turns a bug into a bare 500, and logs one line a request. */
export function apiHandler(operation: string, run: ApiHandler): ApiHandler {
  return async event => {
    const answer = await run(event).catch(faultOf);
    log({ event: 'request', operation, httpStatus: answer.statusCode ?? 500 });
    return { ...answer, headers: { ...answer.headers, ...everyAnswer } };
  };
}

const everyAnswer = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

function faultOf(error: unknown): Answer {
  if (error instanceof InvalidInput) return error.answer;
  logError(error);
  return problem('internal_error', { detail: 'The request may be repeated with the same Idempotency-Key.' });
}

export const json = (statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const retryAfterSeconds = 5;
/** The gateway announces no end of its maintenance. */
const maintenanceRetrySeconds = 60;

/** Contract 1.6, for calls that make an order. */
export function answerSubmitted(
  submitted: Submitted,
  now: Date,
  more: Record<string, unknown> = {},
  success = 201,
): Answer {
  switch (submitted.kind) {
    case 'in_progress':
      return problem('in_progress', { retryAfterSeconds });
    case 'key_reused':
      return problem('idempotency_key_reused');
    case 'key_declined': {
      const detail = 'Nothing was sent. A new attempt to pay, with another card, takes a new key.';
      return problem('idempotency_key_declined', { detail, order: present(submitted.order, now) });
    }
    case 'token_used': {
      const message = 'was used by the attempt before: the payer must enter the card again';
      return problem('invalid_request', { errors: [{ field: 'tokenKey', code: 'invalid', message }] });
    }
    case 'authentication_required':
      return problem('authentication_required', { detail: 'Nothing was sent. Use POST /card/authentications.' });
    case 'answered': {
      const { order, replayed } = submitted;
      if (!replayed) logOrder(order);
      const { status } = summarize(asOf(order, now));
      if (status === 'expired' && order.method === 'card' && !replayed) return answerExpired(order, now);
      const headers = {
        ...(replayed && { 'idempotent-replayed': 'true' }),
        ...(status === 'not_processed' && { 'retry-after': String(maintenanceRetrySeconds) }),
      };
      return json(creationStatus(status, replayed ? 200 : success), { ...present(order, now), ...more }, headers);
    }
  }
}

/** Three-d-secure.md, 7.3 and 7.7: the gateway itself may have said so, to a request of this call. */
function answerExpired(order: Order, now: Date): Answer {
  const why = summarize(order).failure?.message ?? 'the time for 3-D Secure is over';
  return problem('order_state', { detail: `The order is expired: ${why}`, order: present(order, now) });
}

const accepted: readonly Status[] = ['sending', 'unknown', 'settling', 'cancelling'];

function creationStatus(status: Status, success: number): number {
  if (status === 'declined') return 402;
  if (status === 'not_processed') return 503;
  if (accepted.includes(status)) return 202;
  return success;
}

/** Contract 1.6, for calls on an existing order. */
export function answerOperated(operated: Operated, now: Date): Answer {
  const isNews =
    'order' in operated && operated.kind !== 'wrong_status' && !('replayed' in operated && operated.replayed);
  if (isNews) logOrder(operated.order);
  switch (operated.kind) {
    case 'done':
      return json(200, present(operated.order, now), operated.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'open':
      return json(202, present(operated.order, now));
    case 'refused':
      return gatewayRefused(operated.failure, present(operated.order, now));
    case 'not_processed':
      return problem('gateway_maintenance', {
        retryAfterSeconds: maintenanceRetrySeconds,
        order: present(operated.order, now),
      });
    case 'invalid':
      return problem('invalid_request', { errors: operated.faults });
    case 'wrong_status':
      return problem('order_state', { detail: stateDetail(operated.order), order: present(operated.order, now) });
    case 'in_progress':
      return problem('in_progress', { retryAfterSeconds });
    case 'key_reused':
      return problem('idempotency_key_reused');
    case 'not_found':
      return problem('order_not_found');
  }
}

function stateDetail(order: Order): string {
  const { status, orderNumber } = summarize(order);
  return `The order is ${status}${orderNumber === null ? ' and has no order number of the gateway' : ''}; nothing was sent.`;
}

function gatewayRefused({ code: gatewayCode, message: gatewayMeaning }: Failure, order?: unknown): Answer {
  return problem('gateway_refused', {
    detail: gatewayMeaning,
    gatewayCode,
    gatewayMeaning,
    ...(order !== undefined && { order }),
  });
}

/** Contract 1.6 and three-d-secure.md, 7.3: the order came to an end, or waits on. */
export function answerCompleted(completed: Completed, now: Date): Answer {
  if (completed.kind !== 'answered') return answerOperated(completed, now);
  const { replayed } = completed;
  const order = asOf(completed.order, now);
  if (summarize(order).status === 'expired') return answerExpired(order, now);
  return answerSubmitted({ kind: 'answered', order, replayed }, now, {}, 200);
}

/** The same, for a stored card. */
export function answerDeleted(deleted: Deleted, cardId: string): Answer {
  switch (deleted.kind) {
    case 'deleted':
      return json(200, { cardId, deleted: true }, deleted.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'open':
      return json(202, { cardId, deleted: null }, deleted.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'refused':
      return gatewayRefused(deleted.failure);
    case 'not_processed':
      return problem('gateway_maintenance', { retryAfterSeconds: maintenanceRetrySeconds });
    case 'not_found':
      return problem('card_not_found');
    case 'no_phone': {
      const message = 'is required: no phone is kept for this card';
      return problem('invalid_request', { errors: [{ field: 'phone', code: 'required', message }] });
    }
    case 'in_progress':
      return problem('in_progress', { retryAfterSeconds });
    case 'key_reused':
      return problem('idempotency_key_reused');
  }
}
