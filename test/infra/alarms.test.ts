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
  minutes?: number;
  periods?: number;
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

/** Every alarm of one metric, written down a second time on purpose. */
const expected: Record<string, Watch> = {
  ...Object.fromEntries(
    Object.keys(reasons).map(reason => [
      `Attention-${reason}`,
      { metric: 'Attention', of: namespace, dimensions: ofReason(reason), threshold: 1 },
    ]),
  ),
  'CallbackRefused-path': { metric: 'CallbackRefused', of: namespace, dimensions: ofReason('path'), threshold: 1 },
  CallbackUnreadable: { metric: 'CallbackUnreadable', of: namespace, threshold: 1 },
  CallbackNotStored: { metric: 'CallbackNotStored', of: namespace, threshold: 1 },
  DueWorkFailures: {
    metric: 'DueWorkFailed',
    of: namespace,
    threshold: 1,
    statistic: 'Minimum',
    minutes: 15,
    missing: 'missing',
  },
  DueWorkLeft: { metric: 'DueWorkLeft', of: namespace, threshold: 1, statistic: 'Maximum', periods: 3 },
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
  EventsLate: {
    metric: 'IteratorAge',
    of: 'AWS/Lambda',
    dimensions: ofFunction('publish'),
    threshold: 900_000,
    statistic: 'Maximum',
  },
  ApiFailures: {
    metric: '5xx',
    of: 'AWS/ApiGateway',
    dimensions: [['ApiId', { Ref: idOf('AWS::ApiGatewayV2::Api', 'Api') }]],
    threshold: 1,
  },
  ...Object.fromEntries(
    functions.flatMap(({ name }) => {
      const common = { of: 'AWS/Lambda', dimensions: ofFunction(name), threshold: 1 };
      return [
        [`Errors-${name}`, { ...common, metric: 'Errors' }],
        [`Throttles-${name}`, { ...common, metric: 'Throttles' }],
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
    const { metric, of, dimensions, threshold, statistic = 'Sum', minutes = 5, missing = 'notBreaching' } = watch;
    const periods = watch.periods ?? 1;
    assert.match(AlarmDescription, /[ぁ-ん].*\n[A-Za-z_]+[ :]/, 'it says what happened, in Japanese and in English');
    assert.ok(AlarmDescription.length <= 1024, 'CloudWatch takes no more');
    assert.equal(AlarmActions, undefined);
    assert.deepEqual(properties, {
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      DatapointsToAlarm: periods,
      EvaluationPeriods: periods,
      MetricName: metric,
      Namespace: of,
      Period: minutes * 60,
      Statistic: statistic,
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

test('alarm CallbacksWaiting: waiting or being retried, for three periods', () => {
  const { Metrics, Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = alarmNamed('CallbacksWaiting');
  const [sum, ...parts] = Metrics.toSorted(
    (a: { Id: string }, b: { Id: string }) => a.Id.length - b.Id.length,
  ).toReversed();
  assert.ok(sum);
  const expressions = Metrics.flatMap(({ Expression }: { Expression?: string }) => Expression ?? []);
  assert.deepEqual(expressions, ['visible + inFlight']);
  const watched = Metrics.flatMap(
    ({ MetricStat }: { MetricStat?: { Metric: object; Stat: string } }) => MetricStat ?? [],
  );
  assert.deepEqual(
    watched.map((each: { Metric: { MetricName: string }; Stat: string }) => [each.Metric.MetricName, each.Stat]),
    [
      ['ApproximateNumberOfMessagesVisible', 'Maximum'],
      ['ApproximateNumberOfMessagesNotVisible', 'Maximum'],
    ],
  );
  assert.equal(parts.length, 2);
  assert.deepEqual([Threshold, EvaluationPeriods, DatapointsToAlarm, TreatMissingData], [1, 3, 3, 'notBreaching']);
});

test('errors and throttles are one mail each, of all functions', () => {
  const composites = Object.entries(resourcesOf(template, 'AWS::CloudWatch::CompositeAlarm'));
  assert.equal(composites.length, 2);
  for (const kind of ['Errors', 'Throttles']) {
    const found = composites.find(([id]) => id.startsWith(`Alarms${kind}`));
    const rule = JSON.stringify(found?.[1].Properties.AlarmRule);
    assert.equal(rule.match(/ALARM\(/g)?.length, functions.length);
  }
});

test('there is no alarm beside these', () => {
  assert.equal(alarms.length, Object.keys(expected).length + 2);
});

test('no alarm can be rung by a request that is not allowed, and none rings at birth', () => {
  const all = JSON.stringify(alarms);
  assert.doesNotMatch(all, /"Value":"source"/);
  for (const [id, { Properties }] of alarms) assert.notEqual(Properties.TreatMissingData, 'breaching', id);
});

const partOfComposite = /^Alarms(Errors|Throttles)[a-z]/;

test('the dashboard shows every alarm that mails', () => {
  const [board, ...others] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  assert.equal(others.length, 0);
  assert.equal(board?.Properties.DashboardName, 'zeus-payments-test');
  const body = JSON.stringify(board?.Properties.DashboardBody);
  const mailing = [
    ...alarms.filter(([id]) => !partOfComposite.test(id)),
    ...Object.entries(resourcesOf(template, 'AWS::CloudWatch::CompositeAlarm')),
  ];
  for (const [id] of mailing) assert.ok(body.includes(`"${id}"`), id);
});

test('alarms are mailed where the settings name an address, and CloudWatch alone may send by that way', () => {
  const mailed = templateWith({ alarmEmail: 'alarm@example.com' });
  const [topic = ''] = Object.keys(resourcesOf(mailed, 'AWS::SNS::Topic'));
  for (const [id, { Properties }] of Object.entries(resourcesOf(mailed, 'AWS::CloudWatch::Alarm'))) {
    assert.deepEqual(Properties.AlarmActions, partOfComposite.test(id) ? undefined : [{ Ref: topic }], id);
    // Due work that falls silent is as bad as due work that fails.
    const onSilence = id.startsWith('AlarmsDueWorkFailures') ? [{ Ref: topic }] : undefined;
    assert.deepEqual(Properties.InsufficientDataActions, onSilence, id);
  }
  for (const { Properties } of Object.values(resourcesOf(mailed, 'AWS::CloudWatch::CompositeAlarm'))) {
    assert.deepEqual(Properties.AlarmActions, [{ Ref: topic }]);
  }
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
  assert.equal(Object.keys(some).length, alarms.length - 2 * (functions.length - left));
});
