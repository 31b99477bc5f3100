import { Aws, Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarm,
  type IAlarmAction,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmText } from './alarm-texts.ts';
import { attentionReasons } from './attention.ts';
import type { FunctionSpec } from './functions.ts';
import type { FindMetric } from './log-metrics.ts';
import type { PaymentsTable } from './table.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** What is watched. */
export interface Watched {
  functions: readonly { spec: FunctionSpec; fn: LambdaFunction }[];
  api: HttpApi;
  table: PaymentsTable;
  callbackQueue: Queue;
  /** Queues of what could not be processed, by what they hold. An operator empties them (docs/go-live.md). */
  deadLetters: Readonly<Record<string, IQueue>>;
  publish: LambdaFunction;
  logMetric: FindMetric;
}

/** Mails to the address of the settings; without one the alarms only show in the console. */
export function createMailer(scope: Construct, address: string | null): IAlarmAction | null {
  if (address === null) return null;
  const topic = new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  // Its own policy takes the place of the one by which CloudWatch might publish to any topic of the account.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Alarms',
      actions: ['sns:Publish'],
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  topic.addSubscription(new EmailSubscription(address));
  return new SnsAction(topic);
}

interface AlarmSpec {
  metric: IMetric;
  /** In alarm from this on. */
  threshold: number;
  /** So many five minutes in a row; 1. */
  periods?: number;
  /**
   * A mail when data stop to come. An alarm begins without data, so this is silent at birth, where missing data that count as
   * bad would ring.
   */
  mailsSilence?: true;
}

/** One alarm for each condition that an operator must act on. A mail is sent when an alarm begins, not while it lasts. */
export function createAlarms(scope: Construct, watched: Watched, mailer: IAlarmAction | null): IAlarm[] {
  const home = new Construct(scope, 'Alarms');
  const specs: Record<string, AlarmSpec> = {
    ...attentionAlarms(watched),
    ...callbackAlarms(watched),
    ...dueWorkAlarms(watched),
    ...serviceAlarms(watched),
  };
  const single = Object.entries(specs).map(([id, spec]) => {
    const alarm = createAlarm(home, id, spec);
    if (mailer) {
      alarm.addAlarmAction(mailer);
      if (spec.mailsSilence) alarm.addInsufficientDataAction(mailer);
    }
    return alarm;
  });
  return [...single, ...createFunctionAlarms(home, watched, mailer)];
}

function createAlarm(scope: Construct, id: string, { metric, threshold, periods = 1, mailsSilence }: AlarmSpec) {
  return new Alarm(scope, id, {
    metric,
    alarmDescription: alarmText(id),
    threshold,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    treatMissingData: mailsSilence ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
  });
}

type AlarmSpecs = Record<string, AlarmSpec>;

function attentionAlarms({ logMetric }: Watched): AlarmSpecs {
  return Object.fromEntries(
    Object.keys(attentionReasons).map(reason => [
      `Attention-${reason}`,
      { metric: logMetric('Attention', { reason }), threshold: 1 },
    ]),
  );
}

/** Requests from other addresses ring nothing: anybody can send them. The dashboard counts them. */
function callbackAlarms({ logMetric, callbackQueue }: Watched): AlarmSpecs {
  return {
    'CallbackRefused-path': {
      metric: logMetric('CallbackRefused', { reason: 'path' }),
      threshold: 1,
    },
    CallbackUnreadable: {
      metric: logMetric('CallbackUnreadable'),
      threshold: 1,
    },
    CallbackNotStored: {
      metric: logMetric('CallbackNotStored'),
      threshold: 1,
    },
    CallbacksWaiting: {
      // In flight counts too: a callback that is being retried is not visible. Its age is no measure, because SQS leaves out
      // messages that were received three times.
      metric: new MathExpression({
        expression: 'visible + inFlight',
        usingMetrics: {
          visible: callbackQueue.metricApproximateNumberOfMessagesVisible(mostIn5Minutes),
          inFlight: callbackQueue.metricApproximateNumberOfMessagesNotVisible(mostIn5Minutes),
        },
        period: FIVE_MINUTES,
        label: 'callbacks that wait to be stored',
      }),
      threshold: 1,
      periods: 3,
    },
  };
}

function dueWorkAlarms({ logMetric }: Watched): AlarmSpecs {
  return {
    // The lowest of three runs: one order that fails once is tried again by the next run.
    DueWorkFailures: {
      metric: logMetric('DueWorkFailed', { statistic: 'Minimum' }).with({ period: Duration.minutes(15) }),
      threshold: 1,
      mailsSilence: true,
    },
    DueWorkLeft: {
      metric: logMetric('DueWorkLeft', { statistic: 'Maximum' }),
      threshold: 1,
      periods: 3,
    },
    OldestUnknown: {
      metric: logMetric('OldestUnknownMinutes', { statistic: 'Maximum' }),
      threshold: 60,
    },
  };
}

const TABLE_OPERATIONS = [
  Operation.GET_ITEM,
  Operation.BATCH_GET_ITEM,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.QUERY,
];

const mostIn5Minutes = { period: FIVE_MINUTES, statistic: 'Maximum' };

function serviceAlarms({ api, table, deadLetters, publish }: Watched): AlarmSpecs {
  const waiting = Object.entries(deadLetters).map(([what, queue]) => [
    `DeadLetters-${what}`,
    { metric: queue.metricApproximateNumberOfMessagesVisible(mostIn5Minutes), threshold: 1 },
  ]);
  return {
    ...Object.fromEntries(waiting),
    EventsLate: {
      metric: publish.metric('IteratorAge', mostIn5Minutes),
      threshold: 15 * 60_000,
    },
    ApiFailures: {
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      threshold: 1,
    },
    TableThrottles: {
      metric: table.metricThrottledRequestsForOperations({ operations: TABLE_OPERATIONS, period: FIVE_MINUTES }),
      threshold: 1,
    },
  };
}

/** One mail for all functions; CloudWatch names in it those in alarm. */
function createFunctionAlarms(home: Construct, { functions }: Watched, mailer: IAlarmAction | null): IAlarm[] {
  const summed = { period: FIVE_MINUTES, statistic: 'Sum' };
  const metrics = {
    Errors: (fn: LambdaFunction) => fn.metricErrors(summed),
    Throttles: (fn: LambdaFunction) => fn.metricThrottles(summed),
  };
  return Object.entries(metrics).map(([id, metricOf]) => {
    const each = functions.map(({ spec, fn }) =>
      createAlarm(home, `${id}-${spec.name}`, { metric: metricOf(fn), threshold: 1 }),
    );
    const alarm = new CompositeAlarm(home, id, {
      alarmDescription: alarmText(id),
      alarmRule: AlarmRule.anyOf(...each.map(child => AlarmRule.fromAlarm(child, AlarmState.ALARM))),
    });
    if (mailer) alarm.addAlarmAction(mailer);
    return alarm;
  });
}
