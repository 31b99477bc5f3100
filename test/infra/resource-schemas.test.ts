import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, type TemplateBody } from './resource-schemas.ts';
import { templateWith } from './template.ts';

/** Between them every setting that changes the template. */
const settings: Record<string, unknown>[] = [
  {},
  { methods: 'cvs' },
  { methods: 'carrier', alarmEmail: 'alarm@example.com', accountConcurrency: 1000, account: '123456789012' },
  { authorization: 'jwt', jwtIssuer: 'https://issuer.example', jwtAudience: 'shop', logRetentionDays: 30 },
  { callbackSources: ['192.0.2.1'], tracing: 'active' },
  {
    apiDomain: 'payments.example.com',
    apiCertificateArn: 'arn:aws:acm:ap-northeast-1:123456789012:certificate/12ab-34cd',
    restoredTable: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/restored/stream/2026-12-01T00:00:00.000',
  },
];

for (const context of settings) {
  test(`AWS's schemas of every resource: ${JSON.stringify(context)}`, () => {
    assert.deepEqual(faultsOf(templateWith(context).toJSON() as TemplateBody), []);
  });
}

test('the check finds what is wrong', () => {
  const template = {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'soon', Colour: 'red' } },
      Fn: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: {},
          Runtime: { Ref: 'Gone' },
          Role: { 'Fn::GetAtt': ['Queue', 'Length'] },
          TracingConfig: { Mode: 'Sometimes' },
          Environment: { Variable: {} },
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      Odd: { Type: 'AWS::SQS::Stack' },
    },
  };
  assert.deepEqual(faultsOf(template), [
    'Queue.VisibilityTimeout: "soon" is no whole number',
    'Queue: there is no Colour',
    'Fn.TracingConfig.Mode: "Sometimes" is no Active|PassThrough',
    'Fn.Environment: there is no Variable',
    'Role: AssumeRolePolicyDocument is required',
    'Odd: AWS has no AWS::SQS::Stack',
    'template.Fn.Properties.Runtime: Ref of Gone, which is not there',
    'template.Fn.Properties.Role: Queue has no attribute Length',
  ]);
});
