import { type MatchedRoute, toAnswer, toEvent } from './event.ts';
import type { Invoke } from './lambda.ts';
import { type Answer, jsonAnswer, type Request } from './server.ts';

export interface Route {
  /** 'POST /card/charges/{orderId}/cancel' */
  routeKey: string;
  invoke: Invoke;
}

/** What API Gateway accepts in one request. */
export const MAX_REQUEST_BYTES = 10 * 1024 * 1024;
/** After this long it answers on its own, and the function runs on. */
const CUT_OFF_MS = 30_000;

/** The HTTP API's part: finds the route, calls its function, maps the result. Null: no route of this path. */
export async function answerByRoute(
  routes: readonly Route[],
  request: Request,
  cutOffMs = CUT_OFF_MS,
): Promise<Answer | null> {
  for (const { routeKey, invoke } of routes) {
    const matched = matchRoute(routeKey, request);
    if (matched) return callFunction(invoke, request, matched, cutOffMs);
  }
  return null;
}

export function matchRoute(routeKey: string, { method, path }: Request): MatchedRoute | null {
  const [wantedMethod, wantedPath = ''] = routeKey.split(' ');
  const wanted = wantedPath.split('/');
  const found = path.split('/');
  if (wantedMethod !== method || wanted.length !== found.length) return null;
  const pathParameters: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const value = found[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined ? segment !== value : value === '') return null;
    if (name !== undefined) pathParameters[name] = decodeSegment(value);
  }
  return { routeKey, pathParameters };
}

async function callFunction(
  invoke: Invoke,
  request: Request,
  matched: MatchedRoute,
  cutOffMs: number,
): Promise<Answer> {
  const { promise: cutOff, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, cutOffMs, null);
  const result = await Promise.race([invoke(toEvent(request, matched)), cutOff]);
  clearTimeout(timer);
  if (result === null) return jsonAnswer(503, { message: 'Service Unavailable' });
  const answer = result.kind === 'returned' ? toAnswer(result.payload) : null;
  return answer ?? jsonAnswer(500, { message: 'Internal Server Error' });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
