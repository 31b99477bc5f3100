import { SignatureV4 } from '@smithy/signature-v4';
import { type Outputs, secretsManagerOf } from './outputs.ts';

export interface ApiCall {
  method: string;
  /** With its query, as in `/orders?attention=true`. */
  path: string;
  idempotencyKey?: string;
  body?: string;
}

export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends calls to the deployed API: signed (SigV4) with the credentials that the AWS SDK finds, or with a bearer token. */
export function apiOf(
  { apiUrl, ...stack }: Pick<Outputs, 'apiUrl' | 'region' | 'secretsEndpoint'>,
  bearer = process.env.API_TOKEN,
) {
  const { region } = stack;
  const { credentials, sha256 } = secretsManagerOf(stack).config;
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256 });
  return async ({ method, path, idempotencyKey, body }: ApiCall): Promise<ApiAnswer> => {
    const url = new URL(apiUrl + path);
    const headers = {
      host: url.host,
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const request = {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body,
    };
    const sent = bearer ? { ...headers, authorization: `Bearer ${bearer}` } : (await signer.sign(request)).headers;
    const { host: _, ...rest } = sent as Record<string, string>;
    const answer = await fetch(url, { method, headers: rest, ...(body !== undefined && { body }) });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}
