import { orderIdOf } from '../domain/identity.ts';
import type { Masked } from '../domain/masked.ts';
import type { Draft } from '../domain/new-order.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Done } from '../domain/sends.ts';
import type { Store } from '../domain/words.ts';
import { type CvsOrder, cvsOrder as sendCvsOrder } from '../zeus/operations/cvs-order.ts';
import type { Send } from '../zeus/wire/transport.ts';
import { type OrderDeps, submit } from './engine.ts';
import type { Submitted } from './replay.ts';

export interface CvsDeps extends OrderDeps {
  send: Send;
  deploymentId: string;
  ipCode: string;
}

export interface CvsOrderRequest {
  idempotencyKey: string;
  request: string;
  actor: string | null;
  store: Store;
  amountYen: number;
  name: Masked;
  phone: Masked;
  email: Masked;
  reference: string | null;
  test: CvsOrder['test'];
}

/** Orders a number with which the payer pays cash at a store. */
export function cvsOrder(deps: CvsDeps, request: CvsOrderRequest): Promise<Submitted> {
  const { store, amountYen, reference, test, actor } = request;
  const orderId = orderIdOf(deps.deploymentId, request.idempotencyKey);
  const draft: Draft = {
    orderId,
    method: 'cvs',
    operation: 'cvs_order',
    amountYen,
    reference,
    test: test !== null,
    request: request.request,
    actor,
    cvs: { store },
  };
  return submit(deps, draft, async (): Promise<Outcome<Done>> => {
    const outcome = await sendCvsOrder(deps.send, { ...request, ipCode: deps.ipCode, orderId });
    if (outcome.kind !== 'done') return outcome;
    const { orderNumber, paymentNumbers, payBy, redirectUrl, note } = outcome;
    return {
      kind: 'done',
      orderNumber,
      cvs: { paymentNumbers, payBy, redirectUrl },
      ...(note !== undefined && { note }),
    };
  });
}
