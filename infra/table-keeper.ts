import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Denies the deletion of the table to the roles that it is attached to. Its name is fixed, IAM's names count in the whole account,
 * and it is kept as long as the table: so a second stack with this deploymentId, in another region or after the first was deleted,
 * fails instead of making an empty table under which old idempotency keys would charge again.
 */
export function createTableKeeper(scope: Construct, table: TableV2, deploymentId: string): void {
  const policy = new ManagedPolicy(scope, 'TableKeeper', {
    managedPolicyName: `zeus-payments-${deploymentId}-table`,
    description: `Denies the deletion of the table of ${deploymentId}, and stands for it in the account`,
    statements: [
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['dynamodb:DeleteTable', 'dynamodb:UpdateContinuousBackups'],
        resources: [table.tableArn],
      }),
    ],
  });
  policy.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  new CfnOutput(scope, 'TableKeeperArn', { value: policy.managedPolicyArn });
}
