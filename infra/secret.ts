import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** Created with a value that no function accepts; the real one is put in after the first deployment, past CDK. */
export function createSecret(scope: Construct): Secret {
  const secret = new Secret(scope, 'Secret', {
    description: 'IP codes, keys and the path token of the callback URLs',
    generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'notFilledYet' },
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'The vendor issues these values and changes them by hand, and the path token is part of registered URLs.',
  });
  return secret;
}
