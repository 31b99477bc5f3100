import { type Play, repeat, seconds } from './acting.ts';
import type { Town } from './town.ts';

/** Looks at an order that needs a look, and says what the gateway's console shows; sometimes something else. */
export async function playOperator(play: Play): Promise<void> {
  const { town, dice } = play;
  const times = 1 + dice.below(2);
  for (let time = 0; time < times; time += 1) {
    await town.world.scheduler.sleep(seconds(dice, 60, 900));
    const orderId = dice.pick(play.orderIds.length > 0 ? play.orderIds : ['none'.padEnd(32, '-')]);
    const { status, response: order } = await town.call('GET', `/orders/${orderId}`, null);
    if (status !== 200) continue;
    const resolution = dice.chance(0.8) ? truthOf(town, order) : mistaken(play);
    const reasons: string[] = order.attention.map(({ reason }: { reason: string }) => reason);
    const isOne = resolution.outcome === 'acknowledged' && reasons.length > 1 && dice.chance(0.5);
    const body = { ...resolution, ...(isOne && { reasons: [dice.pick(reasons)] }), note: 'asked the gateway' };
    await repeat(play, ['POST', `/orders/${orderId}/resolution`], `resolve-${time}`, () => body, 2);
  }
}

interface Resolution {
  outcome: string;
  gatewayOrderNumber?: string;
}

const mistaken = ({ dice }: Play): Resolution => ({
  outcome: dice.pick(['paid', 'declined', 'cancelled', 'authorized', 'acknowledged']),
  ...(dice.chance(0.3) && { gatewayOrderNumber: '11.111.11.11-999-999-999' }),
});

const carrierOutcomes: Record<string, string> = {
  failed: 'declined',
  authorized: 'authorized',
  booked: 'authorized',
  settle_failed: 'settle_failed',
  settled: 'paid',
  cancel_failed: 'paid',
  cancelled: 'cancelled',
  auth_cancelled: 'cancelled',
  auth_cancel_failed: 'authorized',
};

/** The gateway's records of the order, as an outcome. */
function truthOf(town: Town, order: { orderId: string; method: string; status: string }): Resolution {
  const { ledger, orders } = town.world.gateway.gateway.state;
  const isOpen = ['unknown', 'sending', 'settling', 'cancelling'].includes(order.status);
  if (!isOpen && order.method !== 'cvs') return { outcome: 'acknowledged' };
  const has = (kind: string) => ledger.some(entry => entry.kind === kind && entry.sendpoint === order.orderId);
  const own = [...orders.values()].findLast(({ sendpoint }) => sendpoint === order.orderId);
  const number = own && { gatewayOrderNumber: own.orderNumber };
  if (order.method === 'cvs') {
    if (!own) return { outcome: isOpen ? 'declined' : 'acknowledged' };
    return { outcome: has('cash_confirmed') ? 'paid' : 'awaiting_customer', ...number };
  }
  if (order.method === 'carrier') return { outcome: carrierOutcomes[own?.status ?? ''] ?? 'acknowledged', ...number };
  if (has('cancel')) return { outcome: 'cancelled', ...number };
  return has('charge') || has('registration') ? { outcome: 'paid', ...number } : { outcome: 'declined' };
}
