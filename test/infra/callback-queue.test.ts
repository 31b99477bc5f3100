import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionOf, type Resource, resourcesOf, templateWith } from './template.ts';

const template = templateWith();
const queues = resourcesOf(template, 'AWS::SQS::Queue');

function queueNamed(start: string): { id: string } & Resource {
  const found = Object.entries(queues).find(([id]) => id.startsWith(start));
  assert.ok(found, start);
  return { id: found[0], ...found[1] };
}

test('a callback waits encrypted, is retried for a day, and is then kept 13 days for an operator', () => {
  const deadLetters = queueNamed('CallbackDeadLetters');
  const { Properties } = queueNamed('CallbackQueue');
  assert.deepEqual(Properties, {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 14 * 86_400,
    VisibilityTimeout: 120,
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters.id, 'Arn'] }, maxReceiveCount: 720 },
  });
  for (const queue of [deadLetters, queueNamed('CallbackQueue')]) {
    assert.equal(queue.DeletionPolicy, 'RetainExceptOnCreate', 'the only copy of a callback outlives the stack');
    assert.equal(queue.UpdateReplacePolicy, 'Retain');
  }
  assert.deepEqual(deadLetters.Properties, { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
});

test('its consumer reports what failed, few at a time, well within the visibility time-out', () => {
  const consumer = functionOf(template, 'callback-retry');
  const queue = queueNamed('CallbackQueue');
  const mappings = Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping')).map(it => it.Properties);
  const ofQueue = mappings.filter(mapping => JSON.stringify(mapping.EventSourceArn).includes(queue.id));
  assert.deepEqual(ofQueue, [
    {
      BatchSize: 10,
      EventSourceArn: { 'Fn::GetAtt': [queue.id, 'Arn'] },
      FunctionName: { Ref: consumer.id },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    },
  ]);
  assert.ok(queue.Properties.VisibilityTimeout >= 6 * consumer.Properties.Timeout);
});

test('no queue may be reached without TLS', () => {
  const policies = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).map(it => it.Properties);
  const protectedQueues = policies.flatMap(({ Queues, PolicyDocument }) => {
    const [statement] = PolicyDocument.Statement;
    assert.deepEqual([statement.Effect, statement.Action, statement.Principal], ['Deny', 'sqs:*', { AWS: '*' }]);
    assert.deepEqual(statement.Condition, { Bool: { 'aws:SecureTransport': 'false' } });
    return Queues.map(({ Ref }: { Ref: string }) => Ref);
  });
  assert.deepEqual(protectedQueues.sort(), Object.keys(queues).sort());
});
