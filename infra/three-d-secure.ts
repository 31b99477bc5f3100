import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const asked = 'Japanese card acceptance on the web has needed EMV 3-D Secure since April 2025';

/** Nothing in the stack itself makes the shop use it, unless it is required. */
export function warnWithoutThreeDSecure(scope: Construct, { methods, threeDSecure }: Settings): void {
  if (!methods.includes('card') || threeDSecure === 'required') return;
  const state =
    threeDSecure === 'off'
      ? 'off, so that no card can be authenticated'
      : 'optional, so that POST /card/charges charges without it';
  Annotations.of(scope).addWarningV2(
    'zeus-payments:three-d-secure',
    `threeDSecure is ${state}: ${asked}. See docs/three-d-secure.md`,
  );
}
