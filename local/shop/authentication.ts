import type * as TokenClient from '../../web/token-client/token-client.ts';
import { readOrder } from './api.ts';
import { byId, focusOn } from './dom.ts';
import type { Words } from './language.ts';
import type { Order } from './order-shape.ts';
import { settings } from './settings.ts';

const { authenticate }: typeof TokenClient = await import('/token-client.js' as string);

/** `failed`: nothing was charged, and the payer may try again. `open`: the order's own page tells the rest. */
export type Conclusion = { kind: 'open' } | { kind: 'failed'; order: Order | null };

/**
 * Shows the issuer's challenge in the page. Whatever the script says is no more than that it has ended: then the shop is
 * asked for the order, and only an order that nothing can complete any more is given up.
 */
export async function authenticateCard(order: Order, browser: TokenClient.BrowserBlock): Promise<Conclusion> {
  const { gatewayUrl } = await settings;
  const left = new AbortController();
  const leave = byId<HTMLButtonElement>('leave');
  leave.onclick = () => left.abort();
  leave.disabled = false;
  byId('authentication').hidden = false;
  focusOn(byId('authentication-title'));
  await authenticate({
    gatewayUrl,
    container: byId('challenge'),
    termUrl: new URL(`/shop/completions/${order.orderId}`, location.href).href,
    browser,
    signal: left.signal,
  });
  leave.disabled = true;
  byId('challenge_wait').hidden = false;
  return conclude(order.orderId);
}

const failed = ['declined', 'expired', 'not_processed'];

async function conclude(orderId: string): Promise<Conclusion> {
  const order = await readOrder(orderId);
  if (order && failed.includes(order.status)) return { kind: 'failed', order };
  if (order?.status === 'awaiting_customer' && (await abandon(orderId))) return { kind: 'failed', order: null };
  return { kind: 'open' };
}

/** False while the shop's server completes the order, and where it did not answer. */
async function abandon(orderId: string): Promise<boolean> {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  const answer = await fetch(`/shop/abandonments/${orderId}`, request).catch(() => null);
  const told = await answer?.json().catch(() => null);
  return told?.abandoned === true;
}

export function failureWords(order: Order | null): Words {
  const again: Words = ['カード情報をもう一度入力してください。', 'Please enter the card again.'];
  if (!order) {
    return [
      `本人認証が終わりませんでした。代金はいただいておりません。${again[0]}`,
      `The authentication did not finish, and you have not been charged. ${again[1]}`,
    ];
  }
  const ja = order.failure?.payerMessage ?? 'お支払いは成立しませんでした。別のカードをお試しください。';
  return [ja, `The payment was declined. ${order.failure?.message ?? ''}`];
}

/** For the page that is loaded again: one page does one authentication. Card data is never among it. */
const keptFields = ['quantity', 'payer-name', 'phone', 'email', 'installments', 'save-card', 'consent', 'card-id'];
const key = 'returned';

interface Kept {
  words: Words;
  method: string;
  fields: Record<string, string | boolean>;
}

export function returnToForm(words: Words, method: string): void {
  const fields = Object.fromEntries(keptFields.map(id => [id, stateOf(byId<HTMLInputElement>(id))]));
  sessionStorage.setItem(key, JSON.stringify({ words, method, fields } satisfies Kept));
  location.reload();
}

const stateOf = (field: HTMLInputElement) => (field.type === 'checkbox' ? field.checked : field.value);

/** Fills the form in as it was; the words say why the payer is back. Null: this is no return. */
export function restoreForm(): Words | null {
  const kept: Kept | null = JSON.parse(sessionStorage.getItem(key) ?? 'null');
  sessionStorage.removeItem(key);
  if (!kept) return null;
  for (const [id, value] of Object.entries(kept.fields)) {
    const field = byId<HTMLInputElement>(id);
    if (typeof value === 'boolean') field.checked = value;
    else field.value = value;
  }
  const method = document.querySelector<HTMLInputElement>(`[name=method][value=${kept.method}]`);
  if (method) method.checked = true;
  return kept.words;
}
