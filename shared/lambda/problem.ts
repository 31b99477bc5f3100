import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** Contract 1.2: every fault of the API, with its HTTP status. */
const problems = {
  invalid_request: [400, 'The request is not valid'],
  card_data_refused: [400, 'Card data must not be sent here'],
  idempotency_key_invalid: [400, 'The Idempotency-Key is missing or malformed'],
  order_not_found: [404, 'There is no such order'],
  card_not_found: [404, 'There is no such card'],
  authentication_required: [422, 'Cards are charged with EMV 3-D Secure only'],
  in_progress: [409, 'The first request with this key is still running'],
  order_state: [409, 'The order is in a status that does not allow this'],
  idempotency_key_reused: [422, 'The Idempotency-Key belongs to another request'],
  idempotency_key_declined: [422, 'The order of this Idempotency-Key ended without a charge'],
  gateway_refused: [422, 'The gateway refused'],
  gateway_maintenance: [503, 'The gateway did not take the request'],
  internal_error: [500, 'Something went wrong here'],
} as const;

export type ProblemCode = keyof typeof problems;

export interface FieldFault {
  /** Dotted path in the body; a header or query parameter by its name. */
  field: string;
  code: 'required' | 'invalid' | 'unknown_field' | 'too_late_today' | 'not_allowed';
  message: string;
}

export interface ProblemMore {
  detail?: string;
  errors?: FieldFault[];
  gatewayCode?: string | null;
  gatewayMeaning?: string;
  order?: unknown;
  retryAfterSeconds?: number;
}

/** An answer of RFC 9457. */
export function problem(code: ProblemCode, more: ProblemMore = {}): APIGatewayProxyStructuredResultV2 {
  const [status, title] = problems[code];
  const { detail = `${title}.`, retryAfterSeconds, ...members } = more;
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({ type: `urn:zeus-payments:problem:${code}`, title, status, code, detail, ...members }),
  };
}

/** Invalid input on its way out of a parser: the one thing that handlers answer by catching it. */
export class InvalidInput extends Error {
  readonly answer: APIGatewayProxyStructuredResultV2;

  constructor(code: ProblemCode, more?: ProblemMore) {
    super(code);
    this.answer = problem(code, more);
  }
}
