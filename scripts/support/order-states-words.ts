import type { FactKind } from '../../shared/domain/tables.ts';
import type { Method, Status } from '../../shared/domain/words.ts';

/** What docs/order-states.md says in one language around the statuses and codes. */
export interface Words {
  document: string;
  separator: string;
  titles: Record<Method, string>;
  /** In columns and cells. */
  methods: Record<Method, string>;
  grid: { head: readonly [facts: string, status: string, contradictedBy: string]; otherwise: string };
  factHead: readonly [fact: string, method: string, meaning: string];
  statusHead: readonly [status: string, or: string];
  headings: { facts: string; severalPayments: string; statuses: string };
  successes: string;
  callback: (status: string, meaning: string) => string;
  paid: string;
  withAttention: (status: string, attention: string) => string;
  firstShown: (statuses: string) => string;
  /** Facts that are no callback. */
  ownFacts: Record<Exclude<FactKind, 'ok' | 'ng' | `${number}${number}`>, string>;
  /** Statuses of callbacks, in the words of the manuals. */
  callbackMeanings: Record<Method, Record<string, string>>;
  /** Where no line applies. */
  otherwise: Record<Method, string>;
  /** Statuses that no line gives. */
  notInGrid: Partial<Record<Status, string>>;
}

export const english: Words = {
  document: 'docs/order-states.md',
  separator: ', ',
  titles: { card: 'Card', carrier: 'Carrier billing', cvs: 'Convenience store' },
  methods: { card: 'card', carrier: 'carrier', cvs: 'cvs' },
  grid: { head: ['any of these facts', 'status', '! beside any of'], otherwise: 'otherwise' },
  factHead: ['fact', 'method', 'is'],
  statusHead: ['status', 'or'],
  headings: { facts: 'Facts', severalPayments: 'Of several payments', statuses: 'Every status' },
  successes: 'A successful response to a charge counts as OK, one to a convenience-store order as 01.',
  callback: (status, meaning) => `callback ${status}: ${meaning}`,
  paid: '`paid`; with amount 0 `registered`',
  withAttention: (status, attention) => `${status}, with ${attention}`,
  firstShown: statuses => `The first of these is shown: ${statuses}.`,
  ownFacts: {
    ok_twice: 'OK under more than one gateway order number',
    ng_seen: 'a callback NG that the newest attempt had seen when it began',
    refused: 'the response refused the newest attempt',
    not_processed: 'nothing happened in the newest attempt',
    waiting: 'EMV 3-D Secure: the newest attempt has not asked for the payment',
    expired: 'EMV 3-D Secure: the time to complete is over',
    cancel_done: 'our cancel succeeded, or was said to be done before',
    return_done: 'our return succeeded, or was said to be done before',
    settle_done: 'our settlement for the same day succeeded, or was said to be done before',
    cancelled_by_operator: 'an operator decided that it is cancelled',
  },
  callbackMeanings: {
    card: { OK: 'charged', NG: 'refused' },
    carrier: {
      '02': 'the authorization failed',
      '03': 'authorized (provisional sale)',
      '06': 'the settlement failed',
      '07': 'settled',
      '08': 'cancelled or returned',
      '09': 'the cancel or return failed',
    },
    cvs: {
      '01': 'issued, waiting for the payment',
      '02': 'not issued',
      '03': 'expired',
      '04': 'cash received, not final',
      '05': 'paid, final',
      '06': 'the cash was taken back',
      '11': 'cash received after a cancellation, not final',
      '12': 'paid after a cancellation, final',
      '13': 'the cash was taken back after a cancellation',
    },
  },
  otherwise: {
    card: 'how the newest attempt ended: `not_processed`, `expired`, `unknown`; while it waits for the payer `awaiting_customer`',
    carrier: '`awaiting_customer`; an external order: `unknown`',
    cvs: 'how the newest attempt ended: `not_processed`, `unknown`',
  },
  notInGrid: {
    sending: 'the request that makes the order is open',
    not_processed: 'nothing happened in the newest attempt',
    unknown: 'the outcome of the newest attempt is not known',
    registered: '`paid` with amount 0',
    awaiting_customer:
      'a carrier order of which nothing is known yet; a card that EMV 3-D Secure has enrolled and the payer is to authenticate',
    expired: 'EMV 3-D Secure: the time to complete is over',
    settle_scheduled: '`authorized`, and a settlement is booked or a withdrawal is open',
    settling: 'a settlement is open',
    cancelling: 'a cancel or a return is open',
  },
};

const japaneseMethods: Record<Method, string> = { card: 'カード決済', carrier: 'キャリア決済', cvs: 'コンビニ決済' };

export const japanese: Words = {
  document: 'docs/order-states.ja.md',
  separator: '、',
  titles: japaneseMethods,
  methods: japaneseMethods,
  grid: { head: ['いずれかの事実がある', '状態', '! となる矛盾した事実'], otherwise: '上記以外' },
  factHead: ['事実', '決済方法', '意味'],
  statusHead: ['状態', '左記以外の条件'],
  headings: { facts: '事実', severalPayments: '複数の支払いがある注文', statuses: '状態の一覧' },
  successes: 'カード決済の成功応答は OK、コンビニ決済の注文の成功応答は 01 と同じ事実として扱います。',
  callback: (status, meaning) => `コールバック ${status}: ${meaning}`,
  paid: '`paid`（金額が 0 の場合は `registered`）',
  withAttention: (status, attention) => `${status}、要確認 ${attention}`,
  firstShown: statuses => `次の順で、最初に該当する支払いの状態を表示します: ${statuses}`,
  ownFacts: {
    ok_twice: '複数のオーダー番号で OK になった',
    ng_seen: '最新の試行を始めた時点で届いていた、コールバック NG',
    refused: '最新の試行が拒否の応答を受けた',
    not_processed: '最新の試行では処理が行われなかった',
    waiting: 'EMV 3-D セキュア: 最新の試行で、まだ決済を依頼していない',
    expired: 'EMV 3-D セキュア: 完了の期限を過ぎた',
    cancel_done: '取消が成功した、または取消済みという応答を受けた',
    return_done: '返金が成功した、または返金済みという応答を受けた',
    settle_done: '当日の実売上が成功した、または実売上済みという応答を受けた',
    cancelled_by_operator: '運用担当者が取消済みとして確定した',
  },
  callbackMeanings: {
    card: { OK: '決済成功', NG: '決済失敗' },
    carrier: {
      '02': '仮売上失敗',
      '03': '仮売上完了',
      '06': '実売上失敗',
      '07': '実売上完了',
      '08': '取消・返金完了',
      '09': '取消・返金失敗',
    },
    cvs: {
      '01': '払込番号を発行済み、入金待ち',
      '02': '払込番号を発行できなかった',
      '03': '期限切れ',
      '04': '入金の速報',
      '05': '入金の確報',
      '06': '入金の取消',
      '11': '取消後の入金の速報',
      '12': '取消後の入金の確報',
      '13': '取消後の入金の取消',
    },
  },
  otherwise: {
    card: '最新の試行の結果: `not_processed`、`expired`、`unknown`。購入者を待つ間は `awaiting_customer`',
    carrier: '`awaiting_customer`。このシステムで作成していない注文は `unknown`',
    cvs: '最新の試行の結果: `not_processed`、`unknown`',
  },
  notInGrid: {
    sending: '注文を作成するリクエストの結果待ち',
    not_processed: '最新の試行では処理が行われなかった',
    unknown: '最新の試行の結果がわからない',
    registered: '`paid` のうち、金額が 0 のもの',
    awaiting_customer:
      'キャリア決済の注文で、まだ何も届いていない。または EMV 3-D セキュアで、利用者の本人認証を待っている',
    expired: 'EMV 3-D セキュアで、完了の期限を過ぎた',
    settle_scheduled: '`authorized` のうち、実売上を予約したもの、または予約の取り下げの結果待ちのもの',
    settling: '実売上の結果待ち',
    cancelling: '取消または返金の結果待ち',
  },
};
