/** What both kinds of card charge share: the order, its ledger entry, its answer and its callback (000 p.43 and 55). */

import { line } from './card-answers.ts';
import { jstDay } from './clock.ts';
import { textOf } from './form.ts';
import {
  answer,
  book,
  type Call,
  type Callback,
  callbackOf,
  type Gateway,
  isoNow,
  keepOrder,
  nextOrderNumber,
  type Reply,
} from './gateway.ts';
import type { CardOrder } from './state.ts';
import type { CardFace } from './test-cards.ts';

const INSTALLMENTS = ['01', '03', '05', '06', '10', '12', '15', '18', '20', '24', '99'];

/** True when the brand takes that number of payments; two, and one with the bonus, with 3-D Secure only. Proper cards are in neither list of the manual: one payment only. */
export function installmentsAllowed(gateway: Gateway, div: string, card: CardFace, isThreeD = false): boolean {
  if (div === '' || div === '01') return true;
  if (!gateway.settings.installments || card.brand === 'P') return false;
  if (isThreeD && div === 'B1') return true;
  if (isThreeD && div === '02') return card.brand !== 'A';
  return card.brand === 'D' ? div === '99' : INSTALLMENTS.includes(div);
}

type Charge = { card: CardFace; succeeds: boolean; recurring: boolean };
type OrderFields = Pick<CardOrder, 'clientip' | 'money' | 'telno' | 'email' | 'sendid' | 'sendpoint' | 'div'>;

export function makeCardOrder(gateway: Gateway, call: Call, charge: Charge): CardOrder {
  const of = (name: string) => textOf(call.fields, name);
  const fields = {
    clientip: of('clientip'),
    money: Number(of('money')),
    telno: of('telno'),
    email: of('email'),
    sendid: of('sendid'),
    sendpoint: of('sendpoint'),
    div: of('div') || '01',
  };
  return addCardOrder(gateway, call, { ...charge, fields, authentication: null });
}

export function addCardOrder(
  gateway: Gateway,
  call: Call,
  charge: Charge & { fields: OrderFields; authentication: string | null },
): CardOrder {
  const { fields, authentication } = charge;
  const status = !charge.succeeds ? 'failed' : fields.money === 0 ? 'registered' : 'charged';
  const at = isoNow(gateway);
  const order: CardOrder = {
    service: 'card',
    orderNumber: nextOrderNumber(gateway, false),
    ...fields,
    test: false,
    at,
    history: [{ at, status }],
    callbackFaults: call.callbackFaults,
    status,
    last4: charge.card.last4,
    brand: charge.card.brand,
    recurring: charge.recurring,
    authentication,
  };
  keepOrder(gateway, order, call.record);
  if (status !== 'failed') book(gateway, order, status === 'charged' ? 'charge' : 'registration', order.money);
  return order;
}

/** The failed card-ID charge answers without an order number: the manual promises one for the first charge only (p.43 and 48). */
export function chargeReply(gateway: Gateway, call: Call, order: CardOrder): Reply {
  const word = order.status === 'failed' ? 'failure_order' : 'Success_order';
  const wantsNumber = textOf(call.fields, 'printord') === 'yes' && !(order.recurring && order.status === 'failed');
  const body = wantsNumber ? line(gateway, word, order.orderNumber) : word;
  const quiet = textOf(call.fields, 'pubsec') === 'yes';
  return answer(body, 'text/plain', quiet ? [] : [cardCallback(gateway, order)]);
}

export function cardCallback(gateway: Gateway, order: CardOrder): Callback {
  const result = order.status === 'failed' ? 'NG' : 'OK';
  const { padCardClientip } = gateway.settings;
  return callbackOf(order, result, [
    ['result', result],
    ['clientip', padCardClientip ? order.clientip.padStart(10, '0') : order.clientip],
    ['ordd', order.orderNumber],
    ['money', String(order.money)],
    ['telno', order.telno],
    ['email', order.email],
    ['sendid', order.sendid],
    ['sendpoint', order.sendpoint],
    ['cardnumber', order.last4],
    ['cardbrand', order.brand],
    ['div', order.div],
    ['date', jstDay(Date.parse(order.at))],
  ]);
}
