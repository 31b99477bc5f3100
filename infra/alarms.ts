import { Aws, Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation, type TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { attentionReasons } from './attention.ts';
import type { FunctionSpec } from './functions.ts';
import type { FindMetric } from './log-metrics.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** What is watched. */
export interface Watched {
  functions: readonly { spec: FunctionSpec; fn: LambdaFunction }[];
  api: HttpApi;
  table: TableV2;
  callbackQueue: Queue;
  /** Queues of what could not be processed, by what they hold. An operator empties them (docs/go-live.md). */
  deadLetters: Readonly<Record<string, IQueue>>;
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
  says: string;
  /** In alarm from this on (with `below`: under it). */
  threshold: number;
  below?: true;
  /** So many of so many periods in a row; 1 of 1. */
  periods?: [bad: number, of: number];
  /** No data is as bad as bad data. */
  silenceIsBad?: true;
}

/** One alarm for each condition that an operator must act on. A mail is sent when an alarm begins, not while it lasts. */
export function createAlarms(scope: Construct, watched: Watched, mailer: IAlarmAction | null): Alarm[] {
  const home = new Construct(scope, 'Alarms');
  const specs = {
    ...attentionAlarms(watched),
    ...callbackAlarms(watched),
    ...dueWorkAlarms(watched),
    ...serviceAlarms(watched),
    ...Object.assign({}, ...watched.functions.map(functionAlarms)),
  };
  return Object.entries<AlarmSpec>(specs).map(([id, spec]) => {
    const alarm = createAlarm(home, id, spec);
    if (mailer) alarm.addAlarmAction(mailer);
    return alarm;
  });
}

function createAlarm(scope: Construct, id: string, spec: AlarmSpec): Alarm {
  const { metric, says, threshold, below, periods: [bad, of] = [1, 1], silenceIsBad } = spec;
  return new Alarm(scope, id, {
    metric,
    alarmDescription: says,
    threshold,
    comparisonOperator: below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: of,
    datapointsToAlarm: bad,
    treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
}

type AlarmSpecs = Record<string, AlarmSpec>;

function attentionAlarms({ logMetric }: Watched): AlarmSpecs {
  return Object.fromEntries(
    Object.entries(attentionReasons).map(([reason, says]) => [
      `Attention-${reason}`,
      { metric: logMetric('Attention', { reason }), says: `${reason}: ${says}`, threshold: 1 },
    ]),
  );
}

function callbackAlarms({ logMetric, callbackQueue }: Watched): AlarmSpecs {
  return {
    'CallbackRefused-source': {
      metric: logMetric('CallbackRefused', { reason: 'source' }),
      says: 'A request to the callback URL came from an address that is not in callbackSources: the gateway has a new address, or it is not the gateway',
      threshold: 1,
    },
    'CallbackRefused-path': {
      metric: logMetric('CallbackRefused', { reason: 'path' }),
      says: 'A request from an allowed address had a wrong path token or service: are the three callback URLs registered as printed?',
      threshold: 1,
    },
    CallbackUnreadable: {
      metric: logMetric('CallbackUnreadable'),
      says: 'A callback had no status, or neither sendpoint nor order number: does the contract include all parameters?',
      threshold: 1,
    },
    CallbackQueued: {
      metric: logMetric('CallbackQueued'),
      says: 'A callback could not be stored and waits in the queue; it is retried every 2 minutes',
      threshold: 1,
    },
    CallbackNotStored: {
      metric: logMetric('CallbackNotStored'),
      says: 'A callback was neither stored nor queued and was answered ERR500: have the gateway send it again from its console',
      threshold: 1,
    },
    CallbacksWaiting: {
      metric: callbackQueue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES, statistic: 'Maximum' }),
      says: 'A callback has waited in the queue for 15 minutes and still cannot be stored',
      threshold: 15 * 60,
    },
  };
}

function dueWorkAlarms({ logMetric }: Watched): AlarmSpecs {
  return {
    DueWorkLate: {
      metric: logMetric('DueWorkDone').with({ period: Duration.minutes(15) }),
      says: 'Due work has not run without a failure for 15 minutes: booked settlements may miss their day',
      threshold: 1,
      below: true,
      silenceIsBad: true,
    },
    DueWorkLeft: {
      metric: logMetric('DueWorkLeft', { statistic: 'Maximum' }),
      says: 'Due work left orders unfinished in three runs in a row',
      threshold: 1,
      periods: [3, 3],
    },
    OldestUnknown: {
      metric: logMetric('OldestUnknownMinutes', { statistic: 'Maximum' }),
      says: "An outcome has been unknown for an hour: no callback came. Look it up in the gateway's console and record a resolution",
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

const deadLetterTexts: Record<string, string> = {
  callbacks: 'storing them failed for a day. The queue keeps them for 13 more',
  events:
    'publishing changes of orders failed. The queue holds pointers to stream records, which last 24 hours (docs/go-live.md)',
};

function serviceAlarms({ api, table, deadLetters }: Watched): AlarmSpecs {
  const waiting = Object.entries(deadLetters).map(([what, queue]) => {
    const metric = queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' });
    return [
      `DeadLetters-${what}`,
      { metric, says: `${what} could not be processed: ${deadLetterTexts[what]}`, threshold: 1 },
    ];
  });
  return {
    ...Object.fromEntries(waiting),
    ApiFailures: {
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: 'Sum' }),
      says: "A request was answered 5xx: an error of ours, the gateway's maintenance, or a request cut off after 30 s",
      threshold: 1,
    },
    TableThrottles: {
      metric: table.metricThrottledRequestsForOperations({ operations: TABLE_OPERATIONS, period: FIVE_MINUTES }),
      says: 'DynamoDB throttled requests',
      threshold: 1,
    },
  };
}

/** What API Gateway waits for a function. */
const API_SECONDS = 30;

function functionAlarms({ spec: { name, trigger, timeoutSeconds }, fn }: Watched['functions'][number]): AlarmSpecs {
  const summed = { period: FIVE_MINUTES, statistic: 'Sum' };
  const limitSeconds = 'routes' in trigger ? Math.min(timeoutSeconds, API_SECONDS) : timeoutSeconds;
  return {
    // No answer of the contract needs either.
    [`Errors-${name}`]: { metric: fn.metricErrors(summed), says: `${name} failed or ran out of time`, threshold: 1 },
    [`Throttles-${name}`]: {
      metric: fn.metricThrottles(summed),
      says: `${name} was throttled: the reserved concurrency or the account's is used up`,
      threshold: 1,
    },
    [`Duration-${name}`]: {
      metric: fn.metricDuration({ period: FIVE_MINUTES, statistic: 'p99' }),
      says: `The slowest percent of ${name} takes more than 80 % of its ${limitSeconds} s`,
      threshold: limitSeconds * 1000 * 0.8,
      periods: [2, 3],
    },
  };
}
