/**
 * Authentication result (AuthReq): asks the gateway whether the payer of a session was authenticated. The letter that the
 * browser brought travels along; the gateway's own record decides. three-d-secure.md, 3.3 and section 5; frame: secure-link.ts.
 * Moves no money and may be repeated, though a repeat may be refused because its session moved on. The root of the
 * response is `response`, in one sample `request`. 001, 002 authenticated; 003, 004 attempted; the status decides.
 */
import type { Outcome } from '../../domain/outcome.ts';
import { notInManual } from '../wire/answer-body.ts';
import { characters, checkFields, type Field } from '../wire/fields.ts';
import { secureRefusal } from '../wire/secure-codes.ts';
import { post, readAnswer, requestOf, textElement, xidKind } from '../wire/secure-link.ts';
import type { Reply, Send } from '../wire/transport.ts';

export const fields: readonly Field[] = [
  { wire: 'xid', field: 'md', kind: xidKind },
  { wire: 'PaRes', field: 'paRes', kind: characters('a letter from A to Z', /^[A-Z]$/, 1, 1) },
];

export interface AuthenticationResult {
  xid: string;
  paRes: string;
}

export type AuthenticationOutcome = { kind: 'authenticated'; code: string | null } | Exclude<Outcome, { kind: 'done' }>;

export function encode({ xid, paRes }: AuthenticationResult): Buffer {
  const values = checkFields(fields, { xid, PaRes: paRes });
  return requestOf('authentication', values.map(([name, value]) => textElement(name, value)).join(''));
}

const sessionOver = '02100110';
const notAuthenticated = '02100112';

export function decode(reply: Reply): AuthenticationOutcome {
  const answer = readAnswer(reply, 'authentication', ['response', 'request']);
  if (answer.kind !== 'answer') return answer;
  const { status, code } = answer;
  switch (status) {
    case 'success':
      return { kind: 'authenticated', code };
    case 'failure':
      return secureRefusal('authentication_failed', code);
    case 'invalid':
      if (code === sessionOver) return secureRefusal('authentication_expired', code, 'expired');
      return secureRefusal(code === notAuthenticated ? 'authentication_failed' : 'invalid_parameter', code);
    default:
      return notInManual;
  }
}

export async function authenticationResult(
  send: Send,
  result: AuthenticationResult,
  timeoutMs?: number,
): Promise<AuthenticationOutcome> {
  return decode(await post(send, encode(result), timeoutMs));
}
