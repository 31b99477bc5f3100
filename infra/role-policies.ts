import { CfnOutput, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Role } from './functions.ts';
import { type Routes, split } from './http-api.ts';

const policyIds: Record<Role, string> = { charge: 'ChargePolicy', operate: 'OperatePolicy', read: 'ReadPolicy' };

/** One managed policy for each role, to attach to the callers' IAM roles. It allows the role's routes and nothing else. */
export function createRolePolicies(api: HttpApi, routes: Routes): void {
  for (const [role, id] of Object.entries(policyIds)) {
    const ofRole = Object.entries(routes).flatMap(([route, needed]) => (needed === role ? [split(route)] : []));
    // A path parameter is a wildcard: a caller of a route may name any order.
    const resources = ofRole.map(([method, path]) =>
      api.arnForExecuteApi(method, path.replaceAll(/\{\w+\}/g, '*'), '$default'),
    );
    const policy = new ManagedPolicy(api, id, {
      description: `May call the payments API in the role ${role}`,
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
    for (const arn of resources) if (arn.includes('*')) acknowledgeWildcard(policy, arn);
    new CfnOutput(api.stack, `${id}Arn`, { value: policy.managedPolicyArn });
  }
}

function acknowledgeWildcard(policy: ManagedPolicy, arn: string): void {
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${printed(policy.stack.resolve(arn))}]`,
    reason: 'The wildcard stands for the order ID of one route: a caller of the route may name any order.',
  });
}

/** As cdk-nag prints what is known only when it is deployed: `<ApiF70053CD>`. */
function printed(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(printed).join('');
  return `<${String(argument)}>`;
}
