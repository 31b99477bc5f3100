import { tokenFault } from '../../shared/zeus/operations/token.ts';

const texts = {
  zeus_token_action_type_quick_label: '登録したカードで支払う',
  zeus_token_card_cvv_for_registerd_card_label: 'セキュリティコード',
  zeus_token_action_type_new_label: '新しいカードで支払う',
  zeus_token_card_number_label: 'カード番号',
  zeus_token_card_expires_label: '有効期限',
  zeus_token_card_expires_month_suffix: '月',
  zeus_token_card_expires_year_suffix: '年',
  zeus_token_card_expires_note: 'カードの表記は月/年の順です',
  zeus_token_card_cvv_for_new_card_label: 'セキュリティコード',
  zeus_token_card_name_label: 'カードの名義',
};

export type TextName = keyof typeof texts;

declare const zeusTokenCustomItem: unknown;

/** Read once, when the script loads: the manual has it above the script, so a page with it below is told here. */
const custom = entriesOf(typeof zeusTokenCustomItem === 'undefined' ? null : zeusTokenCustomItem);
const customMessages = entriesOf(custom.zeus_token_error_messages);

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function textOf(name: TextName): string {
  const own = custom[name];
  return typeof own === 'string' ? own : texts[name];
}

/** The page's own message for this code, else ours. */
export function errorMessage(code: string): string {
  const own = customMessages[code];
  return typeof own === 'string' ? own : tokenFault(code).payerMessage;
}
