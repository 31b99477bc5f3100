/** An order as the merchant API answers it: what the pages use of it. */
export interface Order {
  orderId: string;
  method: 'card' | 'carrier' | 'cvs';
  operation: string;
  status: string;
  amount: number;
  reference: string | null;
  test: boolean;
  failure: { reason: string; code: string | null; message: string; payerMessage: string | null } | null;
  attention: { reason: string; since: string } | null;
  gateway: { orderNumber: string | null; status: string | null };
  card?: { cardId: string | null; last4: string | null; brand: string | null; installments: string };
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
  history: HistoryEntry[];
  /** Only in the answer to the call that opened a carrier order. */
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
  count: number;
}
