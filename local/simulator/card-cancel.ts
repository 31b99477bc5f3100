/**
 * secure/api.cgi `payment_return` (003): XML of at most 8192 bytes. A cancel cannot be undone; it needs a charge that
 * succeeded at least 5 s ago. The manual names no code for too early: that is the general failure here.
 */
import { answer, book, type Call, type Gateway, moveTo, type Reply } from './gateway.ts';
import type { CardOrder } from './state.ts';
import { actionFault, clientipFault } from './token.ts';
import { headerFault, parseRequest, resultDocument, textAt, type XmlNode } from './xml.ts';

const MAX_BYTES = 8192;
const GENERAL_FAILURE = '02189999';
const MAINTENANCE = ['02000012', '02051010'];

export function handleCancel(gateway: Gateway, call: Call): Reply {
  const down = gateway.settings.maintenance || call.forced?.fault === 'maintenance';
  if (down) return say(call, call.forced?.code ?? '02000012');
  if (call.forced?.fault === 'refusal') return say(call, call.forced.code ?? GENERAL_FAILURE);
  const request = parseRequest(call.body);
  const code = headerFault(call, MAX_BYTES) ?? (request ? requestFault(gateway, request) : '02030209');
  if (code || !request) return say(call, code ?? '02030209');
  return say(call, cancel(gateway, call, textAt(request, 'return.order_number')));
}

function requestFault(gateway: Gateway, request: XmlNode): string | null {
  const action = actionFault(request, 'secure_link', ['payment_return']);
  return action ?? clientipFault(gateway, request, /^\d{1,10}$/) ?? keyFault(gateway, request);
}

function keyFault(gateway: Gateway, request: XmlNode): string | null {
  const key = textAt(request, 'authentication.key');
  if (key === '') return '02130214';
  if (!/^[!-~]{1,40}$/.test(key)) return '02130217';
  return key === gateway.contracts.card.key ? null : '02130210';
}

/** Only a charge that succeeded can be cancelled: not a failed one, and not a registration, which took no money. */
function cancel(gateway: Gateway, call: Call, number: string): string {
  const order = gateway.state.orders.get(number);
  if (order?.service !== 'card') return '02180114';
  call.record.orderNumber = number;
  call.record.sendpoint = order.sendpoint;
  if (order.status === 'cancelled') return '02180118';
  if (order.status !== 'charged' || tooEarly(gateway, order)) return GENERAL_FAILURE;
  moveTo(gateway, order, 'cancelled');
  book(gateway, order, 'cancel', order.money);
  return '000';
}

function tooEarly(gateway: Gateway, order: CardOrder): boolean {
  return gateway.clock.now() - Date.parse(order.at) < gateway.settings.cancelWaitMs;
}

function say(call: Call, code: string): Reply {
  if (code !== '000') call.record.notes.push(`cancel answered with ${code}`);
  const result = resultDocument('secure_link', 'payment_return', [
    ['status', statusOf(code)],
    ['code', code],
  ]);
  return answer(result, 'application/xml; charset=utf-8');
}

function statusOf(code: string): string {
  if (code === '000') return 'success';
  if (MAINTENANCE.includes(code)) return 'maintenance';
  return code === GENERAL_FAILURE ? 'failure' : 'invalid';
}
