import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignatureV4 } from '@smithy/signature-v4';
import { Complaint } from './run.ts';

export interface AccountLimits {
  /** The quota of concurrent runs, which all functions of the account and region share. */
  quota: number;
  /** What no function has reserved. */
  unreserved: number;
}

/** Lambda's GetAccountSettings. `endpoint` only where it is not AWS's own. */
export async function readAccountLimits(
  region: string,
  endpoint = process.env.AWS_ENDPOINT_URL_LAMBDA ?? `https://lambda.${region}.amazonaws.com`,
): Promise<AccountLimits> {
  const { credentials, sha256 } = new SecretsManagerClient({ region }).config;
  const url = new URL('/2016-08-19/account-settings/', endpoint);
  const signed = await new SignatureV4({ service: 'lambda', region, credentials, sha256 }).sign({
    method: 'GET',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host },
  });
  const { host: _, ...headers } = signed.headers;
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Complaint(`AWS Lambda answered HTTP ${answer.status} to GetAccountSettings`);
  const { AccountLimit } = (await answer.json()) as {
    AccountLimit: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
  };
  return { quota: AccountLimit.ConcurrentExecutions, unreserved: AccountLimit.UnreservedConcurrentExecutions };
}
