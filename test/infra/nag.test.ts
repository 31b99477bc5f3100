import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type App, CfnResource, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { appWith } from './template.ts';

/** Every rule that is not followed, and where. Its reason stands beside the construct. */
const acknowledged = [
  'CardKeySecret: AwsSolutions-SMG4',
  'CarrierKeySecret: AwsSolutions-SMG4',
  'IpCodesSecret: AwsSolutions-SMG4',
  'PathTokenSecret: AwsSolutions-SMG4',
  'PublishFailures: AwsSolutions-SQS3',
  ...['DELETE/carrier/orders/*/settlement', 'POST/card/charges/*/cancel', 'POST/carrier/orders/*/return'].map(operate),
  ...['POST/carrier/orders/*/settlement', 'POST/orders/*/resolution'].map(operate),
  wildcard('ChargePolicy', 'POST/card/charges/*/completion'),
  wildcard('ReadPolicy', 'GET/orders/*'),
];

function operate(route: string): string {
  return wildcard('OperatePolicy', route);
}

/** A policy that names the orders of a route by a wildcard. */
function wildcard(policy: string, route: string): string {
  const api = 'arn:aws:execute-api:ap-northeast-1:<AWS::AccountId>:<ApiF70053CD>/$default';
  return `Api/${policy}: AwsSolutions-IAM5[Resource::${api}/${route}]`;
}

const violationsIn = (app: App): string[] => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${constructPath}: ${ruleName}`),
  );
};

for (const context of [
  { alarmEmail: 'alarm@example.com' },
  { authorization: 'jwt', jwtIssuer: 'https://issuer.example', jwtAudience: 'shop' },
  { methods: 'cvs', accountConcurrency: 1000 },
  { account: '123456789012', region: 'ap-northeast-3' },
]) {
  test(`AwsSolutions and CDK's own rules find nothing with ${JSON.stringify(context)}`, () => {
    const { app } = appWith(context);
    assert.deepEqual(violationsIn(app), []);
    assert.doesNotThrow(() => app.synth());
  });
}

test('what is acknowledged is written down here, each with a reason, on one construct alone', () => {
  const { stack } = appWith();
  const found = stack.node.findAll().flatMap(construct =>
    acknowledgementsOf(construct).map(({ id, reason }) => {
      assert.ok(reason && reason.length > 30, `${id} has no reason`);
      return `${construct.node.path.replace(`${stack.node.path}/`, '')}: ${id}`;
    }),
  );
  assert.deepEqual(found.sort(), acknowledged.toSorted());
});

test('the rules do run: a secret without an acknowledgement is a finding, and so is a queue of a wrong kind', () => {
  const { app, stack } = appWith();
  new Secret(stack, 'Bare');
  assert.deepEqual(violationsIn(app), ['zeus-payments-test/Bare/Resource: AwsSolutions-SMG4']);
  new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { FifoQueue: 'maybe' } });
  assert.throws(() => app.synth(), /ValidationFailed|Validation failed/);
});

function acknowledgementsOf({ node }: IConstruct): { id: string; reason: string }[] {
  const entries = node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  return entries.flatMap(({ data }) =>
    Object.entries(data).map(([id, reason]) => ({ id: id.replace('Annotation::', ''), reason: String(reason) })),
  );
}
