/**
 * carrier/order.cgi (001 p.4 to 9): the payer's browser posts the shop's form, in Shift_JIS. Every form that passes makes
 * an order of its own, so a payer who goes back and submits again makes two. A name ending in `_` and the test ID leads to
 * the vendor's test page; with any other number there it is an ordinary order (p.22 and 23).
 */
import { confirmationPage, failurePage } from './carrier-pages.ts';
import { fail } from './carrier-status.ts';
import { textOf } from './form.ts';
import { type Call, type Gateway, isoNow, keepOrder, nextOrderNumber, type Reply } from './gateway.ts';
import {
  DIGITS,
  EMAIL_CARRIER,
  FREE_TEXT_CARRIER,
  firstBadRow,
  LINK_TEXT,
  LINK_URL,
  type Row,
  strayFields,
} from './rows.ts';
import type { CarrierOrder } from './state.ts';

const rows: Row[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^\d{10}$/ },
  { name: 'money', required: true, max: 6, pattern: DIGITS },
  { name: 'carrier_type', required: true, max: 1, pattern: /^[DAS]$/ },
  { name: 'username', required: true, max: 50, pattern: /^[ァ-ヶー]+(_\d+)?$/u },
  { name: 'telno', required: true, max: 32, pattern: DIGITS },
  { name: 'email', required: false, max: 50, pattern: EMAIL_CARRIER },
  { name: 'sendid', required: false, max: 25, pattern: FREE_TEXT_CARRIER },
  { name: 'sendpoint', required: false, max: 50, pattern: FREE_TEXT_CARRIER },
  { name: 'success_url', required: false, max: 256, pattern: LINK_URL },
  { name: 'success_str', required: false, max: 256, pattern: LINK_TEXT },
  { name: 'failure_url', required: false, max: 256, pattern: LINK_URL },
  { name: 'failure_str', required: false, max: 256, pattern: LINK_TEXT },
];

const MOST_YEN: Record<string, number> = { D: 50_000, A: 50_000, S: 100_000 };

export function handleCarrierOrder(gateway: Gateway, call: Call): Reply {
  const { fields, record, forced } = call;
  record.violations.push(...strayFields(rows, fields));
  if (gateway.settings.maintenance || forced?.fault === 'maintenance') return failurePage(null, 'メンテナンス中');
  const bad = forced?.fault === 'invalid-parameter' ? (forced.parameter ?? 'money') : badParameter(gateway, call);
  if (bad) {
    record.violations.push(`parameter ${bad} refused`);
    return failurePage(null, `Invalid ${bad}`);
  }
  const order = makeOrder(gateway, call);
  if (forced?.fault !== 'refusal') return confirmationPage(order);
  return failurePage(order, '', fail(gateway, order, forced.code));
}

function badParameter(gateway: Gateway, call: Call): string | null {
  const of = (name: string) => textOf(call.fields, name);
  const bad = firstBadRow(rows, call.fields);
  if (bad) return bad;
  if (of('clientip') !== gateway.contracts.carrier.clientip) return 'clientip';
  const money = Number(of('money'));
  if (money < 1 || money > (MOST_YEN[of('carrier_type')] ?? 0)) return 'money';
  for (const [one, other] of [
    ['success_url', 'success_str'],
    ['failure_url', 'failure_str'],
  ] as const) {
    if ((of(one) === '') !== (of(other) === '')) return of(one) === '' ? one : other;
  }
  return null;
}

function makeOrder(gateway: Gateway, call: Call): CarrierOrder {
  const of = (name: string) => textOf(call.fields, name);
  const test = of('username').endsWith(`_${gateway.settings.testId}`);
  const at = isoNow(gateway);
  const type = of('carrier_type');
  const order: CarrierOrder = {
    service: 'carrier',
    orderNumber: nextOrderNumber(gateway, test),
    clientip: of('clientip'),
    money: Number(of('money')),
    telno: of('telno'),
    email: of('email'),
    sendid: of('sendid'),
    sendpoint: of('sendpoint'),
    test,
    at,
    history: [{ at, status: 'accepted' }],
    callbackFaults: call.callbackFaults,
    status: 'accepted',
    carrierType: type === 'A' || type === 'S' ? type : 'D',
    username: of('username'),
    links: {
      successUrl: of('success_url'),
      successStr: of('success_str'),
      failureUrl: of('failure_url'),
      failureStr: of('failure_str'),
    },
    completedAt: null,
    settledAt: null,
    bookedFor: null,
    settleMoney: null,
    errorCode: '-',
    nextSettlementFails: false,
    nextReturnFails: false,
  };
  keepOrder(gateway, order, call.record);
  return order;
}
