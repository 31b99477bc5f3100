import type { indexes } from '../shared/aws/indexes.ts';
import type { SecretPart } from './secret-parts.ts';
import type { Method, Settings } from './settings.ts';

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
  /** The parts of the secret that it reads. */
  secrets: readonly SecretPart[];
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
  /** For a caller: while the gateway hangs, so does it. */
  waitsForGateway?: true;
  timeoutSeconds: number;
  memoryMb: number;
}

export type Trigger =
  | { routes: Readonly<Record<Route, Role>> }
  | { publicUrl: true }
  | { everyMinutes: number }
  /** Callbacks that could not be stored when they came in. */
  | { callbackQueue: true }
  /** Every change of the table, in order. */
  | { stream: true };
export type Route = `${'GET' | 'POST' | 'DELETE'} /${string}`;
/** What a caller must be allowed: to make orders, to change them, or to look at them. */
export type Role = 'charge' | 'operate' | 'read';
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';
export type IndexName = (typeof indexes)[number]['name'];

/** The smallest size whose share of a CPU keeps a cold start's TLS and SDK work well under a second; the rest is waiting. */
const MEMORY_MB = 512;
/** Secrets, claim, the gateway's 75 s and storing, each at its slowest (test/infra/time-limits.test.ts). */
const gatewayCall = { waitsForGateway: true, timeoutSeconds: 125, memoryMb: MEMORY_MB } as const;
/** With 3-D Secure a payment request begins up to 25 s after the call came in, under a claim of its own. */
const PAYMENT_SECONDS = 130;
/** A few calls of AWS, each at its slowest; API Gateway waits for 30 s. */
const tableCall = { timeoutSeconds: 28, memoryMb: MEMORY_MB } as const;
/** A run begins nothing that it could not finish in its time, and ends when the next one begins. */
const DUE_WORK_MINUTES = 5;

export const functions: readonly FunctionSpec[] = [
  {
    name: 'token-charge',
    method: 'card',
    trigger: { routes: { 'POST /card/charges': 'charge' } },
    // It reads what was charged before 3-D Secure was required.
    table: ['GetItem', 'PutItem', 'UpdateItem'],
    chargesWithout: true,
    secrets: ['ipCodes'],
    ...gatewayCall,
  },
  {
    name: 'recurring-charge',
    method: 'card',
    trigger: { routes: { 'POST /card/recurring-charges': 'charge' } },
    table: ['PutItem'],
    secrets: ['ipCodes'],
    ...gatewayCall,
  },
  {
    name: 'card-authentication',
    method: 'card',
    trigger: { routes: { 'POST /card/authentications': 'charge', 'POST /card/recurring-authentications': 'charge' } },
    table: ['PutItem', 'UpdateItem'],
    authenticates: true,
    secrets: ['ipCodes', 'cardKey'],
    ...gatewayCall,
    timeoutSeconds: PAYMENT_SECONDS,
  },
  {
    name: 'card-completion',
    method: 'card',
    trigger: { routes: { 'POST /card/charges/{orderId}/completion': 'charge' } },
    table: ['GetItem', 'PutItem'],
    authenticates: true,
    // AuthReq and PayReq carry no IP code and no key.
    secrets: [],
    waitsForGateway: true,
    timeoutSeconds: PAYMENT_SECONDS,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'card-deletion',
    method: 'card',
    trigger: { routes: { 'POST /card/deletions': 'operate' } },
    table: ['GetItem', 'PutItem'],
    secrets: ['ipCodes'],
    ...gatewayCall,
  },
  {
    name: 'cancel',
    method: 'card',
    trigger: { routes: { 'POST /card/charges/{orderId}/cancel': 'operate' } },
    table: ['GetItem', 'PutItem'],
    secrets: ['ipCodes', 'cardKey'],
    ...gatewayCall,
  },
  {
    name: 'carrier-order',
    method: 'carrier',
    trigger: { routes: { 'POST /carrier/orders': 'charge' } },
    table: ['PutItem'],
    // Its form carries the IP code; nothing is sent.
    secrets: ['ipCodes'],
    ...tableCall,
  },
  {
    name: 'carrier-settle',
    method: 'carrier',
    trigger: {
      routes: {
        'POST /carrier/orders/{orderId}/settlement': 'operate',
        'DELETE /carrier/orders/{orderId}/settlement': 'operate',
      },
    },
    table: ['GetItem', 'PutItem'],
    secrets: ['ipCodes', 'carrierKey'],
    ...gatewayCall,
  },
  {
    name: 'carrier-return',
    method: 'carrier',
    trigger: { routes: { 'POST /carrier/orders/{orderId}/return': 'operate' } },
    table: ['GetItem', 'PutItem'],
    secrets: ['ipCodes', 'carrierKey'],
    ...gatewayCall,
  },
  {
    name: 'cvs-order',
    method: 'cvs',
    trigger: { routes: { 'POST /cvs/orders': 'charge' } },
    table: ['PutItem'],
    secrets: ['ipCodes'],
    ...gatewayCall,
  },
  {
    name: 'orders',
    method: null,
    trigger: {
      routes: {
        'GET /orders': 'read',
        'GET /orders/{orderId}': 'read',
        'POST /orders/{orderId}/resolution': 'operate',
      },
    },
    table: ['GetItem', 'BatchGetItem', 'PutItem'],
    queries: ['byMonth', 'byStatus', 'byReference', 'byOrderNumber', 'byCard', 'byAttention'],
    secrets: [],
    ...tableCall,
  },
  {
    name: 'callback',
    method: null,
    trigger: { publicUrl: true },
    table: ['GetItem', 'PutItem'],
    secrets: ['ipCodes', 'pathToken'],
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
    secrets: ['ipCodes'],
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
    secrets: ['ipCodes', 'cardKey', 'carrierKey'],
    timeoutSeconds: DUE_WORK_MINUTES * 60,
    memoryMb: MEMORY_MB,
  },
  {
    name: 'publish',
    method: null,
    trigger: { stream: true },
    table: [],
    secrets: [],
    publishes: true,
    // It tries for about 20 s to reach the bus, and its last request may take 18 s.
    timeoutSeconds: 60,
    // A batch of 100 changes, both images of each, comes to 6 MB at most.
    memoryMb: MEMORY_MB,
  },
];

/** Those that the settings' methods need. */
export const deployedFunctions = ({
  methods,
  threeDSecure,
}: Pick<Settings, 'methods' | 'threeDSecure'>): FunctionSpec[] =>
  functions
    .filter(({ method }) => method === null || methods.includes(method))
    .filter(({ authenticates }) => !authenticates || threeDSecure !== 'off');
