import { facts, h } from './dom.ts';
import { yen } from './format.ts';
import { say, type Words } from './language.ts';
import type { Order } from './order-shape.ts';
import { word } from './words.ts';

type Text = readonly [title: Words, next: Words];

const cash: Text = [
  ['コンビニでお支払いください', 'Please pay at the store'],
  ['下の番号をお店の端末またはレジでお伝えください。', 'Give these numbers at the terminal or the till.'],
];
const thanks: Text = [
  ['お支払いありがとうございました', 'Thank you for your payment'],
  ['ご注文を承りました。', 'We have received your order.'],
];
const waiting: Text = [
  ['結果を確認しています', 'We are finding out how it ended'],
  [
    'もう一度お支払いにならないでください。結果がわかり次第、この画面でお知らせします。',
    'Please do not pay again. This page will tell you as soon as we know.',
  ],
];
const cancelled: Text = [
  ['お支払いは取り消されました', 'The payment has been cancelled'],
  ['代金はいただいておりません。', 'You have not been charged.'],
];
const atCarrier: Text = [
  ['キャリアの画面でお手続きください', 'Please finish on your carrier’s pages'],
  ['お手続きが終わると、この画面に結果が表示されます。', 'This page shows the result once you are done.'],
];
const askUs: Text = [
  ['お店からご連絡します', 'We will get in touch'],
  ['お支払いについて確認が必要です。', 'There is something to clear up about your payment.'],
];

/** What the payer reads, by the order's status. */
const texts: Record<string, Text> = {
  sending: waiting,
  unknown: waiting,
  awaiting_customer: atCarrier,
  authorized: thanks,
  settle_scheduled: thanks,
  settling: thanks,
  paid: thanks,
  received: [thanks[0], ['入金の速報が届きました。', 'The store has told us about your payment.']],
  registered: [
    ['カードを登録しました', 'Your card has been stored'],
    ['請求はありません。', 'Nothing was charged.'],
  ],
  cancelling: cancelled,
  cancelled,
  declined: [
    ['お支払いは成立しませんでした', 'The payment was not accepted'],
    ['別のお支払い方法をお試しください。', 'Please try another way to pay.'],
  ],
  expired: [
    ['お支払い期限が過ぎました', 'The payment deadline has passed'],
    ['もう一度ご注文ください。', 'Please order again.'],
  ],
};

export function titleFor(order: Order): string {
  return say(textOf(order)[0]);
}

export function instructions(order: Order): Node[] {
  const { cvs } = order;
  const numbers = cvs && order.status === 'awaiting_customer' ? cvs.paymentNumbers : [];
  return [
    h('p', {}, say(textOf(order)[1])),
    facts([
      [say(['ご注文番号', 'Order number']), order.reference],
      [say(['金額', 'Amount']), yen(order.amount)],
      ...(cvs?.store ? [[say(['お店', 'Store']), word(cvs.store)] as const] : []),
      ...numbers.map(({ label, value }) => [label, h('strong', { className: 'payment-number' }, value)] as const),
      ...(numbers.length > 0 ? [[say(['お支払い期限', 'Pay by']), cvs?.payBy ?? null] as const] : []),
    ]),
    ...(numbers.length > 0 && cvs?.redirectUrl
      ? [h('a', { href: cvs.redirectUrl, className: 'button' }, say(['払込票を表示する', 'Show the payment slip']))]
      : []),
  ];
}

function textOf(order: Order): Text {
  if (order.method === 'cvs' && order.status === 'awaiting_customer') return cash;
  return texts[order.status] ?? askUs;
}
