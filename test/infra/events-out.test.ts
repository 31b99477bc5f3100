import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionOf, type Resource, resourcesOf, templateWith } from './template.ts';

const template = templateWith({ deploymentId: 'shop-1' });
const only = (type: string, wanted = /./): { id: string } & Resource['Properties'] => {
  const [found, ...others] = Object.entries(resourcesOf(template, type)).filter(([id]) => wanted.test(id));
  assert.ok(found);
  assert.equal(others.length, 0, `more than one ${type}`);
  return { id: found[0], ...found[1].Properties };
};
const failures = () => only('AWS::SQS::Queue', /^PublishFailures/);
const streamMapping = () => {
  const mappings = Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping'));
  const [found, ...others] = mappings.filter(({ Properties }) => Properties.StartingPosition !== undefined);
  assert.equal(others.length, 0);
  return found?.Properties ?? {};
};

test('the bus is named after the deployment, and the output names it', () => {
  const { id, Name } = only('AWS::Events::EventBus');
  assert.equal(Name, 'zeus-payments-shop-1');
  assert.deepEqual(template.toJSON().Outputs.EventBusName.Value, { Ref: id });
});

test("the table's stream has both images and feeds the function, in order and within bounds", () => {
  const table = only('AWS::DynamoDB::GlobalTable');
  assert.deepEqual(table.StreamSpecification, { StreamViewType: 'NEW_AND_OLD_IMAGES' });
  assert.deepEqual(streamMapping(), {
    FunctionName: { Ref: functionOf(template, 'publish').id },
    EventSourceArn: { 'Fn::GetAtt': [table.id, 'StreamArn'] },
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 100,
    ParallelizationFactor: 1,
    BisectBatchOnFunctionError: true,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 30,
    MaximumRecordAgeInSeconds: 12 * 3600,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [failures().id, 'Arn'] } } },
  });
});

test('the failure queue is encrypted, keeps what it has for 14 days, and is reached by TLS alone', () => {
  const queue = failures();
  assert.equal(queue.SqsManagedSseEnabled, true);
  assert.equal(queue.MessageRetentionPeriod, 14 * 24 * 3600);
  const policies = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).map(policy => policy.Properties);
  const own = policies.find(({ Queues }) => Queues[0].Ref === queue.id);
  assert.deepEqual(own?.PolicyDocument.Statement, [
    {
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: { 'Fn::GetAtt': [queue.id, 'Arn'] },
    },
  ]);
});

test('events go out whatever methods are deployed', () => {
  assert.ok(functionOf(templateWith({ methods: 'cvs' }), 'publish'));
});
