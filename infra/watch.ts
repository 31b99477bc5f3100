import type { Construct } from 'constructs';
import { createAlarms, createMailer, type Watched } from './alarms.ts';
import { createDashboard } from './dashboard.ts';
import { createLogMetrics, type LogSource } from './log-metrics.ts';
import type { Settings } from './settings.ts';

/** Metrics from the functions' log lines, the alarms, and one dashboard of both. */
export function watch(scope: Construct, settings: Settings, deployed: Omit<Watched, 'logMetric'>): void {
  const sources = deployed.functions.map(
    ({ spec, fn }): LogSource => ({ name: spec.name, logGroup: fn.logGroup, worksOnOrders: spec.table.length > 0 }),
  );
  const watched = { ...deployed, logMetric: createLogMetrics(scope, settings.deploymentId, sources) };
  const alarms = createAlarms(scope, watched, createMailer(scope, settings.alarmEmail));
  createDashboard(scope, `zeus-payments-${settings.deploymentId}`, watched, alarms);
}
