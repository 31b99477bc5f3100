import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { isOrderId, keyDigest, requestDigest } from '../domain/identity.ts';
import type { Caller } from '../domain/revise.ts';
import type { Body } from './bodies/body.ts';
import { hasCardData, hasCardNumber } from './card-data.ts';
import { type FieldFault, InvalidInput } from './problem.ts';

/** A changing request, checked: its key, what makes it the same request again, and its typed body. */
export interface ApiRequest<T> {
  idempotencyKey: string;
  request: string;
  actor: string;
  /** Key and request as calls on an existing order or card compare them. */
  caller: Caller;
  body: T;
}

/** No body of the contract comes near it. */
const largestBody = 16_384;

/** Reads a POST or DELETE in the contract's order: the key, then the whole body. Throws `InvalidInput`. */
export function readRequest<T>(event: APIGatewayProxyEventV2, body: Body<T>): ApiRequest<T> {
  const idempotencyKey = event.headers['idempotency-key'] ?? '';
  if (!/^[ -~]{1,255}$/.test(idempotencyKey)) {
    const detail = 'The header Idempotency-Key must have 1 to 255 printable ASCII characters.';
    throw new InvalidInput('idempotency_key_invalid', { detail });
  }
  const parsed = parseJson(event);
  if (hasCardData(parsed)) {
    const detail =
      'A field is named like card data. Card numbers, security codes and expiry dates go to the gateway only.';
    throw new InvalidInput('card_data_refused', { detail });
  }
  if (hasCardNumber(parsed)) {
    const detail = 'A value of cardId, reference or note is a card number. Card numbers go to the gateway only.';
    throw new InvalidInput('card_data_refused', { detail });
  }
  const { method, path } = event.requestContext.http;
  const request = requestDigest(method, path, parsed);
  const actor = actorOf(event);
  const caller = { key: keyDigest(idempotencyKey), request, actor };
  return { idempotencyKey, request, actor, caller, body: check(parsed, body) };
}

interface Authorizer {
  iam?: { userArn?: string | null };
  jwt?: { claims?: Record<string, unknown> };
}

/** Who calls: the last part of the IAM ARN, or the token's user, client or subject; without an authorizer `local`. */
function actorOf({ requestContext }: APIGatewayProxyEventV2): string {
  const { iam, jwt } = (requestContext as { authorizer?: Authorizer }).authorizer ?? {};
  const { username, client_id, sub } = jwt?.claims ?? {};
  return String(iam?.userArn?.split('/').at(-1) ?? username ?? client_id ?? sub ?? 'local').slice(0, 64);
}

/** Reads the query of a GET. Throws `InvalidInput`. */
export const readQuery = <T>(event: APIGatewayProxyEventV2, query: Body<T>): T =>
  check(event.queryStringParameters ?? {}, query);

/** The path's order ID; one that is none finds no order. */
export const orderIdOf = (event: APIGatewayProxyEventV2): string => {
  const orderId = event.pathParameters?.orderId ?? '';
  if (!isOrderId(orderId)) throw new InvalidInput('order_not_found');
  return orderId;
};

function parseJson(event: APIGatewayProxyEventV2): unknown {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > largestBody) invalid('', `The body must be at most ${largestBody} bytes.`);
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return invalid('', 'The body must be JSON in UTF-8.');
  }
}

function invalid(field: string, message: string): never {
  throw new InvalidInput('invalid_request', { errors: [{ field, code: 'invalid', message }] });
}

/** The value as its schema reads it, or all its faults at once. */
export function check<T>(value: unknown, { schema, rules }: Body<T>): T {
  const result = schema.safeParse(value);
  const faults = [...(result.error?.issues ?? []).flatMap(faultsOf), ...(rules?.(isRecord(value) ? value : {}) ?? [])];
  const distinct = new Map(faults.map(fault => [`${fault.message} ${fault.field}`, fault]));
  if (distinct.size > 0) throw new InvalidInput('invalid_request', { errors: [...distinct.values()] });
  return result.data as T;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      field: [...issue.path, key].join('.'),
      code: 'unknown_field',
      message: 'is not a field of this request',
    }));
  }
  const isMissing = issue.message === 'is required';
  return [{ field, code: isMissing ? 'required' : 'invalid', message: issue.message }];
}
