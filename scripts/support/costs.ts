/**
 * What orders cost at AWS: what the code makes of an order (cost-measured.ts) times how long it takes and what that costs (`inputs`
 * and `prices`, to be replaced by your own). Free tiers, discounts, data transfer, taxes, and mails of alarms are left out.
 */
import { type Method, measured, stack } from './cost-measured.ts';

export const inputs = {
  orders: { value: 1_000_000, means: 'orders of each method' },
  'gateway-ms': { value: 1500, means: 'ms that the gateway takes to respond' },
  'own-ms': { value: 60, means: 'ms of an API call beside that' },
  'callback-ms': { value: 30, means: 'ms of a callback' },
  'publish-ms': { value: 40, means: 'ms of a run of the publisher' },
  'publish-batch': { value: 1, means: 'changes that such a run finds; more under load, 100 at most' },
  'due-ms': { value: 300, means: 'ms of a run of due work with nothing to do' },
  'due-at-once': { value: 10, means: 'settlements that due work has under way at a time, 10 at most' },
  'cold-share': { value: 0.01, means: 'share of runs that start cold' },
  'cold-ms': { value: 500, means: 'ms of a cold start' },
  'line-bytes': { value: 145, means: 'bytes that Lambda and CloudWatch add to a log line' },
  'platform-bytes': { value: 550, means: "bytes of Lambda's own log lines of a run" },
  'queue-polls': { value: 650_000, means: 'requests a month by which Lambda polls the queue of callbacks' },
} as const;
export type Inputs = Record<keyof typeof inputs, number>;

/** US dollars, ap-northeast-1, on demand, ARM64, the first tier, as known in 2025: check them at https://aws.amazon.com/pricing/ */
export const prices = {
  api: { usd: 1.29, per: 'million requests' },
  run: { usd: 0.2, per: 'million requests' },
  'gb-second': { usd: 0.0000133334, per: 'GB-second' },
  write: { usd: 0.715, per: 'million units' },
  read: { usd: 0.1425, per: 'million units' },
  event: { usd: 1, per: 'million events' },
  log: { usd: 0.76, per: 'GB' },
  storage: { usd: 0.285, per: 'GB and month' },
  backup: { usd: 0.228, per: 'GB and month' },
  'log-storage': { usd: 0.033, per: 'GB and month' },
  secret: { usd: 0.4, per: 'secret and month' },
  alarm: { usd: 0.1, per: 'metric and month' },
  'composite-alarm': { usd: 0.5, per: 'alarm and month' },
  metric: { usd: 0.3, per: 'metric and month' },
  dashboard: { usd: 3, per: 'dashboard and month' },
  schedule: { usd: 1.25, per: 'million runs' },
  queue: { usd: 0.4, per: 'million requests' },
} as const;
export type PriceName = keyof typeof prices;
export type Prices = Record<PriceName, number>;

/** `quantity` in what the price is for. */
export interface Line {
  what: string;
  price: PriceName;
  quantity: number;
}

const MILLION = 1e6;
const GB = 1024 ** 3;
const HOURS_A_MONTH = 730;

/** Once, for all orders of a method. Function URLs and reading the stream are free. */
export function costOfOrders(method: Method, given: Inputs): Line[] {
  const { apiCalls, gatewayCalls, dueCalls, callbacks, writeUnits, readUnits, events } = measured[method];
  const { published, runs } = runsOf(method, given);
  const milliseconds =
    apiCalls * given['own-ms'] +
    (gatewayCalls + dueCalls / given['due-at-once']) * given['gateway-ms'] +
    callbacks * given['callback-ms'] +
    published * given['publish-ms'] +
    runs * given['cold-share'] * given['cold-ms'];
  const millions = (each: number) => (given.orders * each) / MILLION;
  return [
    { what: 'API Gateway requests', price: 'api', quantity: millions(apiCalls) },
    { what: 'Lambda requests', price: 'run', quantity: millions(runs) },
    { what: 'Lambda GB-seconds', price: 'gb-second', quantity: given.orders * gbSeconds(milliseconds) },
    { what: 'DynamoDB writes', price: 'write', quantity: millions(writeUnits) },
    { what: 'DynamoDB reads', price: 'read', quantity: millions(readUnits) },
    { what: 'EventBridge events', price: 'event', quantity: millions(events) },
    { what: 'CloudWatch logs', price: 'log', quantity: logGbOf(method, given) },
  ];
}

/** A month of keeping all orders of a method. */
export function costOfKeeping(method: Method, given: Inputs): Line[] {
  const stored = (given.orders * measured[method].storedBytes) / GB;
  return [
    { what: 'DynamoDB storage', price: 'storage', quantity: stored },
    { what: 'point-in-time recovery', price: 'backup', quantity: stored },
    { what: 'logs, before compression', price: 'log-storage', quantity: logGbOf(method, given) },
  ];
}

/** A month of the deployment, at any volume. */
export function costOfStanding(given: Inputs): Line[] {
  const runs = (HOURS_A_MONTH * 60) / stack.dueEveryMinutes;
  const { queries, logLines, logBytes } = stack.dueRun;
  return [
    { what: 'secret', price: 'secret', quantity: stack.secrets },
    { what: 'alarms', price: 'alarm', quantity: stack.alarmMetrics },
    { what: 'alarms of several functions', price: 'composite-alarm', quantity: stack.compositeAlarms },
    { what: 'metrics from logs', price: 'metric', quantity: stack.customMetrics },
    { what: 'dashboard', price: 'dashboard', quantity: stack.dashboards },
    { what: 'due work: schedule', price: 'schedule', quantity: runs / MILLION },
    { what: 'due work: Lambda requests', price: 'run', quantity: runs / MILLION },
    { what: 'due work: Lambda GB-seconds', price: 'gb-second', quantity: runs * gbSeconds(given['due-ms']) },
    // A query that finds nothing counts half a unit.
    { what: 'due work: DynamoDB reads', price: 'read', quantity: (runs * queries * 0.5) / MILLION },
    { what: 'due work: CloudWatch logs', price: 'log', quantity: logGb(runs, runs * logLines, runs * logBytes, given) },
    { what: 'queue of callbacks', price: 'queue', quantity: given['queue-polls'] / MILLION },
  ];
}

/** Of an order. Due work's are not an order's own. */
function runsOf(method: Method, given: Inputs): { published: number; runs: number } {
  const { apiCalls, callbacks, changes } = measured[method];
  const published = changes / given['publish-batch'];
  return { published, runs: apiCalls + callbacks + published };
}

function logGbOf(method: Method, given: Inputs): number {
  const { logLines, logBytes } = measured[method];
  const { published, runs } = runsOf(method, given);
  const lines = logLines + published * stack.publishRun.logLines;
  const bytes = logBytes + published * stack.publishRun.logBytes;
  return given.orders * logGb(runs, lines, bytes, given);
}

const logGb = (runs: number, lines: number, bytes: number, given: Inputs): number =>
  (runs * given['platform-bytes'] + lines * given['line-bytes'] + bytes) / GB;

const gbSeconds = (milliseconds: number): number => (milliseconds / 1000) * (stack.memoryMb / 1024);

export const usdOf = (lines: readonly Line[], paid: Prices): number =>
  lines.reduce((sum, { price, quantity }) => sum + quantity * paid[price], 0);

export const defaultInputs = (): Inputs => valuesOf(inputs, ({ value }) => value);
export const defaultPrices = (): Prices => valuesOf(prices, ({ usd }) => usd);

const valuesOf = <K extends string, V>(record: Record<K, V>, read: (entry: V) => number): Record<K, number> =>
  Object.fromEntries(Object.entries<V>(record).map(([name, entry]) => [name, read(entry)])) as Record<K, number>;
