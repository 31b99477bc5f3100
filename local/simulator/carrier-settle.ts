/**
 * carrier/secure.cgi `settled` (001 p.18 and 19): settles today or books a day; `autype=auth` takes a booking back, until
 * the day before. A second booking replaces the first, where the manual is silent.
 */
import { type CodedRow, findOrder, firstBadCode, ORDER_NO, type Verdict, ZKEY } from './carrier-request.ts';
import { CARRIER_FAILED, dropBooking, settle } from './carrier-status.ts';
import { addDays, isDay, jstDay, jstTime } from './clock.ts';
import { textOf } from './form.ts';
import { type Call, type Gateway, moveTo } from './gateway.ts';
import { DIGITS, strayFields } from './rows.ts';
import type { CarrierOrder, CarrierStatus } from './state.ts';

const DAYS_TO_SETTLE = 50;
const LAST_CALL = '235500';

const rows: CodedRow[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^\d{10}$/, code: '00000001' },
  { name: 'act', required: true, max: 7, pattern: /^settled$/, code: '00000000' },
  { name: 'order_no', required: true, max: 38, pattern: ORDER_NO, code: '00000003' },
  { name: 'zkey', required: true, max: 40, pattern: ZKEY, code: '00000006' },
  { name: 'money', required: false, max: 6, pattern: DIGITS, code: '00000002' },
  { name: 'autype', required: false, max: 4, pattern: /^[a-z]+$/, code: '00000004' },
  { name: 'autype', required: false, max: 4, pattern: /^(sale|auth)$/, code: '00000007' },
  { name: 'date', required: false, max: 8, pattern: /^\d{8}$/, code: '00000005' },
  { name: 'date', required: false, max: 8, pattern: { test: isDay }, code: '00000008' },
];

/** Statuses that cannot be settled, with the code that tells why. */
const REFUSED: Partial<Record<CarrierStatus, string>> = {
  accepted: '010100020',
  failed: '010100020',
  settling: '010100036',
  settle_failed: '010010007',
  settled: '010100023',
  cancel_failed: '010100023',
  cancelled: '010100021',
  auth_cancelled: '010100021',
};

export function handleSettle(gateway: Gateway, call: Call): Verdict {
  call.record.violations.push(...strayFields(rows, call.fields));
  const bad = firstBadCode(rows, call.fields);
  if (bad) return { code: bad };
  const order = findOrder(gateway, call, '010010000', '010010001');
  if (typeof order === 'string') return { code: order };
  if (textOf(call.fields, 'autype') === 'auth') return withdraw(gateway, order);
  const day = textOf(call.fields, 'date') || defaultDay(gateway);
  const money = textOf(call.fields, 'money') === '' ? order.money : Number(textOf(call.fields, 'money'));
  const refused = REFUSED[order.status] ?? dayFault(gateway, order, day) ?? moneyFault(order, money);
  return refused ? { code: refused } : settleOn(gateway, order, day, money);
}

function settleOn(gateway: Gateway, order: CarrierOrder, day: string, money: number): Verdict {
  order.settleMoney = money;
  if (day > jstDay(gateway.clock.now())) {
    order.bookedFor = day;
    moveTo(gateway, order, 'booked');
    return { code: '-', date: day };
  }
  const callbacks = settle(gateway, order);
  return order.status === 'settled'
    ? { code: '-', date: day, callbacks }
    : { code: CARRIER_FAILED, date: day, callbacks };
}

/** Until the day before: on its day a booking has run already. */
function withdraw(gateway: Gateway, order: CarrierOrder): Verdict {
  if (order.status !== 'booked') return { code: '010010010' };
  dropBooking(order);
  moveTo(gateway, order, 'authorized');
  return { code: '-', date: defaultDay(gateway) };
}

/** From 23:55:00 on, "no day" means tomorrow. */
function defaultDay(gateway: Gateway): string {
  const now = gateway.clock.now();
  return jstTime(now) >= LAST_CALL ? addDays(jstDay(now), 1) : jstDay(now);
}

function dayFault(gateway: Gateway, order: CarrierOrder, day: string): string | null {
  const now = gateway.clock.now();
  const today = jstDay(now);
  const last = addDays(jstDay(Date.parse(order.completedAt ?? order.at)), DAYS_TO_SETTLE);
  if (today > last) return '010010013';
  if (day < today || day > last) return '010010011';
  return day === today && jstTime(now) >= LAST_CALL ? '010010012' : null;
}

/** SoftBank settles the first amount only, the others that or less. */
function moneyFault(order: CarrierOrder, money: number): string | null {
  if (order.carrierType === 'S') return money === order.money ? null : '010010015';
  return money >= 1 && money <= order.money ? null : '010010014';
}
