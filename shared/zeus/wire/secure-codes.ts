/**
 * EMV 3-D Secure: what the codes of `secure_link_3d` mean, each once. Source: three-d-secure.md, section 4 (public copies
 * of the vendor's code list, not a manual of ours). The status decides what a response proves; the code says why.
 */
import type { FailureReason, Refused, Truth } from '../../domain/outcome.ts';

/** In English for developers; which field of ours is meant; in Japanese for the payer. */
type Meaning = readonly [message: string, parameter?: string | null, payerMessage?: string];

const again = 'お手数ですが、カード情報をもう一度ご入力ください。';
const payer = {
  card: 'このカードではお支払いいただけませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
  token: `カード情報の有効期限が切れました。${again}`,
  number: `カード番号に誤りがあるようです。${again}`,
  expiry: `カードの有効期限に誤りがあるようです。${again}`,
  securityCode: `セキュリティコードに誤りがあるようです。${again}`,
  name: `カードの名義に誤りがあるようです。${again}`,
  installments: 'ご指定のお支払い回数はご利用いただけません。お支払い回数を変えて、もう一度お試しください。',
  authentication: 'カードの本人認証を完了できませんでした。別のカードをお試しいただくか、カード会社にご確認ください。',
  session: '本人認証の有効期限が切れました。お手数ですが、はじめからもう一度お手続きください。',
};

/** Rows that begin alike: the last digits of each code. */
const rows = (prefix: string, endings: string, meaning: Meaning): [string, Meaning][] =>
  endings.split(' ').map((ending, i) => [prefix + ending, i === 0 ? meaning : numbered(meaning, ending)]);

/** What tells codes of one row apart is not known: the message names them by their ending. */
const numbered = ([message, ...more]: Meaning, ending: string): Meaning => [`${message} (${ending})`, ...more];

const number = (message: string): Meaning => [message, null, payer.number];
const expiry = (message: string): Meaning => [message, null, payer.expiry];
const card = (message: string): Meaning => [message, null, payer.card];

const table: [string, Meaning][] = [
  // Any request, invalid.
  ['02030105', ['The request was not a POST']],
  ['02030106', ['The content type was neither text/xml nor application/xml']],
  ['02030107', ['There was no content length']],
  ['02030108', ['The content length was over the limit']],
  ['02030207', ['No XML arrived']],
  ['02030208', ['The XML was over 8,192 bytes']],
  ['02030209', ['The XML was not well-formed']],
  ['02080113', ['There was no action']],
  ['02080114', ['The action was empty']],
  ['02080115', ['The action was unknown']],
  // Any request, maintenance.
  ['01001', ["The card network's centre is under maintenance"]],
  ...rows('01', '002 003 004 005 006 007 008 009 999', ['The card network is under maintenance']),
  ...rows('020', '00012 10101 10102 20103 20204 40103 60103 60109 60112 70112 70134 80116', ['Under maintenance']),
  ...rows('0205', '0110 0210 0310 0410 0510 0611 0710 0835 0918', ['The network to the card companies is closed']),
  ...rows('0205', '1010 1135 1210 1310 1410 1510 1610 1710 1810 1935', ['The card companies cannot be reached']),
  ['02052011', ['The network to the card companies is under maintenance']],
  // Enrolment: success and outside. 001 is seen there too.
  ['000', ['Accepted']],
  ['008', ["The card's brand takes no part in EMV 3-D Secure"]],
  ...rows('00', '5 6 7', ['The issuer, the holder or the device takes no part in EMV 3-D Secure']),
  // Enrolment: failure and maintenance.
  ['02090431', ["No response, or a bad one, from the brand's directory", null, payer.authentication]],
  ...rows('020903', '32 33', ["The card issuer's side is under maintenance"]),
  // Enrolment: invalid.
  ['02130114', ['The IP code was missing']],
  ['02130117', ['The IP code was malformed']],
  ['02130110', ['The IP code is not known']],
  ['02130118', ['The IP code is stopped']],
  ['02130214', ['The authentication key was missing']],
  ['02130217', ['The authentication key was malformed']],
  ['02130210', ['The authentication key was wrong']],
  ['02130337', ['The way to look up the stored card was not accepted']],
  ['02130414', ['What to look up the stored card by was missing']],
  ['02130437', ['What to look up the stored card by was not accepted']],
  ['02130514', number('The card number was missing')],
  ['02130517', number('The card number was malformed')],
  ...rows('021306', '19 20 21', number('The card number is none')),
  ['02130640', card("The contract does not include the card's brand")],
  ['02130714', expiry('The expiry year was missing')],
  ['02130717', expiry('The expiry year was malformed')],
  ['02130725', expiry('The expiry year is out of range')],
  ['02130814', expiry('The expiry month was missing')],
  ['02130817', expiry('The expiry month was malformed')],
  ['02130825', expiry('The expiry month is out of range')],
  ['02130922', expiry('The card has expired')],
  ['02131014', ['The security code was missing, or sent where the contract has none', 'tokenKey', payer.securityCode]],
  ['02131017', ['The security code was malformed', 'tokenKey', payer.securityCode]],
  ['02131117', ['The name on the card was malformed', null, payer.name]],
  ['02131123', ['The name on the card was under 4 characters', null, payer.name]],
  ['02131124', ['The name on the card was over 50 characters', null, payer.name]],
  ['02131214', ['The amount was missing', 'amount']],
  ['02131217', ['The amount was malformed', 'amount']],
  ['02131223', ['The amount was negative', 'amount']],
  ['02131224', ['The amount was 10 million yen or more', 'amount']],
  ['02131314', ['The number of payments was missing', 'installments']],
  ...rows('021313', '17 25', ['The number of payments was malformed', 'installments', payer.installments]),
  ...rows('021313', '10 26', [
    'The contract does not allow this number of payments',
    'installments',
    payer.installments,
  ]),
  ['02131414', ['The phone number was missing', 'phone']],
  ['02131417', ['The phone number was malformed', 'phone']],
  ['02131437', ['How to check the phone number was not accepted']],
  ['02131527', ['The e-mail address was over 50 characters', 'email']],
  ...rows('021315', '28 29', ['The e-mail address was malformed', 'email']),
  ['02131537', ['The language of e-mails was not accepted']],
  ['02131614', ['The card ID was missing', 'cardId']],
  ['02131617', ['The card ID was malformed', 'cardId']],
  ['02131717', ['The order ID was malformed']],
  ['02131810', ['The stored card was not found', 'cardId']],
  ['02131818', ['The stored card is disabled', 'cardId']],
  ['02131914', ['The token is over 60 minutes old, or used up', 'tokenKey', payer.token]],
  ['02090138', ['The contract has no EMV 3-D Secure']],
  ['02090230', ['The contract has no EMV 3-D Secure (230)']],
  // Authentication result: success, failure, invalid.
  ['001', ['Authenticated, with CAVV']],
  ['002', ['Authenticated, without CAVV']],
  ['003', ['Attempted: the issuer vouches without having authenticated, with CAVV']],
  ['004', ['Attempted: the issuer vouches without having authenticated, without CAVV']],
  ['02100431', ['The payer was not authenticated', null, payer.authentication]],
  ['02100114', ['The session was missing']],
  ['02100117', ['The session was malformed']],
  ['02100110', ['The session is not known, or over 60 minutes old', null, payer.session]],
  ['02100112', ['The authentication has not succeeded', null, payer.authentication]],
  ['02100214', ['The result from the browser was missing', 'paRes']],
  // Payment: invalid.
  ['02110114', ['The session was missing']],
  ['02110117', ['The session was malformed']],
  ['02110110', ['The session is not known, or over 60 minutes old', null, payer.session]],
  ['02110112', ['The authentication result must be asked for first']],
  ['02110317', ['A flag for details was not yes']],
  // Payment: failure.
  ['errc001002', card('The gateway and the card company could not talk to each other')],
  ['errc002004', card('A data fault between the gateway and the card company')],
  ['errd002004', card('A data fault at the card company')],
  ['errd001005', card('The card was refused for now')],
  ['errd002006', card('The card was refused for good')],
  ['errc002007', expiry('The expiry date is wrong or past')],
  ['errd002007', expiry('The expiry date is wrong or past, says the card company')],
  ['errb002028', expiry('The expiry date is past')],
  ['errb002020', expiry('The expiry date was malformed')],
  ...['errc002008', 'errd002008', 'errb002024', 'errb002025'].map((code): [string, Meaning] => [
    code,
    ['This number of payments is not possible', 'installments', payer.installments],
  ]),
  ['errb002012', card("Blocked by the gateway's fraud rules")],
  ['errb002013', card("Blocked by the gateway's fraud rules for a time")],
  ['errb002052', card("Blocked by the gateway's fraud rules (052)")],
  ['errb002023', card('This kind of card (debit, prepaid) is blocked')],
  ['errb002041', card('Foreign cards are blocked')],
  ['errb002015', ['The amount is out of range', 'amount']],
  ['errb002053', ["The amount is under the contract's minimum", 'amount']],
  ['errb002026', number('The card number is wrong')],
  ['errb002038', number('The card number is impossible')],
  ['errb002039', number('The card number has a wrong length')],
  ['errb002019', number('The card number has other characters than digits')],
  ['errb002021', ['The phone number was malformed', 'phone']],
  ['errb001016', ['The IP code is stopped']],
  ['errb002033', ['The IP code is stopped (033)']],
  ['errb002022', ['The IP code was malformed']],
  ['errb002029', ["The contract's data are wrong"]],
  ['errb002037', ['Test period: only test cards are taken']],
  ['errb002043', ['Test card in another state than registered']],
  ['errb002044', ['Test card with another expiry date than registered']],
  ['errb002045', ['Test card with another phone number than registered', 'phone']],
  ['errb002046', ['Test card with another e-mail address than registered', 'email']],
  ['errb002047', ['Test card with another amount than registered', 'amount']],
  ['errb002048', ['Test card with another address than registered']],
  ['errb002054', ['The stored card was not found', 'cardId']],
  ['errb002055', ['The setting of the security code differs', 'tokenKey']],
  ['errb000000', card('The failure for tests')],
  ['errz999999', card('A code that the gateway itself does not know')],
];

/** Every code with its meaning. */
export const secureCodes: ReadonlyMap<string, Meaning> = new Map(table);

/** For the test that each stands once: a map would hide a second one. */
export const listedCodes: readonly string[] = table.map(([code]) => code);

/** Older responses to a payment request name their failure by the last three digits alone. */
const bare = (code: string): Meaning | undefined =>
  /^\d{3}$/.test(code) ? table.find(([each]) => each.startsWith('err') && each.endsWith(code))?.[1] : undefined;

/** A refusal and what it means; an unlisted code is kept. */
export function secureRefusal(reason: FailureReason, code: string | null, truth: Truth | null = null): Refused {
  const listed = code === null ? undefined : ((reason === 'refused' ? bare(code) : undefined) ?? secureCodes.get(code));
  const unlisted = reason === 'authentication_failed' ? payer.authentication : payer.card;
  const noMeaning: Meaning = [code === null ? 'The gateway gave no code' : 'A code not listed', null, unlisted];
  const [message, parameter = null, payerMessage = null] = listed ?? noMeaning;
  return { kind: 'refused', failure: { reason, code, parameter, message, payerMessage }, orderNumber: null, truth };
}
