/** The one request in which card data leaves the browser: to the gateway, without cookies, following no redirect. */
import {
  decodeToken,
  type ParseXml,
  type Token,
  type TokenFault,
  tokenContentType,
  tokenFault,
  tokenPath,
} from '../../shared/zeus/operations/token.ts';
import { readXml } from './read-xml.ts';

export const defaultGateway = 'https://linkpt.cardservice.co.jp';

/** `invalid_input`: nothing was sent. `refused`: the gateway named a code. `malformed`: its answer was none of the manual's. */
export type TokenFailureReason =
  | 'invalid_input'
  | 'refused'
  | 'maintenance'
  | 'unreachable'
  | 'timed_out'
  | 'aborted'
  | 'http_error'
  | 'malformed';

export interface TokenFailure {
  kind: 'failed';
  reason: TokenFailureReason;
  /** At least one; several only for `invalid_input`. */
  faults: readonly TokenFault[];
}

export type TokenResult = { kind: 'token'; token: Token } | TokenFailure;

export interface TokenGateway {
  gatewayUrl: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** For where there is no DOM. */
  parse?: ParseXml;
}

/** Posts what `encodeNewCard` or `encodeQuick` gave. Never rejects, but for a gateway that is neither https nor local. */
export async function requestToken(xml: string, gateway: TokenGateway): Promise<TokenResult> {
  const url = addressOf(tokenPath, gateway.gatewayUrl);
  const timeout = AbortSignal.timeout(gateway.timeoutMs);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': tokenContentType },
      body: xml,
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.any([timeout, gateway.signal ?? timeout]),
    });
    return read(answer.status, await answer.text(), gateway.parse ?? readXml);
  } catch {
    const reason = gateway.signal?.aborted ? 'aborted' : timeout.aborted ? 'timed_out' : 'unreachable';
    return failed(reason, [tokenFault('90100100')]);
  }
}

/** Throws for a gateway that is neither https nor local. */
export function addressOf(path: string, gatewayUrl: string): URL {
  const url = new URL(path, gatewayUrl);
  if (url.protocol !== 'https:' && !/^(localhost|127\.0\.0\.1)$/.test(url.hostname))
    throw new Error('The gateway must be https');
  return url;
}

function read(status: number, body: string, parse: ParseXml): TokenResult {
  const answer = decodeToken(status, body, parse);
  if (answer.kind === 'token') return answer;
  const { fault } = answer;
  if (status !== 200) return failed('http_error', [fault]);
  const { code } = fault;
  return failed(code === '88888888' ? 'maintenance' : code === '99999999' ? 'malformed' : 'refused', [fault]);
}

export function failed(reason: TokenFailureReason, faults: readonly TokenFault[]): TokenFailure {
  return { kind: 'failed', reason, faults };
}
