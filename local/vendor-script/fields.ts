/** The form's fields by the manual's IDs, written by this script or by the page. Each one's name is its ID. */
import type { NewCard, Token } from '../../shared/zeus/operations/token.ts';

/** None of these is for the shop's server. */
const cardFields = [
  'zeus_token_card_number',
  'zeus_token_card_expires_month',
  'zeus_token_card_expires_year',
  'zeus_token_card_cvv',
  'zeus_token_card_name',
  'zeus_token_card_cvv_for_registerd_card',
];

/** The hidden fields that the shop's server gets, in the manual's order. */
export const resultFields: Record<string, keyof Token> = {
  zeus_token_value: 'tokenKey',
  zeus_token_masked_card_no: 'maskedCardNumber',
  zeus_token_return_card_expires_month: 'expiresMonth',
  zeus_token_return_card_expires_year: 'expiresYear',
  zeus_token_masked_cvv: 'maskedCvv',
  zeus_token_return_card_name: 'cardName',
};

/** By the ID alone: in the manual's own-HTML sample both radio buttons have the value `new`. */
export function isStoredCard(): boolean {
  const [isQuick, isNew] = ['quick', 'new'].map(action => isChecked(`zeus_token_action_type_${action}`));
  if (!isQuick && !isNew) console.warn('zeus_token: neither radio button is checked, so this is taken for a new card.');
  return isQuick === true;
}

function isChecked(id: string): boolean {
  const radio = document.getElementById(id);
  return radio instanceof HTMLInputElement && radio.checked;
}

/** The name is optional on the wire: an empty one is left out. */
export function readNewCard(withCvv: boolean): NewCard {
  return {
    cardNumber: readField('zeus_token_card_number'),
    expiresYear: readField('zeus_token_card_expires_year'),
    expiresMonth: readField('zeus_token_card_expires_month'),
    cvv: withCvv ? readField('zeus_token_card_cvv') : null,
    cardName: readField('zeus_token_card_name') || null,
  };
}

export function readStoredCvv(): string {
  return readField('zeus_token_card_cvv_for_registerd_card');
}

function readField(id: string): string {
  return find(id)?.value ?? '';
}

/** Null empties them all. */
export function fillResults(token: Token | null): void {
  for (const [id, of] of Object.entries(resultFields)) setValue(id, token?.[of] ?? '');
}

export function clearCard(): void {
  for (const id of cardFields) if (document.getElementById(id)) setValue(id, '');
}

function setValue(id: string, value: string): void {
  const field = find(id);
  if (field) field.value = value;
}

function find(id: string): HTMLInputElement | HTMLSelectElement | null {
  const field = document.getElementById(id);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) return field;
  console.warn(`zeus_token: the page has no field #${id}.`);
  return null;
}

/** No form takes card data along, however it is submitted; a page that tries it before there is a token is told. */
export function guardForms(): void {
  document.addEventListener('formdata', ({ formData }) => {
    const filled = cardFields.filter(name => formData.get(name));
    if (filled.length > 0)
      console.error(`zeus_token: the form is sent with a card in it, before there is a token: ${filled.join(', ')}.`);
    for (const name of cardFields) formData.delete(name);
  });
}
