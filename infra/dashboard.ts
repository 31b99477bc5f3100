import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Watched } from './alarms.ts';
import { attentionReasons } from './attention.ts';

const summed = { period: Duration.minutes(5), statistic: 'Sum' };
const highest = { period: Duration.minutes(5), statistic: 'Maximum' };

/** One page: what is in alarm, then the numbers from the payer's side inwards. */
export function createDashboard(scope: Construct, name: string, watched: Watched, alarms: IAlarm[]): void {
  const { logMetric, functions, api, table, callbackQueue, deadLetters } = watched;
  const perFunction = (metric: (fn: Watched['functions'][number]['fn']) => IMetric) =>
    functions.map(({ fn }) => metric(fn));
  const rows: IWidget[][] = [
    [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
    [
      graph('Merchant API: requests, 4xx, 5xx', [
        api.metricCount(summed),
        api.metricClientError(summed),
        api.metricServerError(summed),
      ]),
      graph('Merchant API: latency (p50, p99)', [
        api.metricLatency({ ...summed, statistic: 'p50' }),
        api.metricLatency({ ...summed, statistic: 'p99' }),
      ]),
    ],
    [
      graph(
        'Attention raised',
        Object.keys(attentionReasons).map(reason => logMetric('Attention', { reason }).with({ label: reason })),
      ),
      graph('Oldest unknown outcome, minutes', [logMetric('OldestUnknownMinutes', { statistic: 'Maximum' })]),
    ],
    [
      graph('Callbacks', [
        logMetric('Callback'),
        logMetric('CallbackRefused', { reason: 'source' }).with({ label: 'refused: source' }),
        logMetric('CallbackRefused', { reason: 'path' }).with({ label: 'refused: path' }),
        logMetric('CallbackUnreadable'),
        logMetric('CallbackQueued'),
        logMetric('CallbackNotStored'),
      ]),
      graph('Queued callbacks; dead letters', [
        callbackQueue.metricApproximateNumberOfMessagesVisible({ ...highest, label: 'waiting' }),
        callbackQueue.metricApproximateNumberOfMessagesNotVisible({ ...highest, label: 'being retried' }),
        ...Object.entries(deadLetters).map(([label, queue]) =>
          queue.metricApproximateNumberOfMessagesVisible({ ...highest, label }),
        ),
      ]),
    ],
    [
      graph('Due work: orders that failed, orders left', [
        logMetric('DueWorkFailed', { statistic: 'Maximum' }),
        logMetric('DueWorkLeft', { statistic: 'Maximum' }),
      ]),
      graph('Table: capacity used', [
        table.metricConsumedReadCapacityUnits(summed),
        table.metricConsumedWriteCapacityUnits(summed),
      ]),
    ],
    [
      graph(
        'Function errors',
        perFunction(fn => fn.metricErrors(summed)),
      ),
      graph(
        'Function throttles',
        perFunction(fn => fn.metricThrottles(summed)),
      ),
    ],
    [
      graph(
        'Function duration, p99',
        perFunction(fn => fn.metricDuration({ ...summed, statistic: 'p99' })),
        24,
      ),
    ],
  ];
  new Dashboard(scope, 'Dashboard', { dashboardName: name, widgets: rows, defaultInterval: Duration.days(1) });
}

const graph = (title: string, left: IMetric[], width = 12): IWidget => new GraphWidget({ title, left, width });
