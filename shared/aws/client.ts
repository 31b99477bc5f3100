/**
 * The AWS services that we call, over the SDK's own signer, HTTP handler and retry strategy. What its clients add
 * (schemas, endpoint rules, configuration files, a chain of credential sources) a Lambda function has no use for, and
 * pays for in every cold start (`npm run bench -- cold-start`). Endpoint rules left out: FIPS, dual stack, China.
 * All four services speak JSON over a POST to `/`, and `X-Amz-Target` names the operation.
 */
import type { Readable } from 'node:stream';
import { Sha256 } from '@smithy/core/checksum';
import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, HttpRequest, HttpResponse } from '@smithy/types';

/** By the name in host and signature. */
const services = {
  dynamodb: { target: 'DynamoDB_20120810', json: '1.0' },
  events: { target: 'AWSEvents', json: '1.1' },
  secretsmanager: { target: 'secretsmanager', json: '1.1' },
  sqs: { target: 'AmazonSQS', json: '1.0' },
} as const;

export interface Access {
  region: string;
  credentials: AwsCredentialIdentity;
  /** Instead of the service's own address. */
  endpoint: string | null;
}

export interface Patience {
  /** At least 1. */
  maxAttempts: number;
  /** Of one attempt, from the call to the last byte. */
  timeoutMs: number;
}

/** What each operation takes and answers. */
export type Operations<O> = Record<keyof O, { input: object; output: object }>;
export type Call<O extends Operations<O>> = <N extends keyof O & string>(
  operation: N,
  input: O[N]['input'],
) => Promise<O[N]['output']>;

/** What a service refused: `name` is its code, `answer` all that it said. `$metadata` is what the retry strategy looks at. */
export class ServiceError extends Error {
  readonly answer: Record<string, unknown>;
  readonly $metadata: { httpStatusCode: number; clockSkewCorrected?: true };

  constructor(status: number, answer: Record<string, unknown>) {
    super(String(answer.message ?? answer.Message ?? ''));
    this.name = /[^#:]+(?=:|$)/.exec(String(answer.__type ?? ''))?.[0] ?? 'UnknownError';
    this.answer = answer;
    this.$metadata = { httpStatusCode: status };
  }
}

/** A 200 that says nothing readable. By `$retryable` the retry strategy knows that it may pass. */
class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
  readonly $retryable = {};
}

/** Connections are made within a region; the SDK has no limit of its own. */
const connectionTimeout = 1000;
/** The SDK's DynamoDB client waits half as long before its first repeat, the other three as long. */
const firstPauseMs = 50;
/** Services refuse what was signed more than 5 minutes off. */
const toleratedSkewMs = 4 * 60_000;
/** InvalidSignatureException, RequestTimeTooSkewed, RequestExpired, RequestInTheFuture and the like. */
const clockRefusal = /Signature|Skewed|Expired|InTheFuture/;

/**
 * Repeats what was throttled, failed on the other side, broke off, timed out or was signed by a wrong clock; so a write may
 * have been done by an attempt before. Between attempts it pauses up to 50 ms, then 100, 200 …; throttled, up to 1 s, 2 s …
 * Rejects with a `ServiceError`, with `TimeoutError` or `UnreadableAnswer` by name, or with what broke the connection.
 */
export function createClient<O extends Operations<O>>(
  service: keyof typeof services,
  { region, credentials, endpoint }: Access,
  { maxAttempts, timeoutMs }: Patience,
): Call<O> {
  const { target, json } = services[service];
  const { protocol, hostname, port, host } = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const handler = new NodeHttpHandler({ connectionTimeout });
  const retries = new StandardRetryStrategy({ maxAttempts, baseDelay: firstPauseMs });
  /** How far the services' clock is ahead of ours. */
  let skewMs = 0;

  async function attempt(operation: string, body: string): Promise<object> {
    const request: HttpRequest = {
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: '/',
      query: {},
      headers: {
        host,
        'content-length': String(Buffer.byteLength(body)),
        'content-type': `application/x-amz-json-${json}`,
        'x-amz-target': `${target}.${operation}`,
      },
      body,
    };
    const signed = await signer.sign(request, { signingDate: new Date(Date.now() + skewMs) });
    const abortSignal = AbortSignal.timeout(timeoutMs);
    try {
      const { response } = await handler.handle(signed as Parameters<typeof handler.handle>[0], { abortSignal });
      return await read(response);
    } catch (error) {
      if (!abortSignal.aborted) throw error;
      throw Object.assign(new Error(`No answer within ${timeoutMs} ms.`), { name: 'TimeoutError' });
    }
  }

  async function read({ statusCode, headers, body }: HttpResponse): Promise<object> {
    const answer = parseJson(await textOf(body));
    if (statusCode !== 200) throw refusal(new ServiceError(statusCode, answer ?? {}), headers.date);
    if (answer === null) throw new UnreadableAnswer('A 200 without JSON.');
    return answer;
  }

  /** A clock that turns out wrong is corrected, and what was refused for it is signed again. */
  function refusal(error: ServiceError, date = ''): ServiceError {
    const skewNow = Date.parse(date) - Date.now();
    if (clockRefusal.test(error.name) && Math.abs(skewNow - skewMs) > toleratedSkewMs) {
      skewMs = skewNow;
      error.$metadata.clockSkewCorrected = true;
    }
    return error;
  }

  return async (operation, input) => {
    const body = JSON.stringify(input);
    let token = await retries.acquireInitialRetryToken(service);
    for (;;) {
      try {
        const answer = await attempt(operation, body);
        retries.recordSuccess(token);
        return answer;
      } catch (error) {
        const errorType = typeOf(error as Failure);
        const next = await retries.refreshRetryTokenForRetry(token, { errorType }).catch(() => null);
        if (!next) throw error;
        token = next;
      }
    }
  };
}

type Failure = Parameters<typeof isTransientError>[0];

function typeOf(error: Failure) {
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}

/** Rejects where the body breaks off. */
function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) =>
    body
      .on('data', chunk => chunks.push(chunk))
      .once('end', () => resolve(Buffer.concat(chunks).toString()))
      .once('error', reject),
  );
}

/** Null for what is no JSON object: a load balancer's page, or nothing. */
function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
