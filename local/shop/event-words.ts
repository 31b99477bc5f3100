import { say, type Words } from './language.ts';
import { statusWord } from './words.ts';

const operations: Record<string, Words> = {
  cancel: ['取消', 'Cancel'],
  authenticate: ['本人認証の照会', 'Authentication result'],
  settle: ['実売上', 'Settlement'],
  withdraw: ['予約の取り下げ', 'Withdrawal'],
  return: ['返品', 'Return'],
};

const outcomes: Record<string, Words> = {
  done: ['成功', 'done'],
  refused: ['拒否', 'refused'],
  not_processed: ['処理されず', 'not processed'],
  unknown: ['応答なし', 'no response'],
};

const events: Record<string, Words> = {
  token_charge: ['決済を送信', 'Charge sent'],
  recurring_charge: ['登録カードの決済を送信', 'Charge of a stored card sent'],
  authenticated_charge: ['本人認証の受付を送信', 'Enrolment for authentication sent'],
  authenticated_recurring_charge: [
    '登録カードの本人認証の受付を送信',
    'Enrolment of a stored card for authentication sent',
  ],
  enrolled: ['本人認証の受付完了', 'Enrolled: the payer authenticates'],
  authenticate: ['本人認証の結果を照会', 'Asked for the authentication result'],
  carrier_order: ['キャリア決済の注文を作成', 'Carrier order made'],
  cvs_order: ['コンビニの注文を送信', 'Store order sent'],
  done: ['成功', 'Done'],
  refused: ['拒否', 'Refused'],
  not_processed: ['処理されず', 'Not processed'],
  unknown: ['応答なし', 'No response'],
  settle_booked: ['実売上をゲートウェイに予約', 'Settlement booked at the gateway'],
  settle_cancelled: ['実売上できず、取消済みと応答', 'Not settled: the gateway had cancelled it'],
  book: ['実売上を定期処理に予約', 'Settlement booked in our schedule'],
  card_ok: ['決済成功の通知', 'Callback: charged'],
  card_ng: ['決済失敗の通知', 'Callback: not charged'],
  carrier_02: ['仮売上失敗の通知', 'Callback: not authorized'],
  carrier_03: ['仮売上完了の通知', 'Callback: authorized'],
  carrier_06: ['実売上失敗の通知', 'Callback: settlement failed'],
  carrier_07: ['実売上完了の通知', 'Callback: settled'],
  carrier_08: ['取消完了の通知', 'Callback: cancelled or returned'],
  carrier_09: ['取消失敗の通知', 'Callback: cancel or return failed'],
  cvs_01: ['番号発行の通知', 'Callback: number issued'],
  cvs_02: ['番号発行失敗の通知', 'Callback: number not issued'],
  cvs_03: ['期限切れの通知', 'Callback: expired'],
  cvs_04: ['入金速報の通知', 'Callback: cash received, not final'],
  cvs_05: ['入金確報の通知', 'Callback: paid'],
  cvs_06: ['入金取消の通知', 'Callback: payment reversed'],
  cvs_11: ['取消後の入金速報の通知', 'Callback: cash received after cancellation'],
  cvs_12: ['取消後の入金確報の通知', 'Callback: paid after cancellation'],
  cvs_13: ['取消後の入金取消の通知', 'Callback: reversed after cancellation'],
  card_unlisted: ['仕様書にない状態の通知', 'Callback: unlisted status'],
  carrier_unlisted: ['仕様書にない状態の通知', 'Callback: unlisted status'],
  cvs_unlisted: ['仕様書にない状態の通知', 'Callback: unlisted status'],
  unmatched: ['該当する注文がない通知', 'Callback about no order of ours'],
  conflicting_parameters: ['内容が矛盾した通知', 'Callback that contradicts itself'],
  claim_stale: ['時間内に応答なし', 'No response in time'],
  settlement_due: ['実売上が必要', 'Settlement due'],
  booking_ended: ['予約の期限切れ', 'Booking ended'],
  acknowledged: ['確認済み', 'Acknowledged'],
};

const decisions = [
  'paid',
  'received',
  'authorized',
  'settle_failed',
  'declined',
  'cancelled',
  'expired',
  'awaiting_customer',
];

/** What is not listed is shown as it is. */
export function eventWord(event: string): string {
  if (events[event]) return say(events[event]);
  if (decisions.includes(event)) return say([`${statusWord(event)}と判断`, `Decided: ${statusWord(event)}`]);
  const [, name = '', outcome] = /^([a-z]+)(?:_([a-z_]+))?$/.exec(event) ?? [];
  const operation = operations[name];
  if (!operation) return event;
  if (outcome === undefined) return say([`${operation[0]}を送信`, `${operation[1]} sent`]);
  const words = outcomes[outcome];
  return words ? say([`${operation[0]}: ${words[0]}`, `${operation[1]}: ${words[1]}`]) : event;
}
