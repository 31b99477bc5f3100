import type { CardFace } from './test-cards.ts';

export type Service = 'card' | 'carrier' | 'cvs';

export type Contracts = {
  card: { clientip: string; key: string };
  carrier: { clientip: string; zkey: string };
  cvs: { clientip: string };
};

/** A token names a card face, never a number; quick tokens have none. Times in ms. */
export type Token = {
  key: string;
  action: 'newcard' | 'quick';
  clientip: string;
  card: CardFace | null;
  hasCvv: boolean;
  issuedAt: number;
  used: boolean;
};

/** One pair of phone and card ID. */
export type StoredCard = CardFace & {
  clientip: string;
  telno: string;
  sendid: string;
  registeredAt: string;
  seq: number;
};

type OrderBase = {
  orderNumber: string;
  clientip: string;
  money: number;
  telno: string;
  email: string;
  sendid: string;
  sendpoint: string;
  test: boolean;
  /** When the order was made, and every status it had. */
  at: string;
  history: { at: string; status: string }[];
  /** Callback faults that stick to the order because its e-mail asked for them. */
  callbackFaults: Fault[];
};

export type CardOrder = OrderBase & {
  service: 'card';
  status: 'charged' | 'registered' | 'failed' | 'cancelled';
  last4: string;
  brand: string;
  div: string;
  recurring: boolean;
  /** Code of the authentication the order was paid with; null: without one. */
  authentication: string | null;
};

/** 001 p.10. `auth_cancelled` and `auth_cancel_failed` are a returned provisional sale, done and failed. */
export type CarrierStatus =
  | 'accepted'
  | 'failed'
  | 'authorized'
  | 'booked'
  | 'settling'
  | 'settle_failed'
  | 'settled'
  | 'cancelled'
  | 'cancel_failed'
  | 'auth_cancelled'
  | 'auth_cancel_failed';

export type CarrierOrder = OrderBase & {
  service: 'carrier';
  status: CarrierStatus;
  carrierType: 'D' | 'A' | 'S';
  username: string;
  links: { successUrl: string; successStr: string; failureUrl: string; failureStr: string };
  /** When the payer completed the carrier's pages. */
  completedAt: string | null;
  settledAt: string | null;
  /** YYYYMMDD of a booking. */
  bookedFor: string | null;
  settleMoney: number | null;
  errorCode: string;
  nextSettlementFails: boolean;
  nextReturnFails: boolean;
};

/** 002, status list; `received_after_cancel` and its kin are 11, 12 and 13. */
export type CvsStatus =
  | 'unpaid'
  | 'error'
  | 'expired'
  | 'received'
  | 'confirmed'
  | 'reversed'
  | 'cancelled'
  | 'received_after_cancel'
  | 'confirmed_after_cancel'
  | 'reversed_after_cancel';

export type CvsOrder = OrderBase & {
  service: 'cvs';
  status: CvsStatus;
  username: string;
  payCvs: string;
  payNo1: string;
  payNo2: string;
  payLimit: string;
  payUrl: string;
  errorCode: string;
  /** Order number of the re-issue that replaced this one. */
  replacedBy: string | null;
};

export type GatewayOrder = CardOrder | CarrierOrder | CvsOrder;

export type LedgerKind =
  | 'charge'
  | 'registration'
  | 'repeated_payment'
  | 'cancel'
  | 'deletion'
  | 'authorization'
  | 'settlement'
  | 'return'
  | 'cash_received'
  | 'cash_confirmed'
  | 'cash_reversed';

/** One movement of money or card state that really happened. `amount` in yen, 0 for registrations and deletions. */
export type LedgerEntry = {
  seq: number;
  at: string;
  kind: LedgerKind;
  service: Service;
  orderNumber: string | null;
  sendpoint: string;
  sendid: string;
  amount: number;
  test: boolean;
  /** Convenience stores: money for an order that a re-issue had cancelled. */
  afterCancel: boolean;
  /** Charges and registrations with EMV 3-D Secure: 001 to 004; null otherwise. */
  authentication: string | null;
};

/**
 * One EMV 3-D Secure session. `outside`: the brand does not take part. `authenticated` and `refused` are the result of
 * risk step and challenge, whatever the browser was told; `confirmed`: the shop has asked for it.
 */
export type ThreeDSession = {
  xid: string;
  /** In the addresses of its pages: without signs that a page which decodes once too often would break. */
  pageId: string;
  startedAt: number;
  state: 'outside' | 'enrolled' | 'challenge' | 'authenticated' | 'refused' | 'confirmed' | 'paid' | 'declined';
  card: CardFace;
  recurring: boolean;
  fields: Pick<CardOrder, 'clientip' | 'money' | 'telno' | 'email' | 'sendid' | 'sendpoint' | 'div'>;
  /** What the browser was told at the risk step. */
  told: { status: string; transStatus: string } | null;
  /** 001 to 004, once the shop has asked. */
  authentication: string | null;
  /** What the payment made. */
  orderNumber: string | null;
  steps: { at: string; step: string; result: string }[];
};

export const ENDPOINTS = [
  'token',
  'charge',
  'deletion',
  'cancel',
  'enroll',
  'risk',
  'authenticate',
  'pay',
  'carrier-order',
  'settle',
  'return',
  'cvs',
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export const FAULTS = [
  'late-answer',
  'lost-answer',
  'closed-before',
  'garbage',
  'truncated',
  'truncated-close',
  'http-500',
  'http-302',
  'http-307',
  'maintenance',
  'refusal',
  'invalid-parameter',
  'connect-error',
  'callback-first',
  'callback-twice',
  'no-callback',
  'callback-late',
] as const;
export type FaultName = (typeof FAULTS)[number];

/** `ms` of the late ones, `bytes` kept of truncated answers, `code` of a refusal, `parameter` of an invalid one. */
export type Fault = { fault: FaultName; ms?: number; bytes?: number; code?: string; parameter?: string };

/** For the next `count` (default 1) requests of an endpoint, or for the next `count` callbacks. */
export type ArmedFault = Fault & { endpoint: Endpoint | 'callback' | 'any'; count?: number };

export type RequestRecord = {
  id: number;
  at: string;
  /** Counts TCP connections, from 1. */
  connection: number;
  method: string;
  path: string;
  endpoint: Endpoint;
  headers: Record<string, string>;
  /** Query of a GET, body of a POST, base64; card numbers and security codes overwritten with `*`. */
  raw: string;
  /** Decoded, with secrets and card data masked, in the order they came. */
  parameters: { name: string; value: string }[];
  /** Breaches of the manual's rules, whether or not the request was refused for them. */
  violations: string[];
  notes: string[];
  faults: FaultName[];
  orderNumber: string | null;
  sendpoint: string;
  /** null: nothing was answered. */
  answer: { status: number; body: string } | null;
};

export type CallbackAttempt = {
  at: string;
  outcome: 'accepted' | 'refused' | 'no-successok' | 'timed-out' | 'not-connected';
  status: number | null;
  body: string;
};

export type CallbackRecord = {
  id: string;
  service: Service;
  orderNumber: string;
  sendpoint: string;
  /** `OK`, `NG` or the two digits. */
  status: string;
  method: 'GET' | 'POST';
  url: string;
  /** The escaped parameters exactly as they go on the wire. */
  wire: string;
  parameters: { name: string; value: string }[];
  state: 'waiting' | 'sending' | 'done' | 'withheld';
  attempts: CallbackAttempt[];
};

export type State = {
  tokens: Map<string, Token>;
  cards: StoredCard[];
  sessions: Map<string, ThreeDSession>;
  orders: Map<string, GatewayOrder>;
  ledger: LedgerEntry[];
  requests: RequestRecord[];
  callbacks: CallbackRecord[];
  armed: (ArmedFault & { count: number })[];
  counter: number;
  /** JST day whose bookings and deadlines are done. */
  day: string;
  /** By store: orders so far and the numbers given out last. */
  payNumbers: Map<string, { count: number; payNo1: string; payNo2: string }>;
};

export function createState(): State {
  return {
    tokens: new Map(),
    cards: [],
    sessions: new Map(),
    orders: new Map(),
    ledger: [],
    requests: [],
    callbacks: [],
    armed: [],
    counter: 0,
    day: '',
    payNumbers: new Map(),
  };
}
