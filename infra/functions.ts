import type { indexes } from '../shared/store/indexes.ts';
import type { Method } from './settings.ts';

/** One Lambda function: `functions/<name>.ts` and everything the stack needs to know about it. */
export interface FunctionSpec {
  name: string;
  /** Deployed where this method is among the settings' `methods`; null: always. */
  method: Method | null;
  trigger: Trigger;
  /** Actions granted on the table itself. */
  table: readonly TableAction[];
  /** Indexes on which Query is granted. */
  queries?: readonly IndexName[];
  /** Reads the secret: IP codes, keys, path token. */
  secret?: true;
  /** Is told CALLBACK_SOURCES. */
  sources?: true;
  timeoutSeconds: number;
  memoryMb: number;
}

export type Trigger = { routes: readonly Route[] } | { publicUrl: true } | { everyMinutes: number };
export type Route = `${'GET' | 'POST' | 'DELETE'} /${string}`;
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type IndexName = (typeof indexes)[number]['name'];

/** Longer than the gateway's 75 s, so that the outcome is stored; shorter than the 120 s after which a claim is stale. */
const GATEWAY_CALL_SECONDS = 100;
/** A cancel may begin its last send 20 s after the call came in; the same two bounds then. */
const CANCEL_SECONDS = 110;
/** A read or two of the table, each with a short time-out of its own; API Gateway would wait for 30 s. */
const TABLE_CALL_SECONDS = 10;
/** It tries to store for about 20 s and still answers before the gateway gives up at 40 s. */
const CALLBACK_SECONDS = 35;
/** A run begins nothing that it could not finish in time, and ends when the next one begins. */
const DUE_WORK_MINUTES = 5;

/** The smallest size whose share of a CPU keeps a cold start's TLS and SDK work well under a second; the rest is waiting. */
const MEMORY_MB = 512;

export const functions: readonly FunctionSpec[] = [
  {
    name: 'token-charge',
    method: 'card',
    trigger: { routes: ['POST /card/charges'] },
    table: ['PutItem', 'UpdateItem'],
    secret: true,
    timeoutSeconds: GATEWAY_CALL_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'recurring-charge',
    method: 'card',
    trigger: { routes: ['POST /card/recurring-charges'] },
    table: ['PutItem'],
    secret: true,
    timeoutSeconds: GATEWAY_CALL_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'card-deletion',
    method: 'card',
    trigger: { routes: ['POST /card/deletions'] },
    table: ['GetItem', 'PutItem'],
    secret: true,
    timeoutSeconds: GATEWAY_CALL_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'cancel',
    method: 'card',
    trigger: { routes: ['POST /card/charges/{orderId}/cancel'] },
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    secret: true,
    timeoutSeconds: CANCEL_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'orders',
    method: null,
    trigger: { routes: ['GET /orders', 'GET /orders/{orderId}', 'POST /orders/{orderId}/resolution'] },
    table: ['GetItem', 'BatchGetItem', 'PutItem'],
    queries: ['byDay', 'byStatus', 'byReference', 'byAttention'],
    timeoutSeconds: TABLE_CALL_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'callback',
    method: null,
    trigger: { publicUrl: true },
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    secret: true,
    sources: true,
    timeoutSeconds: CALLBACK_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'due-work',
    method: null,
    trigger: { everyMinutes: DUE_WORK_MINUTES },
    table: ['GetItem', 'PutItem'],
    queries: ['byDue'],
    secret: true,
    timeoutSeconds: DUE_WORK_MINUTES * 60,
    memoryMb: MEMORY_MB,
  },
];
