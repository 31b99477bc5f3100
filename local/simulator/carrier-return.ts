/** carrier/secure.cgi `return` (001 p.20 and 21): within 50 days, counted from the payer's completion or from settlement. */
import { type CodedRow, findOrder, firstBadCode, ORDER_NO, type Verdict, ZKEY } from './carrier-request.ts';
import { CARRIER_FAILED, giveBack, wasSettled } from './carrier-status.ts';
import { DAY_MS } from './clock.ts';
import type { Call, Gateway } from './gateway.ts';
import { strayFields } from './rows.ts';
import type { CarrierOrder, CarrierStatus } from './state.ts';

const WINDOW_MS = 50 * DAY_MS;

const rows: CodedRow[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^\d{10}$/, code: '00000100' },
  { name: 'act', required: true, max: 6, pattern: /^return$/, code: '00000000' },
  { name: 'order_no', required: true, max: 38, pattern: ORDER_NO, code: '00000101' },
  { name: 'zkey', required: true, max: 40, pattern: ZKEY, code: '00000103' },
];

/** Statuses that cannot be returned, with the code that tells why. */
const REFUSED: Partial<Record<CarrierStatus, string>> = {
  accepted: '010100025',
  failed: '010100025',
  settling: '010100037',
  settle_failed: '010010107',
  cancelled: '010100030',
  auth_cancelled: '010100026',
};

export function handleReturn(gateway: Gateway, call: Call): Verdict {
  call.record.violations.push(...strayFields(rows, call.fields));
  const bad = firstBadCode(rows, call.fields);
  if (bad) return { code: bad };
  const order = findOrder(gateway, call, '010010100', '010010101');
  if (typeof order === 'string') return { code: order };
  const refused = REFUSED[order.status] ?? windowFault(gateway, order);
  if (refused) return { code: refused };
  const callbacks = giveBack(gateway, order);
  return { code: order.status.endsWith('cancelled') ? '-' : CARRIER_FAILED, callbacks };
}

function windowFault(gateway: Gateway, order: CarrierOrder): string | null {
  const from = wasSettled(order) ? order.settledAt : order.completedAt;
  if (gateway.clock.now() - Date.parse(from ?? order.at) <= WINDOW_MS) return null;
  return wasSettled(order) ? '010010114' : '010010113';
}
