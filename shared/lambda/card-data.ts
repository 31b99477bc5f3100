/**
 * Names under which people send card numbers, security codes and expiry dates. Compared without case, width, spaces
 * and punctuation, so `card_number`, `CardNumber` and `card-number` are one.
 */
// biome-ignore format: one family a line
const anywhere = [
  'cardnumber', 'cardno', 'cardnum', 'ccnumber', 'ccno', 'ccnum', 'creditcard', 'cardpan', 'accountnumber', 'カード番号', 'カードno',
  'securitycode', 'cardsecurity', 'verificationvalue', 'verificationcode', 'cardverification', 'cvv', 'cvc', 'cvn', 'cvd', 'ccv',
  'セキュリティコード', 'セキュリティーコード',
  'expir', 'expdate', 'expmonth', 'expyear', 'cardexp', 'validthr', 'validuntil', 'goodthr', '有効期限',
];
// biome-ignore format: one family a line
const whole = [
  'card', 'cc', 'cardnr', 'pan', 'pannumber',
  'csc', 'cid', 'cav', 'cav2', 'seccode',
  'exp', 'expmm', 'expyy', 'expm', 'expy', 'mmyy', 'yymm', 'ccexp',
];

const deepest = 20;

/** Whether any field, at any depth, is named like card data. Too deep to tell counts as such. */
export function hasCardData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > deepest) return true;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.some(isCardName) || Object.values(value).some(each => hasCardData(each, depth + 1));
}

function isCardName(name: string): boolean {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return whole.includes(plain) || anywhere.some(each => plain.includes(each));
}
