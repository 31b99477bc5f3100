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

/** Values in which a card number is looked for. */
const searched = ['cardId', 'reference', 'note'];

/** Whether a value that we keep is a card number: a run of digits with a brand's prefix and length that passes the Luhn check. */
export function hasCardNumber(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  return Object.entries(body).some(
    ([name, value]) =>
      searched.includes(name) && typeof value === 'string' && digitRuns(start(value)).some(isCardNumber),
  );
}

/** Unicode's normal forms take quadratic time; what is longer fits no field. */
const start = (text: string): string => text.slice(0, 1000);

/** Whole runs of digits, without spaces and hyphens between them. UUIDs and the gateway's order numbers are none. */
function digitRuns(value: string): string[] {
  const text = value.normalize('NFKC').replace(uuid, 'x').replace(gatewayNumber, 'x');
  return (text.match(/[0-9][0-9\s\p{Pd}\u2212]*/gu) ?? []).map(run => run.replace(/[^0-9]/g, ''));
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Short groups between full stops, then others between hyphens, like 11.111.11.11-000-222-333. */
const gatewayNumber = /(?<![0-9.])[0-9]{1,4}(?:\.[0-9]{1,4}){2,}(?:-[0-9A-Z]{1,6})+/g;

const brands: [brand: string, prefix: RegExp, shortest: number, longest: number][] = [
  ['visa', /^4/, 13, 13],
  ['visa', /^4/, 16, 16],
  ['visa', /^4/, 19, 19],
  ['mastercard', /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16],
  ['amex', /^3[47]/, 15, 15],
  ['jcb', /^35(?:2[89]|[3-8])/, 16, 19],
  ['discover', /^(?:6011|64[4-9]|65)/, 16, 19],
  ['diners', /^3(?:0[0-5]|095|[689])/, 14, 19],
];

/** Of 16 digits that begin with 23 to 27, those of a shop that numbers by day and counter (261120…) are taken as such. */
const beginsWithDay = /^2[3-7](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])/;

function isCardNumber(digits: string): boolean {
  const ofBrand = brands.some(
    ([, prefix, shortest, longest]) => prefix.test(digits) && digits.length >= shortest && digits.length <= longest,
  );
  return ofBrand && !beginsWithDay.test(digits) && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  const weighed = [...digits].reverse().map((digit, i) => Number(digit) * (i % 2 === 0 ? 1 : 2));
  return weighed.reduce((sum, each) => sum + (each > 9 ? each - 9 : each), 0) % 10 === 0;
}

const deepest = 20;

/** Whether any field, at any depth, is named like card data. Too deep to tell counts as such. */
export function hasCardData(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > deepest) return true;
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.some(isCardName) || Object.values(value).some(each => hasCardData(each, depth + 1));
}

function isCardName(name: string): boolean {
  const plain = start(name)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return whole.includes(plain) || anywhere.some(each => plain.includes(each));
}
