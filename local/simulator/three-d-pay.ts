/**
 * api.cgi `payment`: charges the card of a session, or registers it with amount 0, once. Allowed after a successful
 * `authentication`, and for a session that was `outside` from the start.
 */
import { addCardOrder, cardCallback } from './card-order.ts';
import { book, type Call, type Gateway, type Reply } from './gateway.ts';
import type { CardOrder, ThreeDSession } from './state.ts';
import { say, sayCode, sessionOf } from './three-d-session.ts';
import { storeCard } from './token-charge.ts';
import { type Content, textAt, type XmlNode } from './xml.ts';

export function handlePay(gateway: Gateway, call: Call, request: XmlNode): Reply {
  const session = sessionOf(gateway, call, request);
  if (typeof session === 'string') return sayCode(gateway, call, 'payment', `021101${session}`);
  const sayPay = (code: string, more: Content[] = []) => say(gateway, call, session, { action: 'payment', code, more });
  if (session.orderNumber !== null) return refuseRepeat(gateway, call, session);
  const badFlag = ['print_am', 'print_addition_value'].some(flag => !['', 'yes'].includes(textAt(request, flag)));
  if (badFlag) return sayPay('02110317');
  const forced = call.forced?.fault === 'refusal' ? (call.forced.code ?? 'errd001005') : null;
  if (forced?.startsWith('02')) return sayPay(forced);
  if (session.state !== 'confirmed' && session.state !== 'outside') return sayPay('02110112');
  const code = forced ?? cardCode(session);
  const order = pay(gateway, call, session, code === '000');
  const reply = sayPay(code, code === '000' ? shown(request, session, order) : []);
  return { ...reply, callbacks: gateway.settings.callbackAfterPay ? [cardCallback(gateway, order)] : [] };
}

/** One session pays once; what the real gateway says to a second request is not known. */
function refuseRepeat(gateway: Gateway, call: Call, session: ThreeDSession): Reply {
  const order = gateway.state.orders.get(session.orderNumber ?? '');
  if (order) book(gateway, order, 'repeated_payment', 0);
  call.record.violations.push('a second payment of one session');
  return say(gateway, call, session, { action: 'payment', code: '02110110' });
}

function cardCode({ card, recurring }: ThreeDSession): string {
  return recurring && card.fails === 'stored' ? 'errd001005' : card.threeD.payment;
}

function pay(gateway: Gateway, call: Call, session: ThreeDSession, succeeds: boolean): CardOrder {
  const { card, recurring, fields, authentication } = session;
  const order = addCardOrder(gateway, call, { card, recurring, succeeds, fields, authentication });
  session.state = succeeds ? 'paid' : 'declined';
  session.orderNumber = order.orderNumber;
  if (succeeds && !recurring && fields.sendid !== '') storeCard(gateway, fields, card);
  return order;
}

function shown(request: XmlNode, { card }: ThreeDSession, order: CardOrder): Content[] {
  const serial = order.orderNumber.replace(/\D/g, '');
  const approval: Content = [
    'am_data',
    [
      ['syonin', serial.slice(-6)],
      ['denpyo', serial.slice(-5)],
      ['merchantno', '123456789012345'],
    ],
  ];
  const addition: Content = [
    'addition_value',
    [
      ['div', order.div],
      ['ctype', card.brand],
      ['cardsend', '2a99661'],
      ['sendid', order.sendid],
      ['sendpoint', order.sendpoint],
    ],
  ];
  return [
    ['order_number', order.orderNumber],
    [
      'card',
      [
        [
          'number',
          [
            ['prefix', card.first2],
            ['suffix', card.last4],
          ],
        ],
        [
          'expires',
          [
            ['year', card.expires.year],
            ['month', card.expires.month],
          ],
        ],
      ],
    ],
    ...(textAt(request, 'print_am') === 'yes' ? [approval] : []),
    ...(textAt(request, 'print_addition_value') === 'yes' ? [addition] : []),
  ];
}
