import { facts, h } from './dom.ts';
import { money, yen } from './format.ts';
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
  ['結果を確認しています', 'We are checking your payment'],
  [
    'もう一度お支払いにならないでください。結果がわかり次第、この画面でお知らせします。',
    'Please do not pay again. This page will tell you as soon as we know.',
  ],
];
const cancelledTitle: Words = ['お支払いは取り消されました', 'The payment has been cancelled'];
const notCharged: Words = ['代金はいただいておりません。', 'You have not been charged.'];
const atCarrier: Text = [
  ['キャリアの画面でお手続きください', 'Please finish on your carrier’s pages'],
  ['お手続きが終わると、この画面に結果が表示されます。', 'This page shows the result once you are done.'],
];
const atIssuer: Text = [
  ['本人認証が終わっていません', 'The authentication has not finished'],
  [
    'もう一度お支払いにならないでください。カード会社の結果がわかり次第、この画面でお知らせします。',
    'Please do not pay again. This page will tell you what your card’s issuer says.',
  ],
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
  not_processed: [['お支払いは行われませんでした', 'The payment was not made'], notCharged],
  declined: [
    ['お支払いは成立しませんでした', 'The payment was not accepted'],
    ['別のお支払い方法をお試しください。', 'Please try another way to pay.'],
  ],
  expired: [
    ['お支払い期限が過ぎました', 'The payment deadline has passed'],
    ['もう一度ご注文ください。', 'Please order again.'],
  ],
};

/** The shop owes the payer something, whatever the status says. */
const unclear = ['duplicate_payment', 'cancel_failed', 'money_after_cancel'];

export const titleFor = (order: Order): string => say(textOf(order)[0]);
export const nextFor = (order: Order): string => say(textOf(order)[1]);

/** In these statuses what was paid goes back or has gone back: the text says how much. */
const goingBack = ['cancelling', 'cancelled', 'reversed', 'reversed_after_cancel'];

function textOfReturn({ status, paid, returned }: Order): Text {
  if (status === 'cancelling') {
    const title: Words = ['お支払いを取り消しています', 'The payment is being cancelled'];
    if (!paid) return [title, notCharged];
    if (paid.amount === null) return [title, ['返金の手続きをしています。', 'We are returning what you paid.']];
    const ja = `お支払いいただいた${money(paid)}を返金する手続きをしています。`;
    return [title, [ja, `We are returning the ${money(paid)} that you paid.`]];
  }
  if (!paid) return [cancelledTitle, notCharged];
  if (!returned) return askUs;
  if (paid.amount === null)
    return [cancelledTitle, ['お支払いいただいた代金を返金しました。', 'What you paid has been returned.']];
  const ja = `お支払いいただいた${money(paid)}のうち${money(returned)}を返金しました。`;
  return [cancelledTitle, [ja, `You paid ${money(paid)}; ${money(returned)} has been returned.`]];
}

export function instructions(order: Order): Node[] {
  const { cvs, paid, returned } = order;
  const numbers = cvs && order.status === 'awaiting_customer' ? cvs.paymentNumbers : [];
  return [
    h('p', {}, nextFor(order)),
    facts([
      [say(['ご注文番号', 'Order number']), order.reference],
      [say(['金額', 'Amount']), yen(order.amount)],
      [say(['お支払い額', 'Paid']), paid && money(paid)],
      [say(['返金額', 'Returned']), returned && money(returned)],
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
  if (order.attention.some(({ reason }) => unclear.includes(reason))) return askUs;
  if (goingBack.includes(order.status)) return textOfReturn(order);
  if (order.method === 'cvs' && order.status === 'awaiting_customer') return cash;
  if (order.method === 'card' && order.status === 'awaiting_customer') return atIssuer;
  return texts[order.status] ?? askUs;
}
