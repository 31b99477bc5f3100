import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Order, present, type Status } from '../domain/order.ts';
import type { Refused } from '../domain/outcome.ts';
import type { Acted } from '../orders/act-on-order.ts';
import type { Deleted } from '../orders/card-deletion.ts';
import type { Submitted } from '../orders/new-order.ts';
import { log, logError, logOrder } from './log.ts';
import { InvalidInput, problem } from './problem.ts';

export type Answer = APIGatewayProxyStructuredResultV2;
export type ApiHandler = (event: APIGatewayProxyEventV2) => Promise<Answer>;

/** A handler that answers invalid input itself, turns a bug into a bare 500, and logs one line a request. */
export function apiHandler(operation: string, run: ApiHandler): ApiHandler {
  return async event => {
    const answer = await run(event).catch(faultOf);
    log({ event: 'request', operation, httpStatus: answer.statusCode ?? 500 });
    return answer;
  };
}

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
export const maintenanceRetrySeconds = 60;

/** Contract 1.6, for calls that make an order. */
export function answerSubmitted(submitted: Submitted, now: Date, more: Record<string, unknown> = {}): Answer {
  switch (submitted.kind) {
    case 'in_progress':
      return problem('in_progress', { retryAfterSeconds });
    case 'key_reused':
      return problem('idempotency_key_reused');
    case 'answered': {
      const { order, replayed } = submitted;
      if (!replayed) logOrder(order);
      const headers = {
        ...(replayed && { 'idempotent-replayed': 'true' }),
        ...(order.status === 'not_processed' && { 'retry-after': String(maintenanceRetrySeconds) }),
      };
      return json(creationStatus(order, replayed), { ...present(order, now), ...more }, headers);
    }
  }
}

const accepted: readonly Status[] = ['sending', 'unknown', 'settling', 'cancelling'];

function creationStatus({ status }: Order, replayed: boolean): number {
  if (status === 'declined') return 402;
  if (status === 'not_processed') return 503;
  if (accepted.includes(status)) return 202;
  return replayed ? 200 : 201;
}

/** Contract 1.6, for calls on an existing order. */
export function answerActed(acted: Acted, now: Date): Answer {
  const isNews = 'order' in acted && acted.kind !== 'wrong_state' && !('replayed' in acted && acted.replayed);
  if (isNews) logOrder(acted.order);
  switch (acted.kind) {
    case 'done':
      return json(200, present(acted.order, now), acted.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'no_word':
      return json(202, present(acted.order, now));
    case 'refused':
      return gatewayRefused(acted.refusal, present(acted.order, now));
    case 'not_taken':
      return problem('gateway_maintenance', {
        retryAfterSeconds: maintenanceRetrySeconds,
        order: present(acted.order, now),
      });
    case 'invalid':
      return problem('invalid_request', { errors: acted.faults });
    case 'wrong_state':
      return problem('order_state', { detail: stateDetail(acted.order), order: present(acted.order, now) });
    case 'in_progress':
      return problem('in_progress', { retryAfterSeconds });
    case 'key_reused':
      return problem('idempotency_key_reused');
    case 'not_found':
      return problem('order_not_found');
  }
}

const stateDetail = ({ status, orderNumber }: Order): string =>
  `The order is ${status}${orderNumber === null ? ' and has no order number of the gateway' : ''}; nothing was sent.`;

function gatewayRefused({ failure }: Refused, order?: unknown): Answer {
  const { code: gatewayCode, message: gatewayMeaning } = failure;
  return problem('gateway_refused', {
    detail: gatewayMeaning,
    gatewayCode,
    gatewayMeaning,
    ...(order !== undefined && { order }),
  });
}

/** The same, for a stored card. */
export function answerDeleted(deleted: Deleted, cardId: string): Answer {
  switch (deleted.kind) {
    case 'deleted':
      return json(200, { cardId, deleted: true }, deleted.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'no_word':
      return json(202, { cardId, deleted: null }, deleted.replayed ? { 'idempotent-replayed': 'true' } : {});
    case 'refused':
      return gatewayRefused(deleted.refusal);
    case 'not_taken':
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
