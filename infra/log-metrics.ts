import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** A metric read from the functions' JSON lines (shared/lambda/log.ts): every line of this event adds to it. */
interface LogMetric {
  event: string;
  /** Which functions log it; null: all that work on orders. */
  of: readonly string[] | null;
  /** Split by this field's value. */
  by?: 'reason';
  /** The field that is added up; left out: lines are counted. */
  value?: 'failed' | 'left' | 'ageMinutes';
}

export const logMetrics = {
  Attention: { event: 'attention', of: null, by: 'reason' },
  CallbackRefused: { event: 'callback_refused', of: ['callback'], by: 'reason' },
  CallbackUnreadable: { event: 'callback_unreadable', of: ['callback'] },
  CallbackQueued: { event: 'callback_queued', of: ['callback'] },
  CallbackNotStored: { event: 'callback_not_stored', of: ['callback'] },
  Callback: { event: 'callback', of: ['callback', 'callback-retry'] },
  DueWorkFailed: { event: 'due_work', of: ['due-work'], value: 'failed' },
  DueWorkLeft: { event: 'due_work', of: ['due-work'], value: 'left' },
  OldestUnknownMinutes: { event: 'oldest_unknown', of: ['due-work'], value: 'ageMinutes' },
} as const satisfies Record<string, LogMetric>;
export type LogMetricName = keyof typeof logMetrics;

export interface LogSource {
  name: string;
  logGroup: ILogGroup;
  worksOnOrders: boolean;
}

/** Gives a metric by its name; `reason` for one that is split. */
export type FindMetric = (name: LogMetricName, options?: { reason?: string; statistic?: string }) => Metric;

/** Puts a filter on the log group of every function that logs the event. Each deployment has a namespace of its own. */
export function createLogMetrics(scope: Construct, deploymentId: string, sources: readonly LogSource[]): FindMetric {
  const namespace = `zeus-payments/${deploymentId}`;
  const home = new Construct(scope, 'LogMetrics');
  for (const [name, metric] of Object.entries<LogMetric>(logMetrics)) {
    const logging = sources.filter(source => metric.of?.includes(source.name) ?? source.worksOnOrders);
    for (const source of logging) {
      new MetricFilter(home, `${name}-${source.name}`, {
        logGroup: source.logGroup,
        filterPattern: FilterPattern.stringValue('$.message.event', '=', metric.event),
        metricNamespace: namespace,
        metricName: name,
        metricValue: metric.value ? `$.message.${metric.value}` : '1',
        ...(metric.by && { dimensions: { Reason: `$.message.${metric.by}` } }),
      });
    }
  }
  return (metricName, { reason, statistic = 'Sum' } = {}) =>
    new Metric({
      namespace,
      metricName,
      statistic,
      period: Duration.minutes(5),
      ...(reason !== undefined && { dimensionsMap: { Reason: reason } }),
    });
}
