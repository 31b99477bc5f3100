/** `amount` null: the gateway has not named it. */
export interface Money {
  amount: number | null;
  at: string;
}

export interface OtherPayment {
  orderNumber: string | null;
  status: string;
  paid: Money | null;
  returned: Money | null;
}

/** An order as the merchant API returns it: what the pages use of it. */
export interface Order {
  orderId: string;
  method: 'card' | 'carrier' | 'cvs';
  operation: string;
  status: string;
  amount: number;
  reference: string | null;
  test: boolean;
  failure: { reason: string; code: string | null; message: string; payerMessage: string | null } | null;
  /** Oldest first, empty when nothing needs attention. */
  attention: { reason: string; since: string; note: string | null }[];
  /** What the gateway took; it stays when it is given back. */
  paid: Money | null;
  returned: Money | null;
  /** Payments of the same order other than the one shown. */
  otherPayments: OtherPayment[];
  gateway: { orderNumber: string | null; status: string | null };
  card?: {
    cardId: string | null;
    last4: string | null;
    brand: string | null;
    installments: string;
    authentication?: { state: string; code: string | null; expiresAt: string | null } | null;
  };
  carrier?: {
    type: string | null;
    settlement: { on: string; amount: number; by: 'schedule' | 'gateway' } | null;
    settleBy: string | null;
  };
  cvs?: {
    store: string | null;
    paymentNumbers: { label: string; value: string }[];
    payBy: string | null;
    redirectUrl: string | null;
  };
  createdAt: string;
  updatedAt: string;
  version: number;
  history: HistoryEntry[];
  /** Only in the response to the request that began EMV 3-D Secure, and its replays while the payer is awaited. */
  browser?: { md: string; paReq: string; threeDSMethod: string; iframeUrl: string } | null;
  /** Only in the response to the request that made a carrier order. */
  form?: { action: string; acceptCharset: string; fields: Record<string, string> } | null;
}

export interface HistoryEntry {
  at: string;
  source: string;
  event: string;
  from: string | null;
  to: string;
  code: string | null;
  note: string | null;
  actor: string | null;
  count: number;
}
