/** The six convenience stores: their codes, and what each calls its payment numbers (manual 002, pages 5 and 7). */
import type { PaymentNumber, Store } from '../../domain/words.ts';

interface StoreFacts {
  code: string;
  /** The store's names for pay_no1 and pay_no2; null where it has no second number. */
  labels: readonly [string, string | null];
}

const stores: Readonly<Record<Store, StoreFacts>> = {
  'seven-eleven': { code: 'D001', labels: ['払込票番号', null] },
  lawson: { code: 'D002', labels: ['受付番号', '確認番号'] },
  familymart: { code: 'D030', labels: ['注文番号', '企業コード'] },
  seicomart: { code: 'D015', labels: ['お支払受付番号', null] },
  ministop: { code: 'D050', labels: ['受付番号', '確認番号'] },
  'daily-yamazaki': { code: 'D060', labels: ['オンライン決済番号', null] },
};

/** For a store that the manual does not list, and for a number that it does not name. */
const neutralLabel = '払込番号';

/** In the manual's order. */
export const storeCodes: readonly string[] = Object.values(stores).map(store => store.code);

export function codeOfStore(store: Store): string {
  return stores[store].code;
}

/** Null for a code that the manual does not list. */
export function storeOfCode(code: string | null): Store | null {
  const found = Object.entries(stores).find(([, store]) => store.code === code);
  return (found?.[0] as Store | undefined) ?? null;
}

/** The numbers that are there, under the store's own labels. They are for the payer's eyes, never a key. */
export function labelled(store: Store | null, first: string | null, second: string | null): PaymentNumber[] {
  const labels = store === null ? [] : stores[store].labels;
  return [first, second].flatMap((value, i) => (value === null ? [] : [{ label: labels[i] ?? neutralLabel, value }]));
}

/** Numbers of a notification that named no store, under the labels of the store that is known. */
export function relabelled(store: Store | null, [first, second]: readonly PaymentNumber[]): PaymentNumber[] {
  return labelled(store, first?.value ?? null, second?.value ?? null);
}
