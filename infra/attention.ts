import type { Text } from './texts.ts';

/** The reasons for attention (contract 1.4): what happened, and the operator's first step. */
export const attentionReasons: Record<string, Text> = {
  outcome_unknown: {
    en: "A response of the gateway was lost, so money may have moved. First step: find the order in the gateway's console by its order ID, and record a resolution. Cancels, settlements, withdrawals and returns are also repeated by due work.",
    ja: 'ZEUS からの応答が失われ、決済の結果が確定していません。最初の作業: 管理画面で注文IDから取引を調べ、結果を記録してください。取消・実売上・返金は自動でも再送されます。',
  },
  amount_mismatch: {
    en: "A callback names another amount than the order's and is not counted. First step: compare the amounts in the gateway's console.",
    ja: '結果通知の金額が注文の金額と異なるため、反映していません。最初の作業: 管理画面の金額と比べてください。',
  },
  ip_code_mismatch: {
    en: 'A callback names another IP code than the contracted one and is not counted. First step: compare the IP codes in the secret with the contract.',
    ja: '結果通知の IP コードが契約のものと異なるため、反映していません。最初の作業: 登録した IP コードを契約書と比べてください。',
  },
  contradiction: {
    en: "What the gateway said contradicts itself or an operator's decision. First step: compare the order's history with the gateway's console.",
    ja: 'ZEUS からの結果どうし、または担当者の記録と矛盾しています。最初の作業: 注文の履歴を管理画面と比べてください。',
  },
  duplicate_payment: {
    en: 'An order has two payments. First step: return one of them; the other number is in otherPayments.',
    ja: '1つの注文に2件の支払いがあります。最初の作業: 一方を返金してください（番号は otherPayments にあります）。',
  },
  cancel_failed: {
    en: 'The carrier could not cancel (09), so the order is paid. First step: refund the payer another way.',
    ja: 'キャリア側で取消に失敗し（09）、支払い済みのままです。最初の作業: 別の方法で返金してください。',
  },
  money_after_cancel: {
    en: 'Cash was taken for a cancelled order. First step: refund it, or deliver.',
    ja: '取り消した注文に対して店頭で入金がありました。最初の作業: 返金するか、商品を発送してください。',
  },
  unlisted_status: {
    en: 'A callback has a status that no manual lists. First step: ask the vendor what it means.',
    ja: 'マニュアルにないステータスの結果通知が届きました。最初の作業: ゼウスに意味を問い合わせてください。',
  },
  unmatched: {
    en: "A callback names an order that is none of this deployment's. First step: find out which system shares the IP code.",
    ja: 'このシステムの注文ではない結果通知が届きました。最初の作業: 同じ IP コードを使う別のシステムや、管理画面での手作業がないか確認してください。',
  },
  settlement_due: {
    en: 'An authorized order is not settled: at most 5 days are left, or the booked day passed without a result. First step: settle or return it, or the money is lost.',
    ja: '仮売上が実売上になっていません。期限まで5日以内か、予約日を過ぎても結果が届いていません。最初の作業: 実売上または返金の処理をしてください。期限を過ぎると売上になりません。',
  },
  settled_elsewhere: {
    en: "The gateway settled an amount that this service did not ask for. First step: check the amount in the gateway's console.",
    ja: 'このシステムが指定していない金額で実売上になりました。最初の作業: 管理画面で金額を確認してください。',
  },
  test_payment: {
    en: 'A test payment succeeded while test payments are refused, so it is not counted as money. First step: deliver nothing.',
    ja: 'テスト決済を受け付けない設定で、テスト決済が成功しました。入金として扱いません。最初の作業: 商品を発送しないでください。',
  },
  conflicting_parameters: {
    en: "A callback names a parameter twice with different values, so nothing in it counts. First step: compare the order in its sendpoint with the gateway's console.",
    ja: '結果通知の同じ項目に異なる値が2つあるため、反映していません。最初の作業: sendpoint の注文を管理画面と比べてください。',
  },
};
