/** How long a client of the AWS SDK waits and how often it tries. By default the SDK waits for minutes. */
export interface Limits {
  /** At least 1. The SDK repeats what was throttled, failed with a 5xx, broke off or timed out. */
  maxAttempts: number;
  /** Of one attempt: until the response begins, and then until the next of its bytes. */
  attemptMs: number;
  /** Of all attempts together, where they may not take as long as they could. */
  callMs?: number;
}

/** Connections stay within a region. */
const connectionTimeout = 1000;

/** The client's options. Without `throwOnRequestTimeout` an expired `requestTimeout` only logs a warning. */
export const optionsOf = ({ maxAttempts, attemptMs }: Limits) => ({
  maxAttempts,
  requestHandler: {
    connectionTimeout,
    requestTimeout: attemptMs,
    socketTimeout: attemptMs,
    throwOnRequestTimeout: true,
  },
});

/** The longest that one call takes, all its attempts included. Throttled, the SDK pauses up to 1 s, then 2 s, 4 s … */
export const callLimitMs = ({ maxAttempts, attemptMs, callMs = Number.POSITIVE_INFINITY }: Limits): number =>
  Math.min(callMs, maxAttempts * attemptMs + 1000 * (2 ** (maxAttempts - 1) - 1));

interface Sender {
  send(command: never, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

/**
 * Ends every `send` after `callLimitMs`, with an `AbortError`: no other limit ends a response that trickles in byte by byte.
 * Changes the client itself, so that what the SDK builds on it (paginators) is limited too.
 */
export function limitCalls<C extends Sender>(client: C, limits: Limits): C {
  const send = client.send.bind(client);
  const milliseconds = callLimitMs(limits);
  const limited: Sender['send'] = (command, options) =>
    send(command, { abortSignal: AbortSignal.timeout(milliseconds), ...options });
  return Object.assign(client, { send: limited });
}
