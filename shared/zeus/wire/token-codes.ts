/** What the error codes of token.cgi mean, for developers and payers. Manual 000, error code list of token requests. */
export type TokenField = 'cardNumber' | 'expiresYear' | 'expiresMonth' | 'expires' | 'cvv' | 'cardName';

export interface TokenFault {
  /** Null where the payer's input is not what is wrong. */
  field: TokenField | null;
  code: string;
  /** English, for developers. */
  message: string;
  /** Japanese, for the payer. */
  payerMessage: string;
}

/** 90100100 where no connection could be made; any other code as it came. */
export function tokenFault(code: string): TokenFault {
  const [field, message, payerMessage] = tokenCodes.get(code) ?? unlisted;
  return { field, code, message, payerMessage };
}

type Meaning = readonly [field: TokenField | null, message: string, payerMessage: string];

/** What developers and payers call each field. */
const names: Record<TokenField, readonly [string, string]> = {
  cardNumber: ['card number', 'カード番号'],
  expiresYear: ['expiry year', '有効期限の年'],
  expiresMonth: ['expiry month', '有効期限の月'],
  expires: ['expiry date', '有効期限'],
  cvv: ['security code', 'セキュリティコード'],
  cardName: ['name on the card', 'カードの名義'],
};

function missing(field: TokenField): Meaning {
  return wrong(field, 'is missing', 'が入力されていません。');
}

function malformed(field: TokenField): Meaning {
  return wrong(field, 'is malformed');
}

/** Several codes of one field may say this: what tells them apart the manual does not say. */
function refused(field: TokenField): Meaning {
  return wrong(field, 'was not accepted');
}

function wrong(field: TokenField, how: string, payer = 'に誤りがあるようです。ご確認ください。'): Meaning {
  const [name, payerName] = names[field];
  return [field, `The ${name} ${how}`, payerName + payer];
}

/** Nothing that the payer could put right. */
function shopFault(message: string): Meaning {
  return [null, message, 'お店の設定に問題があります。お店にお問い合わせください。'];
}

const closed = 'ただいまメンテナンス中です。';
const offline = '通信できませんでした。もう一度お試しください。';
const later = '受け付けられませんでした。時間をおいて、もう一度お試しください。';
const unlisted: Meaning = [null, 'The manual does not list this code', later];

export const tokenCodes: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['88888888', [null, 'The gateway is under maintenance', closed]],
  ['90100100', [null, 'The gateway could not be reached', offline]],
  ['99999999', [null, "The answer is none of the manual's", later]],
  ['02030105', shopFault('The request was not a POST')],
  ['02030106', shopFault('The content type was not XML')],
  ['02030107', shopFault('There was no content length')],
  ['02030108', shopFault('The content length was over 1,024 bytes')],
  ['02030207', shopFault('No XML arrived')],
  ['02030208', shopFault('The XML was over 1,024 bytes')],
  ['02030209', shopFault('The XML was not well-formed')],
  ['02080114', shopFault('The action was empty')],
  ['02080115', shopFault('The action was unknown')],
  ['02130114', shopFault('The IP code was missing')],
  ['02130117', shopFault('The IP code was malformed')],
  ['02130110', shopFault('The IP code was not accepted (110)')],
  ['02130118', shopFault('The IP code was not accepted (118)')],
  ['02130514', missing('cardNumber')],
  ['02130517', malformed('cardNumber')],
  ['02130619', refused('cardNumber')],
  ['02130620', refused('cardNumber')],
  ['02130621', refused('cardNumber')],
  ['02130640', refused('cardNumber')],
  ['02130714', missing('expiresYear')],
  ['02130717', malformed('expiresYear')],
  ['02130725', refused('expiresYear')],
  ['02130814', missing('expiresMonth')],
  ['02130817', malformed('expiresMonth')],
  ['02130825', refused('expiresMonth')],
  ['02130922', refused('expires')],
  ['02131014', wrong('cvv', 'is missing or wrong')],
  ['02131017', wrong('cvv', 'is malformed', 'は3桁または4桁の数字です。')],
  ['02131117', malformed('cardName')],
  ['02131123', refused('cardName')],
  ['02131124', refused('cardName')],
]);
