import type { indexes } from '../shared/aws/indexes.ts';
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
  /** Gets CALLBACK_SOURCES. */
  sources?: true;
  /** Gets CALLBACK_QUEUE_URL, and may send there. */
  queue?: true;
  /** Part of EMV 3-D Secure: not deployed where that is off. Gets THREE_D_SECURE_OUTSIDE. */
  authenticates?: true;
  /** Gets THREE_D_SECURE: whether it may charge without. */
  chargesWithout?: true;
  /** Puts events on the bus; has no access to the table. */
  publishes?: true;
  timeoutSeconds: number;
  memoryMb: number;
}

export type Trigger =
  | { routes: readonly Route[] }
  | { publicUrl: true }
  | { everyMinutes: number }
  /** Callbacks that could not be stored when they came in. */
  | { callbackQueue: true }
  /** Every change of the table, in order. */
  | { stream: true };
export type Route = `${'GET' | 'POST' | 'DELETE'} /${string}`;
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type IndexName = (typeof indexes)[number]['name'];

/** The smallest size whose share of a CPU keeps a cold start's TLS and SDK work well under a second; the rest is waiting. */
const MEMORY_MB = 512;
/** Longer than the gateway's 75 s, so that the outcome is stored; shorter than the 120 s after which a claim is stale. */
const gatewayCall = { secret: true, timeoutSeconds: 100, memoryMb: MEMORY_MB } as const;
/** With 3-D Secure a payment request begins up to 25 s after the call came in, under a claim of its own. */
const PAYMENT_SECONDS = 120;
/** A read or two of the table, each with a short time-out of its own; API Gateway would wait for 30 s. */
const tableCall = { timeoutSeconds: 10, memoryMb: MEMORY_MB } as const;
/** A run begins nothing that it could not finish in its time, and ends when the next one begins. */
const DUE_WORK_MINUTES = 5;

export const functions: readonly FunctionSpec[] = [
  {
    name: 'token-charge',
    method: 'card',
    trigger: { routes: ['POST /card/charges'] },
    // It reads what was charged before 3-D Secure was required.
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    chargesWithout: true,
    ...gatewayCall,
  },
  {
    name: 'recurring-charge',
    method: 'card',
    trigger: { routes: ['POST /card/recurring-charges'] },
    table: ['PutItem'],
    ...gatewayCall,
  },
  {
    name: 'card-authentication',
    method: 'card',
    trigger: { routes: ['POST /card/authentications', 'POST /card/recurring-authentications'] },
    table: ['PutItem', 'UpdateItem'],
    authenticates: true,
    ...gatewayCall,
    timeoutSeconds: PAYMENT_SECONDS,
  },
  {
    name: 'card-completion',
    method: 'card',
    trigger: { routes: ['POST /card/charges/{orderId}/completion'] },
    table: ['GetItem', 'PutItem'],
    authenticates: true,
    // It names its session and nothing else.
    timeoutSeconds: PAYMENT_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'card-deletion',
    method: 'card',
    trigger: { routes: ['POST /card/deletions'] },
    table: ['GetItem', 'PutItem'],
    ...gatewayCall,
  },
  {
    name: 'cancel',
    method: 'card',
    trigger: { routes: ['POST /card/charges/{orderId}/cancel'] },
    table: ['GetItem', 'PutItem'],
    ...gatewayCall,
    // Its last request to the gateway may begin 20 s after the call came in.
    timeoutSeconds: 110,
  },
  {
    name: 'carrier-order',
    method: 'carrier',
    trigger: { routes: ['POST /carrier/orders'] },
    table: ['PutItem'],
    // Its form carries the IP code; nothing is sent.
    secret: true,
    ...tableCall,
  },
  {
    name: 'carrier-settle',
    method: 'carrier',
    trigger: {
      routes: ['POST /carrier/orders/{orderId}/settlement', 'DELETE /carrier/orders/{orderId}/settlement'],
    },
    table: ['GetItem', 'PutItem'],
    ...gatewayCall,
  },
  {
    name: 'carrier-return',
    method: 'carrier',
    trigger: { routes: ['POST /carrier/orders/{orderId}/return'] },
    table: ['GetItem', 'PutItem'],
    ...gatewayCall,
  },
  {
    name: 'cvs-order',
    method: 'cvs',
    trigger: { routes: ['POST /cvs/orders'] },
    table: ['PutItem'],
    ...gatewayCall,
  },
  {
    name: 'orders',
    method: null,
    trigger: { routes: ['GET /orders', 'GET /orders/{orderId}', 'POST /orders/{orderId}/resolution'] },
    table: ['GetItem', 'BatchGetItem', 'PutItem'],
    queries: ['byMonth', 'byStatus', 'byReference', 'byOrderNumber', 'byCard', 'byAttention'],
    ...tableCall,
  },
  {
    name: 'callback',
    method: null,
    trigger: { publicUrl: true },
    table: ['GetItem', 'PutItem'],
    secret: true,
    sources: true,
    queue: true,
    // It tries to store for about 20 s, then to queue, and still answers before the gateway gives up at 40 s.
    timeoutSeconds: 35,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'callback-retry',
    method: null,
    trigger: { callbackQueue: true },
    table: ['GetItem', 'PutItem'],
    secret: true,
    // It gives up after 15 s by itself: the queue delivers the callbacks again.
    timeoutSeconds: 20,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'due-work',
    method: null,
    trigger: { everyMinutes: DUE_WORK_MINUTES },
    table: ['GetItem', 'BatchGetItem', 'PutItem'],
    queries: ['byDue', 'byAttention'],
    secret: true,
    timeoutSeconds: DUE_WORK_MINUTES * 60,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'publish',
    method: null,
    trigger: { stream: true },
    table: [],
    publishes: true,
    // It tries for about 20 s to reach the bus, and its last request may take 18 s.
    timeoutSeconds: 60,
    // A batch of 100 changes, both images of each, comes to 6 MB at most.
    memoryMb: MEMORY_MB,
  },
];
