import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SMALLEST_QUOTA } from './concurrency.ts';
import type { Settings } from './settings.ts';

/** What may be deployed, but should not go live. */
export function warn(scope: Construct, { accountConcurrency, alarmEmail, account }: Settings): void {
  const warnings = {
    'account-concurrency':
      accountConcurrency < SMALLEST_QUOTA &&
      `accountConcurrency is ${accountConcurrency}: nothing can be reserved, so a gateway that hangs stops callbacks too. Request a quota of 1000 concurrent executions, read it with npm run check-account, and set it`,
    'alarm-email': alarmEmail === null && 'alarmEmail is not set: alarms show in the console only',
    account: account === null && 'account is not set: credentials of another account would create an empty table there',
  };
  for (const [id, message] of Object.entries(warnings)) {
    if (message) Annotations.of(scope).addWarningV2(`zeus-payments:${id}`, message);
  }
}
