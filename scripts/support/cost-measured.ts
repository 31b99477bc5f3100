/** What orders consume, and the deployment without any; test/scripts/cost-measured.test.ts measures it. */

/** One order, from its first request to its last callback. One with a `reference` takes a write unit more. */
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
    apiCalls: 1,
    gatewayCalls: 1,
    dueCalls: 0,
    callbacks: 1,
    writeUnits: 10,
    readUnits: 1,
    changes: 3,
    events: 2,
    logLines: 4,
    logBytes: 384,
    storedBytes: 1760,
  },
  'card-id': {
    title: 'card by cardId',
    apiCalls: 1,
    gatewayCalls: 1,
    dueCalls: 0,
    callbacks: 1,
    writeUnits: 11,
    readUnits: 1,
    changes: 3,
    events: 2,
    logLines: 4,
    logBytes: 396,
    storedBytes: 2010,
  },
  carrier: {
    title: 'carrier, settled on a booked day',
    apiCalls: 2,
    gatewayCalls: 0,
    dueCalls: 1,
    callbacks: 2,
    writeUnits: 27,
    readUnits: 4,
    changes: 6,
    events: 5,
    logLines: 9,
    logBytes: 919,
    storedBytes: 2490,
  },
  cvs: {
    title: 'convenience store',
    apiCalls: 1,
    gatewayCalls: 1,
    dueCalls: 0,
    callbacks: 3,
    writeUnits: 19,
    readUnits: 3,
    changes: 5,
    events: 4,
    logLines: 8,
    logBytes: 828,
    storedBytes: 2610,
  },
};

/** The deployment without any order. */
export const stack = {
  secrets: 4,
  /** One alarm watches five. */
  alarmMetrics: 60,
  compositeAlarms: 2,
  dashboards: 1,
  /** Metrics made from log lines that come whenever due work runs; `Callback` once orders come. */
  customMetrics: 4,
  memoryMb: 512,
  dueEveryMinutes: 5,
  /** A run of due work with nothing to do. */
  dueRun: { queries: 8, logLines: 2, logBytes: 90 },
  publishRun: { logLines: 1, logBytes: 51 },
} as const;
