import { randomUUID } from 'node:crypto';
import { ACCOUNT, REGION } from './intrinsics.ts';
import { type Answer, jsonAnswer, type Request, serve } from './server.ts';

/** As a rule's target gets it. */
export interface PublishedEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

export interface LocalEventBus {
  endpoint: string;
  /** What was put on it, oldest first. */
  events: readonly PublishedEvent[];
  stop(): Promise<void>;
}

/** What EventBridge takes in one request. */
const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;

interface Entry {
  Source?: string;
  DetailType?: string;
  Detail?: string;
  /** Seconds. */
  Time?: number;
  Resources?: string[];
}

/** EventBridge with PutEvents alone. `refuse` names the error of an entry that shall not go through. */
export async function startEventBus(refuse: (entry: Entry) => string | null = () => null): Promise<LocalEventBus> {
  const events: PublishedEvent[] = [];
  const put = (entry: Entry) => {
    const detail = readDetail(entry.Detail ?? '');
    const ErrorCode =
      !entry.Source || !entry.DetailType ? 'InvalidArgument' : detail ? refuse(entry) : 'MalformedDetail';
    if (ErrorCode !== null || !detail) return { ErrorCode, ErrorMessage: `${entry.DetailType} was not taken` };
    const event = toEvent(entry, detail);
    events.push(event);
    return { EventId: event.id };
  };
  // A request that is too large gets an answer, too.
  const server = await serve(0, 8 * MAX_BYTES, async request => answer(request, put));
  return { endpoint: server.url, events, stop: server.close };
}

function answer({ headers, body }: Request, put: (entry: Entry) => { ErrorCode?: string | null }): Answer {
  if (headers['x-amz-target'] !== 'AWSEvents.PutEvents') return fault('UnknownOperationException');
  const { Entries = [] } = JSON.parse(body.toString()) as { Entries?: Entry[] };
  const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (Entries.length === 0 || Entries.length > MAX_ENTRIES || bytes > MAX_BYTES) return fault('ValidationException');
  const results = Entries.map(put);
  const FailedEntryCount = results.filter(result => result.ErrorCode).length;
  return jsonAnswer(200, { FailedEntryCount, Entries: results });
}

/** As EventBridge counts it: the texts in UTF-8, and 14 for the time. */
function sizeOf({ Source = '', DetailType = '', Detail = '', Time, Resources = [] }: Entry): number {
  return Buffer.byteLength([Source, DetailType, Detail, ...Resources].join('')) + (Time === undefined ? 0 : 14);
}

function toEvent(entry: Entry, detail: Record<string, unknown>): PublishedEvent {
  const time = entry.Time === undefined ? new Date() : new Date(entry.Time * 1000);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account: ACCOUNT,
    time: time.toISOString().replace(/\.\d+/, ''),
    region: REGION,
    resources: entry.Resources ?? [],
    detail,
  };
}

/** Null: no JSON object. */
function readDetail(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

const fault = (type: string) => jsonAnswer(400, { __type: type, message: type });
