/** The merchant API, called from the page for the demo's sake: a real shop's server does this. */
import type { Order } from './order-shape.ts';

export interface Problem {
  code: string;
  detail: string;
  gatewayCode?: string;
  gatewayMeaning?: string;
  errors?: { field: string; code: string; message: string }[];
  order?: Order;
}

/** `order`: the outcome is in the order. `lost`: no response came; the same request may be repeated. */
export type Called = { kind: 'order'; order: Order } | { kind: 'problem'; problem: Problem } | { kind: 'lost' };

/** A charge may take 75 s at the gateway, and its claim is stale after 120 s. */
const timeOutMs = 150_000;

/**
 * A request that changes something. One key for one attempt: after a lost or cut-off response, or while the first
 * request still runs, the same request is repeated and has its effect once.
 */
export async function act(method: 'POST' | 'DELETE', path: string, key: string, body: object = {}): Promise<Called> {
  const deadline = Date.now() + timeOutMs;
  const request = {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  };
  for (;;) {
    const answer = await fetch(path, request).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (typeof told?.orderId === 'string' || told?.deleted === true) return { kind: 'order', order: told };
    if (told?.code && told.code !== 'in_progress') return { kind: 'problem', problem: told };
    if (Date.now() > deadline) return { kind: 'lost' };
    await pause(Number(answer?.headers.get('retry-after') ?? 1));
  }
}

export async function readOrder(orderId: string): Promise<Order | null> {
  return readJson(`/orders/${encodeURIComponent(orderId)}`);
}

export async function listOrders(filters: Record<string, string>): Promise<{ orders: Order[]; cursor: string | null }> {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  return (await readJson(`/orders?${query}`)) ?? { orders: [], cursor: null };
}

async function readJson<T>(path: string): Promise<T | null> {
  const answer = await fetch(path).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

export const pause = (seconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, Math.min(seconds, 5) * 1000));
