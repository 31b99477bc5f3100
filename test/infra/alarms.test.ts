import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import type { AttentionReason } from '../../shared/domain/words.ts';
import { functionOf, type Resource, resourcesOf, templateWith } from './template.ts';

const template = templateWith();
const alarms = Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
const namespace = 'zeus-payments/test';

/** Compiles only while it has every reason. */
const reasons: Record<AttentionReason, true> = {
  outcome_unknown: true,
  amount_mismatch: true,
  ip_code_mismatch: true,
  contradiction: true,
  duplicate_payment: true,
  cancel_failed: true,
  money_after_cancel: true,
  unlisted_status: true,
  unmatched: true,
  settlement_due: true,
  settled_elsewhere: true,
  test_payment: true,
  conflicting_parameters: true,
};

interface Watch {
  metric: string;
  of?: string;
  dimensions?: [name: string, value: unknown][];
  threshold: number;
  statistic?: string;
  below?: true;
  minutes?: number;
  periods?: [number, number];
  missing?: string;
}

const idOf = (type: string, start: string): string => {
  const id = Object.keys(resourcesOf(template, type)).find(name => name.startsWith(start));
  assert.ok(id, start);
  return id;
};
const ofQueue = (start: string): [string, unknown][] => [
  ['QueueName', { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', start), 'QueueName'] }],
];
const ofReason = (reason: string): [string, string][] => [['Reason', reason]];
const ofFunction = (name: string): [string, unknown][] => [['FunctionName', { Ref: functionOf(template, name).id }]];

/** Every alarm, written down a second time on purpose. The API waits 30 s for a function; slow is 80 % of the limit. */
const expected: Record<string, Watch> = {
  ...Object.fromEntries(
    Object.keys(reasons).map(reason => [
      `Attention-${reason}`,
      { metric: 'Attention', of: namespace, dimensions: ofReason(reason), threshold: 1 },
    ]),
  ),
  'CallbackRefused-source': { metric: 'CallbackRefused', of: namespace, dimensions: ofReason('source'), threshold: 1 },
  'CallbackRefused-path': { metric: 'CallbackRefused', of: namespace, dimensions: ofReason('path'), threshold: 1 },
  CallbackUnreadable: { metric: 'CallbackUnreadable', of: namespace, threshold: 1 },
  CallbackQueued: { metric: 'CallbackQueued', of: namespace, threshold: 1 },
  CallbackNotStored: { metric: 'CallbackNotStored', of: namespace, threshold: 1 },
  CallbacksWaiting: {
    metric: 'ApproximateAgeOfOldestMessage',
    of: 'AWS/SQS',
    dimensions: ofQueue('CallbackQueue'),
    threshold: 900,
    statistic: 'Maximum',
  },
  DueWorkLate: {
    metric: 'DueWorkDone',
    of: namespace,
    threshold: 1,
    below: true,
    minutes: 15,
    missing: 'breaching',
  },
  DueWorkLeft: { metric: 'DueWorkLeft', of: namespace, threshold: 1, statistic: 'Maximum', periods: [3, 3] },
  OldestUnknown: { metric: 'OldestUnknownMinutes', of: namespace, threshold: 60, statistic: 'Maximum' },
  'DeadLetters-callbacks': {
    metric: 'ApproximateNumberOfMessagesVisible',
    of: 'AWS/SQS',
    dimensions: ofQueue('CallbackDeadLetters'),
    threshold: 1,
    statistic: 'Maximum',
  },
  'DeadLetters-events': {
    metric: 'ApproximateNumberOfMessagesVisible',
    of: 'AWS/SQS',
    dimensions: ofQueue('PublishFailures'),
    threshold: 1,
    statistic: 'Maximum',
  },
  ApiFailures: {
    metric: '5xx',
    of: 'AWS/ApiGateway',
    dimensions: [['ApiId', { Ref: idOf('AWS::ApiGatewayV2::Api', 'Api') }]],
    threshold: 1,
  },
  ...Object.fromEntries(
    functions.flatMap(({ name, trigger, timeoutSeconds }) => {
      const limit = 'routes' in trigger && timeoutSeconds > 30 ? 30 : timeoutSeconds;
      const common = { of: 'AWS/Lambda', dimensions: ofFunction(name), threshold: 1 };
      const slow = { metric: 'Duration', threshold: limit * 800, statistic: 'p99', periods: [2, 3] };
      return [
        [`Errors-${name}`, { ...common, metric: 'Errors' }],
        [`Throttles-${name}`, { ...common, metric: 'Throttles' }],
        [`Duration-${name}`, { ...common, ...slow }],
      ];
    }),
  ),
};

/** The alarm of an id in the construct tree; logical IDs leave out what is no letter or digit, and end with a hash. */
function alarmNamed(id: string): Resource['Properties'] {
  const start = `Alarms${id.replace(/[^A-Za-z0-9]/g, '')}`;
  const found = alarms.filter(([logicalId]) => logicalId.startsWith(start) && logicalId.length === start.length + 8);
  assert.equal(found.length, 1, id);
  return (found[0] as [string, Resource])[1].Properties;
}

for (const [id, watch] of Object.entries(expected)) {
  test(`alarm ${id}`, () => {
    const { AlarmDescription, AlarmActions, ...properties } = alarmNamed(id);
    const {
      metric,
      of,
      dimensions,
      threshold,
      statistic = 'Sum',
      below,
      minutes = 5,
      missing = 'notBreaching',
    } = watch;
    const [bad, periods] = watch.periods ?? [1, 1];
    assert.ok(AlarmDescription.length > 20, 'it says what happened');
    assert.equal(AlarmActions, undefined);
    assert.deepEqual(properties, {
      ComparisonOperator: below ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      DatapointsToAlarm: bad,
      EvaluationPeriods: periods,
      MetricName: metric,
      Namespace: of,
      Period: minutes * 60,
      ...(statistic.startsWith('p') ? { ExtendedStatistic: statistic } : { Statistic: statistic }),
      Threshold: threshold,
      TreatMissingData: missing,
      ...(dimensions && { Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })) }),
    });
  });
}

test('alarm TableThrottles: of all operations that the functions are granted', () => {
  const { Metrics, Threshold, EvaluationPeriods, TreatMissingData } = alarmNamed('TableThrottles');
  const watched = Metrics.flatMap(
    (each: { MetricStat?: { Metric: { Dimensions: { Name: string; Value: unknown }[] } } }) =>
      (each.MetricStat?.Metric.Dimensions ?? []).filter(({ Name }) => Name === 'Operation').map(({ Value }) => Value),
  );
  const granted = functions.flatMap(({ table, queries }) => [...table, ...(queries ? ['Query'] : [])]);
  assert.deepEqual(watched.toSorted(), [...new Set(granted)].sort());
  assert.deepEqual([Threshold, EvaluationPeriods, TreatMissingData], [1, 1, 'notBreaching']);
});

test('there is no alarm beside these', () => {
  assert.equal(alarms.length, Object.keys(expected).length + 1);
});

test('the dashboard shows every alarm', () => {
  const [board, ...others] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  assert.equal(others.length, 0);
  assert.equal(board?.Properties.DashboardName, 'zeus-payments-test');
  const body = JSON.stringify(board?.Properties.DashboardBody);
  for (const [id] of alarms) assert.ok(body.includes(`"${id}"`), id);
});

test('alarms are mailed where the settings name an address, and CloudWatch alone may send by that way', () => {
  const mailed = templateWith({ alarmEmail: 'alarm@example.com' });
  const [topic = ''] = Object.keys(resourcesOf(mailed, 'AWS::SNS::Topic'));
  const all = Object.values(resourcesOf(mailed, 'AWS::CloudWatch::Alarm'));
  assert.equal(all.length, alarms.length);
  for (const { Properties } of all) assert.deepEqual(Properties.AlarmActions, [{ Ref: topic }]);
  const [subscription] = Object.values(resourcesOf(mailed, 'AWS::SNS::Subscription'));
  assert.deepEqual(subscription?.Properties, {
    Endpoint: 'alarm@example.com',
    Protocol: 'email',
    TopicArn: { Ref: topic },
  });
  // A topic's own policy allows only what it names.
  const [policy] = Object.values(resourcesOf(mailed, 'AWS::SNS::TopicPolicy'));
  const allowed = policy?.Properties.PolicyDocument.Statement.filter(
    ({ Effect }: { Effect: string }) => Effect === 'Allow',
  );
  assert.deepEqual(allowed, [
    {
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: { Ref: topic },
      Sid: 'Alarms',
    },
  ]);
  assert.deepEqual(resourcesOf(template, 'AWS::SNS::Topic'), {});
});

test('a deployment without a method watches only what it has', () => {
  const some = resourcesOf(templateWith({ methods: 'cvs' }), 'AWS::CloudWatch::Alarm');
  const left = functions.filter(({ method }) => method === null || method === 'cvs').length;
  assert.equal(Object.keys(some).length, alarms.length - 3 * (functions.length - left));
});
