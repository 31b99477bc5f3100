import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';

/** Created with a value that no function accepts; the real one is put in after the first deployment, past CDK. */
export function createSecret(scope: Construct): Secret {
  return new Secret(scope, 'Secret', {
    description: 'IP codes, keys and the path token of the callback URLs',
    generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'notFilledYet' },
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
