import assert from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { createSchedule } from '../../infra/schedule.ts';

test('a scheduled function runs at its rate, on JST, and nothing repeats a failed run', () => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), 'Test');
  const fn = new LambdaFunction(stack, 'Fn', {
    code: Code.fromInline('//'),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
  });
  createSchedule(fn, 5);
  const template = Template.fromStack(stack);
  const arn = stack.resolve(fn.functionArn);
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(5 minutes)',
    ScheduleExpressionTimezone: 'Asia/Tokyo',
    Target: { Arn: arn, RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 } },
  });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 300,
  });
  const roles = Object.values(template.findResources('AWS::IAM::Role')).map(role => role.Properties);
  const ofScheduler = roles.find(role => JSON.stringify(role).includes('scheduler.amazonaws.com'));
  assert.deepEqual(ofScheduler?.Policies[0].PolicyDocument.Statement, [
    { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arn },
  ]);
});
