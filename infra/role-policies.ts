import { type CfnElement, CfnOutput, Token, Validations } from 'aws-cdk-lib';
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
    const paths = ofRole.map(([method, path]) => [method, path.replaceAll(/\{\w+\}/g, '*')] as const);
    const resources = paths.map(([method, path]) => api.arnForExecuteApi(method, path, '$default'));
    const policy = new ManagedPolicy(api, id, {
      description: `May call the payments API in the role ${role}`,
      statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources })],
    });
    for (const [method, path] of paths.filter(([, path]) => path.includes('*')))
      acknowledgeWildcard(policy, api, method + path);
    new CfnOutput(api.stack, `${id}Arn`, { value: policy.managedPolicyArn });
  }
}

/** The finding's name holds the whole ARN as cdk-nag prints it. */
function acknowledgeWildcard(policy: ManagedPolicy, api: HttpApi, methodAndPath: string): void {
  const { region, account } = api.stack;
  const apiId = api.stack.getLogicalId(api.node.defaultChild as CfnElement);
  const owner = Token.isUnresolved(account) ? '<AWS::AccountId>' : account;
  const arn = `arn:aws:execute-api:${region}:${owner}:<${apiId}>/$default/${methodAndPath}`;
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${arn}]`,
    reason: 'The wildcard stands for the order ID of one route: whoever may call the route may name any order.',
  });
}
