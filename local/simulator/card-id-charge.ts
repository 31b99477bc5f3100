/** secure.cgi, the charge of a stored card (000 p.44 to 48). The phone takes part in the search only with …888. */

import { invalid } from './card-answers.ts';
import { chargeReply, installmentsAllowed, makeCardOrder } from './card-order.ts';
import { textOf } from './form.ts';
import { answer, type Call, type Gateway, type Reply } from './gateway.ts';
import { DIGITS, EMAIL_CARD, FREE_TEXT_CARD, firstBadRow, type Row, strayFields, YES } from './rows.ts';
import type { StoredCard } from './state.ts';
import { liveToken } from './token-charge.ts';

const WITH_PHONE = '8888888888888888';
const BY_CARD_ID = '8888888888888882';

const rows: Row[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^(\d{5}|\d{10})$/ },
  { name: 'token_key', required: false, max: 86, pattern: /^[!-~]+$/ },
  { name: 'cardnumber', required: true, max: 16, pattern: new RegExp(`^(${WITH_PHONE}|${BY_CARD_ID})$`) },
  { name: 'expyy', required: true, max: 2, pattern: /^00$/ },
  { name: 'expmm', required: true, max: 2, pattern: /^00$/ },
  { name: 'money', required: true, max: 7, pattern: DIGITS },
  { name: 'send', required: true, max: 4, pattern: /^mall$/ },
  { name: 'telno', required: true, max: 32, pattern: DIGITS },
  { name: 'email', required: true, max: 50, pattern: EMAIL_CARD },
  { name: 'sendid', required: true, max: 25, pattern: FREE_TEXT_CARD },
  { name: 'sendpoint', required: false, max: 50, pattern: FREE_TEXT_CARD },
  { name: 'pubsec', required: false, max: 3, pattern: YES },
  { name: 'printord', required: false, max: 3, pattern: YES },
  { name: 'div', required: false, max: 2, pattern: DIGITS },
];

export function handleCardIdCharge(gateway: Gateway, call: Call): Reply {
  const { fields, record } = call;
  record.violations.push(...strayFields(rows, fields));
  const bad = firstBadRow(rows, fields);
  if (bad) return invalid(gateway, call, bad);
  if (textOf(fields, 'clientip') !== gateway.contracts.card.clientip) return invalid(gateway, call, 'clientip');
  const key = textOf(fields, 'token_key');
  const token = liveToken(gateway, key, gateway.contracts.card.clientip, 'quick');
  const needsCvv = gateway.settings.cvvRequired;
  if ((key !== '' && !token) || (needsCvv && !token?.hasCvv)) return invalid(gateway, call, 'token_key');
  const card = findCard(gateway, call);
  if (card && !installmentsAllowed(gateway, textOf(fields, 'div'), card)) return invalid(gateway, call, 'div');
  if (token) token.used = true;
  // No card found means no order: the check fails before any payment is tried, so nothing is called either.
  if (!card) return answer('failure_order');
  const succeeds = card.fails === 'never' && call.forced?.fault !== 'refusal';
  return chargeReply(gateway, call, makeCardOrder(gateway, call, { card, succeeds, recurring: true }));
}

/** The newest of those found. */
function findCard(gateway: Gateway, call: Call): StoredCard | undefined {
  const clientip = textOf(call.fields, 'clientip');
  const sendid = textOf(call.fields, 'sendid');
  const byPhone = textOf(call.fields, 'cardnumber') === WITH_PHONE;
  return gateway.state.cards
    .filter(card => card.clientip === clientip && card.sendid === sendid)
    .filter(card => !byPhone || card.telno === textOf(call.fields, 'telno'))
    .reduce<StoredCard | undefined>((newest, card) => (newest && newest.seq > card.seq ? newest : card), undefined);
}
