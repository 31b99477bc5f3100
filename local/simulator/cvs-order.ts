/**
 * cvs.cgi (002 p.5 to 7): a payment number for a store. A bad parameter is answered with one bare line that names it,
 * everything else with `name=value` lines. A test order needs the right test ID and a test type; with either missing or
 * wrong it is an ordinary order.
 */
import { isStore, issueNumbers } from './cvs-numbers.ts';
import { type CounterAction, cvsCallbacks, possibleActions, settleAtCounter } from './cvs-status.ts';
import { textOf } from './form.ts';
import {
  answer,
  type Call,
  type Gateway,
  isoNow,
  keepOrder,
  nextOrderNumber,
  type Reply,
  shuffled,
} from './gateway.ts';
import { amountBetween, DIGITS, EMAIL_CARD, FREE_TEXT_CVS, firstBadRow, type Row, strayFields } from './rows.ts';
import type { CvsOrder } from './state.ts';

/** Full-width katakana and spaces, at least one of them no space. */
const KANA_AND_SPACES = /^(?=.*[ァ-ヶー])[ァ-ヶー　 ]+$/u;

const rows: Row[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^\d{10}$/ },
  { name: 'act', required: true, max: 12, pattern: /^secure_order$/ },
  { name: 'money', required: true, max: 6, pattern: amountBetween(200, 299_999) },
  { name: 'username', required: true, max: 40, pattern: KANA_AND_SPACES },
  { name: 'telno', required: true, max: 11, pattern: /^0\d{8,10}$/ },
  { name: 'email', required: true, max: 50, pattern: EMAIL_CARD },
  { name: 'pay_cvs', required: true, max: 4, pattern: /^[A-Za-z0-9]{4}$/ },
  { name: 'sendid', required: false, max: 25, pattern: FREE_TEXT_CVS },
  { name: 'sendpoint', required: false, max: 50, pattern: FREE_TEXT_CVS },
  { name: 'testid', required: false, max: 8, pattern: DIGITS },
  { name: 'test_type', required: false, max: 1, pattern: /^[012]$/ },
];

export function handleCvs(gateway: Gateway, call: Call): Reply {
  const { fields, record, forced } = call;
  record.violations.push(...strayFields(rows, fields));
  const bad = forced?.fault === 'invalid-parameter' ? (forced.parameter ?? 'money') : firstBadRow(rows, fields);
  if (bad) return nameParameter(gateway, call, bad);
  if (gateway.settings.maintenance || forced?.fault === 'maintenance') return refuse(gateway, call, '0013');
  if (textOf(fields, 'clientip') !== gateway.contracts.cvs.clientip) return refuse(gateway, call, '800001');
  if (!isStore(textOf(fields, 'pay_cvs'))) return refuse(gateway, call, '800002');
  if (forced?.fault === 'refusal') return refuse(gateway, call, forced.code ?? '900000');
  const order = makeOrder(gateway, call, 'unpaid');
  issueNumbers(gateway, order);
  const reply = answer(lines(gateway, order, ''), 'text/plain', cvsCallbacks(gateway, order));
  return { ...reply, later: testSteps(gateway, call, order) };
}

function nameParameter(gateway: Gateway, call: Call, name: string): Reply {
  call.record.violations.push(`parameter ${name} refused`);
  return answer(gateway.settings.cvsParameterLine.replace('{name}', name) + gateway.settings.lineEnd);
}

/** An order that was not accepted keeps its number and can be called (02) where that is agreed. */
function refuse(gateway: Gateway, call: Call, code: string): Reply {
  const order = makeOrder(gateway, call, 'error');
  order.errorCode = code;
  return answer(lines(gateway, order, code), 'text/plain', cvsCallbacks(gateway, order));
}

function makeOrder(gateway: Gateway, call: Call, status: 'unpaid' | 'error'): CvsOrder {
  const of = (name: string) => textOf(call.fields, name);
  const test = of('testid') === gateway.settings.testId && of('test_type') !== '';
  const at = isoNow(gateway);
  const order: CvsOrder = {
    service: 'cvs',
    orderNumber: nextOrderNumber(gateway, test),
    clientip: of('clientip'),
    money: Number(of('money')),
    telno: of('telno'),
    email: of('email'),
    sendid: of('sendid'),
    sendpoint: of('sendpoint'),
    test,
    at,
    history: [{ at, status }],
    callbackFaults: call.callbackFaults,
    status,
    username: of('username'),
    payCvs: of('pay_cvs'),
    payNo1: '',
    payNo2: '',
    payLimit: '',
    payUrl: '',
    errorCode: '',
    replacedBy: null,
  };
  keepOrder(gateway, order, call.record);
  return order;
}

function lines(gateway: Gateway, order: CvsOrder, code: string): string {
  const { cvsEquals, cvsShuffle, lineEnd } = gateway.settings;
  const pairs = [
    ['rel', code === '' ? 'Success_order' : 'failure_order'],
    ['order_no', order.orderNumber],
    ['pay_no1', order.payNo1],
    ['pay_no2', order.payNo2],
    ['pay_limit', order.payLimit],
    ['pay_url', order.payUrl],
    ['error_code', code],
  ];
  const sorted = cvsShuffle ? shuffled(gateway, pairs) : pairs;
  return sorted.map(([name, value]) => `${name}${cvsEquals}${value}${lineEnd}`).join('');
}

/** What follows by itself for a test order: type 1 paid and confirmed, type 2 paid and taken back, type 0 nothing. */
function testSteps(gateway: Gateway, call: Call, order: CvsOrder): NonNullable<Reply['later']> {
  const type = order.test ? textOf(call.fields, 'test_type') : '0';
  if (type === '0') return [];
  const step = (action: CounterAction) => () =>
    possibleActions(order).includes(action) ? settleAtCounter(gateway, order, action) : [];
  return [step('pay'), step(type === '1' ? 'confirm' : 'reverse')];
}
