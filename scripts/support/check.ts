import { Complaint } from './run.ts';
import type { apiOf } from './signed-request.ts';
import { type Expected, send, type TestCall } from './test-calls.ts';

export interface Finding {
  call: TestCall;
  /** Null: all of it arrived. */
  fault: string | null;
}

export const refusedSource = [
  'HTTP 403: this machine is not among callbackSources, or the path token was changed within the last ten minutes.',
  'Requests of others are refused, and nothing more was tried. For the whole check, add the public address of this',
  'machine to callbackSources, deploy, run it, and deploy again without the address.',
].join('\n');

/** Makes the calls one after the other and compares the order of each. Throws a Complaint when the first one is refused. */
export async function check(
  urls: Record<string, string>,
  api: ReturnType<typeof apiOf>,
  calls: TestCall[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const call of calls) {
    const { status, text } = await send(urls[call.service] ?? '', call);
    if (status === 403 && findings.length === 0) throw new Complaint(refusedSource);
    const isTaken = status === 200 && text.startsWith('successok');
    findings.push({ call, fault: isTaken ? await lookAt(api, call) : `answered HTTP ${status} ${text.slice(0, 40)}` });
  }
  return findings;
}

/** Compares the order that the call made, and acknowledges its attention. */
async function lookAt(api: ReturnType<typeof apiOf>, { orderId, expected }: TestCall): Promise<string | null> {
  const read = await api({ method: 'GET', path: `/orders/${orderId}` });
  if (read.status === 404) return 'answered successok, but not stored yet: it waits in the queue';
  if (read.status !== 200)
    throw new Complaint(
      `The callback was stored, but the API answered HTTP ${read.status}: are you allowed to call it?`,
    );
  const found = summaryOf(JSON.parse(read.text));
  const differing = (Object.keys(expected) as (keyof Expected)[]).filter(name => found[name] !== expected[name]);

  const body = JSON.stringify({ outcome: 'acknowledged', note: 'A test call of npm run check-callbacks' });
  const path = `/orders/${orderId}/resolution`;
  const cleared = await api({ method: 'POST', path, idempotencyKey: 'check-callbacks', body });
  if (differing.length > 0) return `arrived with another ${differing.join(', ')}`;
  return cleared.status === 200 ? null : `arrived, but its attention stays: HTTP ${cleared.status}`;
}

// biome-ignore lint/suspicious/noExplicitAny: each of its values is compared
const summaryOf = (order: any): Expected => ({
  status: order.status,
  amount: order.amount,
  orderNumber: order.gateway?.orderNumber,
  gatewayStatus: order.gateway?.status,
  code: order.failure?.code ?? null,
});
