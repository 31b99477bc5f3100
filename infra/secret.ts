import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type SecretPart, secretParts } from './secret-parts.ts';

/** Created with a value that no function accepts; the real one is put in after the first deployment, past CDK. */
export function createSecret(scope: Construct, part: SecretPart): Secret {
  const secret = new Secret(scope, secretParts[part].id, {
    description: secretParts[part].description,
    generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'notFilledYet' },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'Vendor and shop keep the other copy of these values, so they are changed on both sides by hand.',
  });
  return secret;
}
