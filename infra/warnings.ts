import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { reservedInAll, SMALLEST_QUOTA, UNRESERVED } from './concurrency.ts';
import { deployedFunctions } from './functions.ts';
import type { Settings } from './settings.ts';

/** What may be deployed, but should not go live. */
export function warn(scope: Construct, settings: Settings): void {
  const { alarmEmail, account } = settings;
  const warnings = {
    'account-concurrency': concurrencyWarning(settings),
    'alarm-email': alarmEmail === null && 'alarmEmail is not set: alarms show in the console only',
    account: account === null && 'account is not set: credentials of another account would create an empty table there',
    'three-d-secure': threeDSecureWarning(settings),
  };
  for (const [id, message] of Object.entries(warnings)) {
    if (message) Annotations.of(scope).addWarningV2(`zeus-payments:${id}`, message);
  }
}

function concurrencyWarning(settings: Settings): string | false {
  const quota = settings.accountConcurrency;
  const reserved = reservedInAll(deployedFunctions(settings), quota);
  if (quota < SMALLEST_QUOTA)
    return `accountConcurrency is ${quota}: nothing can be reserved, so a gateway that hangs stops callbacks too. Request a quota of 1000 concurrent executions, read it with npm run check-account, and set it`;
  return (
    quota - reserved < UNRESERVED &&
    `accountConcurrency is ${quota}: ${reserved} are reserved, and AWS refuses to deploy what leaves less than ${UNRESERVED} of the account's. Request 1000`
  );
}

/** Nothing in the stack itself makes the shop use it, unless it is required. */
function threeDSecureWarning({ methods, threeDSecure }: Settings): string | false {
  if (!methods.includes('card') || threeDSecure === 'required') return false;
  const state =
    threeDSecure === 'off'
      ? 'off, so that no card can be authenticated'
      : 'optional, so that POST /card/charges charges without it';
  return `threeDSecure is ${state}: Japanese card acceptance on the web has needed EMV 3-D Secure since April 2025. See docs/three-d-secure.md`;
}
