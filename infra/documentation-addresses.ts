import { Annotations, CfnParameter, CfnRule, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { documentationAddresses } from './settings.ts';

/** A fresh clone synthesises with addresses from documentation ranges; CloudFormation then refuses to deploy the template. */
export function refuseDocumentationAddresses(scope: Construct, callbackSources: readonly string[]): void {
  const placeholders = documentationAddresses(callbackSources);
  if (placeholders.length === 0) return;
  const message = `callbackSources holds documentation addresses (${placeholders.join(', ')}): set the gateway's real ones in cdk.json or with -c callbackSources=…`;
  Annotations.of(scope).addWarningV2(
    'zeus-payments:documentation-addresses',
    `${message}. This template cannot be deployed`,
  );
  // Rules judge parameters only, so there is one, with a single value that is not the one asked for.
  const kind = new CfnParameter(scope, 'CallbackSourcesKind', {
    default: 'documentation',
    allowedValues: ['documentation'],
    description: 'Says that callbackSources are placeholders',
  });
  new CfnRule(scope, 'RefuseDocumentationAddresses', {
    assertions: [{ assert: Fn.conditionEquals(kind.valueAsString, 'real'), assertDescription: message }],
  });
}
