import { type Answered, cardToken, type startLocal } from './local.ts';

export const FAILING = '0000000000000000';

type Local = Awaited<ReturnType<typeof startLocal>>;
export interface ChargeOptions {
  /** Fields of the body to change; `undefined` leaves one out. */
  body?: Record<string, unknown>;
  number?: string;
}

/** Charges over 8,000 yen with a fresh token, as the shop's server sends them. */
export function cardCalls({ gateway, call }: Pick<Local, 'gateway' | 'call'>) {
  const bodyOf = (tokenKey: string, more: Record<string, unknown> = {}) => ({
    tokenKey,
    amount: 8000,
    phone: '09012345678',
    email: 'taro@example.com',
    ...more,
  });
  const charge = async (key: string, { body = {}, number }: ChargeOptions = {}): Promise<Answered> =>
    call('POST', '/card/charges', { key, body: bodyOf(await cardToken(gateway.url, number), body) });
  /** The callback that a `no-callback` fault kept back. */
  const sendWithheld = async () => {
    await gateway.idle();
    await gateway.resend(gateway.callbacks().at(-1)?.id ?? '');
  };
  /** The callback comes after the answer was stored. */
  const chargeThenCallback = async (key: string, options: ChargeOptions = {}) => {
    gateway.arm({ endpoint: 'charge', fault: 'no-callback' });
    const answered = await charge(key, options);
    await sendWithheld();
    return { answered, order: await read(answered.body.orderId) };
  };
  const read = async (orderId: string) => (await call('GET', `/orders/${orderId}`)).body;
  /** What reached secure.cgi since the gateway was last reset. */
  const sent = () => gateway.requests().filter(request => request.endpoint === 'charge');
  const wire = () => sent().map(({ raw }) => Buffer.from(raw, 'base64').toString('latin1'));
  return { bodyOf, charge, chargeThenCallback, sendWithheld, read, sent, wire };
}

/** What a problem document objects to: field and code of each fault. */
export const faultsOf = ({ body }: { body: { errors?: { field: string; code: string }[] } }): string[] =>
  (body.errors ?? []).map(({ field, code }) => `${field} ${code}`).toSorted();

/** The attention reasons of an order's JSON. */
export const reasonsIn = ({ attention }: { attention: { reason: string }[] }): string[] =>
  attention.map(({ reason }) => reason);
