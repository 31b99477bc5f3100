import { orderIdOf } from '../domain/identity.ts';
import type { Masked } from '../domain/masked.ts';
import { type Draft, newOrder } from '../domain/new-order.ts';
import { summarize } from '../domain/summarize.ts';
import type { Carrier } from '../domain/words.ts';
import { type CarrierForm, carrierLink, type SiteBackLink } from '../zeus/operations/carrier-link.ts';
import type { OrderDeps } from './engine.ts';
import type { Submitted } from './replay.ts';

export interface CarrierOrderDeps extends OrderDeps {
  deploymentId: string;
  ipCode: string;
  gatewayBaseUrl: string;
}

export interface CarrierOrderRequest {
  idempotencyKey: string;
  request: string;
  actor: string | null;
  carrier: Carrier;
  amountYen: number;
  name: Masked;
  phone: Masked;
  email: Masked | null;
  success: SiteBackLink | null;
  failure: SiteBackLink | null;
  reference: string | null;
  testId: string | null;
}

/** `form`: what the payer's browser is to post; null once the order has moved on. */
export type CarrierOrdered = { submitted: Submitted; form: CarrierForm | null };

/** Opens an order for the payer to take to the carrier. Nothing is sent from here, and nothing of the payer is kept. */
export async function carrierOrder(deps: CarrierOrderDeps, request: CarrierOrderRequest): Promise<CarrierOrdered> {
  const { carrier, amountYen, reference, testId, actor } = request;
  const orderId = orderIdOf(deps.deploymentId, request.idempotencyKey);
  const draft: Draft = {
    orderId,
    method: 'carrier',
    operation: 'carrier_order',
    amountYen,
    reference,
    test: testId !== null,
    request: request.request,
    actor,
    carrier: { type: carrier },
  };
  const written = await deps.store.create(newOrder(draft, false, deps.now()));
  const order = written.stored ?? written.existing;
  if (!order || order.request !== request.request) return { submitted: { kind: 'key_reused' }, form: null };
  const form = carrierLink(deps.gatewayBaseUrl, { ...request, ipCode: deps.ipCode, orderId });
  const submitted = { kind: 'answered', order, replayed: written.stored === null } as const;
  return { submitted, form: summarize(order).status === 'awaiting_customer' ? form : null };
}
