import type { Purchase } from './purchase.ts';

/** What the payer is about to confirm. One key for it: pressing the button again repeats the same request. */
export interface Pending {
  item: string;
  quantity: string;
  purchase: Purchase;
  key: string;
}

const name = 'pending';

/** Kept across a reload of the tab, because the request may be under way. Null: nothing is to be confirmed any more. */
export function keepPending(pending: Pending | null): void {
  if (pending) sessionStorage.setItem(name, JSON.stringify(pending));
  else sessionStorage.removeItem(name);
}

export function keptPending(item: string): Pending | null {
  const kept: Pending | null = JSON.parse(sessionStorage.getItem(name) ?? 'null');
  return kept?.item === item ? kept : null;
}
