import { toAnswer, toEvent } from './event.ts';
import type { Invoke } from './lambda.ts';
import type { Answer, Request } from './server.ts';

/** What Lambda accepts as one event. */
export const MAX_EVENT_BYTES = 6 * 1024 * 1024;

const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { 'content-type': 'application/json' },
  body: 'Internal Server Error',
};

/** A function URL's part: every method and path goes to the one function; a failed run is a 502. */
export async function answerByFunction(invoke: Invoke, request: Request): Promise<Answer> {
  const result = await invoke(toEvent(request, null));
  return (result.kind === 'returned' ? toAnswer(result.payload) : null) ?? BAD_GATEWAY;
}
