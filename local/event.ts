import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Answer, Request } from './server.ts';

/** What only the HTTP API knows; a function URL has one route and no parameters. */
export interface MatchedRoute {
  routeKey: string;
  pathParameters: Record<string, string>;
}

/** The event of payload format 2.0, which HTTP APIs and function URLs share. */
export function toEvent(request: Request, matched: MatchedRoute | null): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = request.headers;
  const query = new URLSearchParams(request.rawQuery);
  const isText = isTextual(headers['content-type']);
  const routeKey = matched?.routeKey ?? '$default';
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(cookie !== undefined && { cookies: cookie.split(/[;,] ?/) }),
    headers: { ...headers, ...forwardingHeaders(request) },
    ...(request.rawQuery !== '' && { queryStringParameters: joinRepeated(query) }),
    ...(matched && Object.keys(matched.pathParameters).length > 0 && { pathParameters: matched.pathParameters }),
    requestContext: requestContext(request, routeKey),
    ...(request.body.length > 0 && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** What a function's result (JSON) becomes; null where it is no answer of the format. */
export function toAnswer(result: string): Answer | null {
  const value: unknown = JSON.parse(result);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: result };
  }
  const { statusCode, headers = {}, cookies, body = '', isBase64Encoded } = value as Record<string, unknown>;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== 'string') return null;
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...lowerCaseNames(headers as Record<string, unknown>),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

/** Everything else, forms and bodies without a type among it, reaches the function in base64. */
function isTextual(contentType: string | undefined): boolean {
  return /^(text\/|application\/(json|javascript|xml)\b|application\/[^;]*\+(json|xml)\b)/i.test(contentType ?? '');
}

function forwardingHeaders({ headers, sourceIp }: Request): Record<string, string> {
  const before = headers['x-forwarded-for'];
  return {
    'x-forwarded-for': before ? `${before}, ${sourceIp}` : sourceIp,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    'x-amzn-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
  };
}

function requestContext(request: Request, routeKey: string): APIGatewayProxyEventV2['requestContext'] {
  const domainName = request.headers.host ?? '127.0.0.1';
  const now = new Date();
  return {
    accountId: '000000000000',
    apiId: 'local',
    domainName,
    domainPrefix: domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path: request.path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey,
    stage: '$default',
    time: commonLogTime(now),
    timeEpoch: now.getTime(),
  };
}

/** 20/Nov/2026:03:04:05 +0000 */
function commonLogTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(/,? /);
  return `${day}/${month}/${year}:${time} +0000`;
}

function joinRepeated(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query.keys()].map(name => [name, query.getAll(name).join(',')]));
}

function lowerCaseNames(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
