import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Order, present, type Status } from '../orders/order.ts';
import type { Submitted } from '../orders/submit-once.ts';
import { log } from './log.ts';
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

/** An error's class and place; its message may quote what nobody should read. */
export function logError(error: unknown): void {
  const { name, stack = '' } = error instanceof Error ? error : new Error();
  const place = stack.split('\n').filter(line => line.trim().startsWith('at ')).slice(0, 5);
  log({ event: 'error', error: name, stack: place.join('\n') });
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
