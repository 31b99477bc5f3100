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

/** `order`: whatever became of it is in the order. `lost`: nobody knows yet; the same call may be made again. */
export type Called = { kind: 'order'; order: Order } | { kind: 'problem'; problem: Problem } | { kind: 'lost' };

/** A charge may take 75 s at the gateway and its claim is given up after 120 s. */
const patienceMs = 150_000;

/**
 * One call with an effect. One key for one intent: after a lost or a cut-off answer, or while the first request
 * still runs, the same request is simply made again, and never has its effect twice.
 */
export async function act(method: 'POST' | 'DELETE', path: string, key: string, body: object = {}): Promise<Called> {
  const deadline = Date.now() + patienceMs;
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
