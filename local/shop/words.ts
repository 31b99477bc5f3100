import { say, type Words } from './language.ts';

type Tone = 'good' | 'bad' | 'wait' | 'warn' | 'plain';

const statuses: Record<string, readonly [tone: Tone, ...words: Words]> = {
  sending: ['wait', '送信中', 'Sending'],
  not_processed: ['bad', '未処理', 'Not processed'],
  unknown: ['warn', '結果不明', 'Unknown'],
  declined: ['bad', '不成立', 'Declined'],
  registered: ['good', 'カード登録済み', 'Registered'],
  awaiting_customer: ['wait', 'お客様の手続き待ち', 'Awaiting customer'],
  authorized: ['good', '仮売上', 'Authorized'],
  settle_scheduled: ['wait', '実売上予約', 'Settlement scheduled'],
  settling: ['wait', '実売上処理中', 'Settling'],
  settle_failed: ['bad', '実売上失敗', 'Settlement failed'],
  received: ['wait', '店頭入金（速報）', 'Cash received, not final'],
  paid: ['good', '支払済み', 'Paid'],
  cancelling: ['wait', '取消処理中', 'Cancelling'],
  cancelled: ['plain', '取消済み', 'Cancelled'],
  expired: ['plain', '期限切れ', 'Expired'],
  reversed: ['bad', '入金取消', 'Reversed'],
  received_after_cancel: ['warn', '取消後の入金（速報）', 'Received after cancel'],
  paid_after_cancel: ['warn', '取消後の入金', 'Paid after cancel'],
  reversed_after_cancel: ['plain', '取消後の入金取消', 'Reversed after cancel'],
};

export const statusNames: readonly string[] = Object.keys(statuses);

export function statusWord(status: string): string {
  const [, ja, en] = statuses[status] ?? ['plain', status, status];
  return say([ja, en]);
}

export const toneOf = (status: string): Tone => statuses[status]?.[0] ?? 'plain';

const words: Record<string, Words> = {
  card: ['カード', 'Card'],
  carrier: ['キャリア決済', 'Carrier billing'],
  cvs: ['コンビニ', 'Convenience store'],
  docomo: ['ドコモ', 'docomo'],
  au: ['au', 'au'],
  softbank: ['ソフトバンク', 'SoftBank'],
  'seven-eleven': ['セブン-イレブン', '7-Eleven'],
  lawson: ['ローソン', 'Lawson'],
  familymart: ['ファミリーマート', 'FamilyMart'],
  seicomart: ['セイコーマート', 'Seicomart'],
  ministop: ['ミニストップ', 'Ministop'],
  'daily-yamazaki': ['デイリーヤマザキ', 'Daily Yamazaki'],
  enrolling: ['受付中', 'Enrolling'],
  pending: ['お客様の手続き待ち', 'Waiting for the payer'],
  authenticated: ['認証済み', 'Authenticated'],
  attempted: ['試行（カード会社が責任を負います）', 'Attempted: the issuer vouches for it'],
  outside: ['対象外のカード', 'The card takes no part'],
  failed: ['認証されず', 'Not authenticated'],
  api: ['店舗', 'Shop'],
  gateway: ['ゲートウェイの応答', 'Gateway answer'],
  callback: ['結果通知', 'Callback'],
  schedule: ['定期処理', 'Schedule'],
  operator: ['担当者', 'Operator'],
};

/** Why an order needs attention. */
const reasons: Record<string, Words> = {
  outcome_unknown: ['結果が確認できていません', 'The outcome is not known'],
  amount_mismatch: ['結果通知の金額が違います', 'A callback names another amount'],
  ip_code_mismatch: ['結果通知のIPコードが違います', 'A callback names another IP code'],
  contradiction: ['結果が食い違っています', 'What is known contradicts itself'],
  duplicate_payment: ['支払いが2件あります', 'The order has two payments'],
  cancel_failed: ['返品に失敗しました。返金が必要です', 'The return failed: refund it another way'],
  money_after_cancel: ['取消後に入金がありました', 'Cash was taken after the cancellation'],
  unlisted_status: ['仕様書にない状態が届きました', 'A callback has a status that no manual lists'],
  unmatched: ['該当する注文がありません', 'The callback is about no order of ours'],
  settlement_due: ['実売上が済んでいません', 'The settlement is due'],
  settled_elsewhere: [
    'こちらが求めていない実売上です。金額を確認してください',
    'Settled in another way than asked for: check the amount',
  ],
  test_payment: ['テスト決済です。入金はありません', 'A test payment: no money was taken'],
  conflicting_parameters: ['結果通知の内容が矛盾しています', 'A callback contradicts itself'],
};

/** What is not listed is shown as it is. */
export const word = (name: string): string => say(words[name] ?? [name, name]);

export const reasonWord = (reason: string): string => say(reasons[reason] ?? [reason, reason]);
