/**
 * What orders cost at AWS: what the code makes of an order (`measured` and `stack`, held true by test/scripts/cost-measured.test.ts)
 * times how long it takes and what that costs (`inputs` and `prices`, to be replaced by one's own). Free tiers, discounts, data
 * transfer, taxes, and mails of alarms are left out.
 */

/** What one order makes, from its first request to its last callback. One with a `reference` is a write unit more. */
export interface Measured {
  title: string;
  /** Calls of the merchant API, and how many of these wait for the gateway. */
  apiCalls: number;
  gatewayCalls: number;
  /** Gateway calls made by due work. */
  dueCalls: number;
  callbacks: number;
  /** Of DynamoDB, its indexes among them; an index entry that moves is two. */
  writeUnits: number;
  readUnits: number;
  /** Records of the table's stream. Lambda reads it for nothing. */
  changes: number;
  events: number;
  /** What our functions log, without what Lambda adds to it. */
  logLines: number;
  logBytes: number;
  /** What stays in table and indexes, the 100 bytes that DynamoDB adds to each entry among them. */
  storedBytes: number;
}

export type Method = 'card' | 'card-id' | 'carrier' | 'cvs';

export const measured: Record<Method, Measured> = {
  card: {
    title: 'card by token',
    ...{ apiCalls: 1, gatewayCalls: 1, dueCalls: 0, callbacks: 1 },
    ...{ writeUnits: 9, readUnits: 0, changes: 3, events: 2 },
    ...{ logLines: 4, logBytes: 384, storedBytes: 1250 },
  },
  'card-id': {
    title: 'card by cardId',
    ...{ apiCalls: 1, gatewayCalls: 1, dueCalls: 0, callbacks: 1 },
    ...{ writeUnits: 9, readUnits: 0, changes: 3, events: 2 },
    ...{ logLines: 4, logBytes: 396, storedBytes: 1270 },
  },
  carrier: {
    title: 'carrier, settled on a booked day',
    ...{ apiCalls: 2, gatewayCalls: 0, dueCalls: 1, callbacks: 2 },
    ...{ writeUnits: 26, readUnits: 2, changes: 6, events: 5 },
    ...{ logLines: 9, logBytes: 919, storedBytes: 1720 },
  },
  cvs: {
    title: 'convenience store',
    ...{ apiCalls: 1, gatewayCalls: 1, dueCalls: 0, callbacks: 3 },
    ...{ writeUnits: 15, readUnits: 0, changes: 5, events: 4 },
    ...{ logLines: 8, logBytes: 828, storedBytes: 1510 },
  },
};

/** What stands and runs without any order. */
export const stack = {
  secrets: 1,
  /** One alarm looks at five. */
  alarmMetrics: 66,
  dashboards: 1,
  /** Metrics made from log lines that come whenever due work runs; `Callback` once orders come. */
  customMetrics: 4,
  memoryMb: 512,
  dueEveryMinutes: 5,
  /** A run of due work with nothing to do. */
  dueRun: { queries: 8, logLines: 2, logBytes: 90 },
  publishRun: { logLines: 1, logBytes: 51 },
} as const;

export const inputs = {
  orders: { value: 1_000_000, means: 'orders of each method' },
  'gateway-ms': { value: 1500, means: 'ms that the gateway takes to answer' },
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
  'queue-polls': { value: 650_000, means: 'requests a month by which Lambda asks the queue of callbacks' },
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

/** A month of the deployment, whatever comes. */
export function costOfStanding(given: Inputs): Line[] {
  const runs = (HOURS_A_MONTH * 60) / stack.dueEveryMinutes;
  const { queries, logLines, logBytes } = stack.dueRun;
  return [
    { what: 'secret', price: 'secret', quantity: stack.secrets },
    { what: 'alarms', price: 'alarm', quantity: stack.alarmMetrics },
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
