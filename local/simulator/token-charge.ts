/** secure.cgi, the first charge (000 p.40 to 43). A success with `sendid` stores the card under that ID and phone. */

import { invalid } from './card-answers.ts';
import { chargeReply, installmentsAllowed, makeCardOrder } from './card-order.ts';
import { textOf } from './form.ts';
import { type Call, type Gateway, isoNow, type Reply } from './gateway.ts';
import { DIGITS, EMAIL_CARD, FREE_TEXT_CARD, firstBadRow, type Row, strayFields, YES } from './rows.ts';
import type { Token } from './state.ts';
import type { CardFace } from './test-cards.ts';

const rows: Row[] = [
  { name: 'clientip', required: true, max: 10, pattern: /^(\d{5}|\d{10})$/ },
  { name: 'token_key', required: true, max: 86, pattern: /^[!-~]+$/ },
  { name: 'money', required: true, max: 7, pattern: DIGITS },
  { name: 'send', required: true, max: 4, pattern: /^mall$/ },
  { name: 'telno', required: true, max: 32, pattern: DIGITS },
  { name: 'email', required: true, max: 50, pattern: EMAIL_CARD },
  { name: 'sendid', required: false, max: 25, pattern: FREE_TEXT_CARD },
  { name: 'sendpoint', required: false, max: 50, pattern: FREE_TEXT_CARD },
  { name: 'pubsec', required: false, max: 3, pattern: YES },
  { name: 'printord', required: false, max: 3, pattern: YES },
  { name: 'div', required: false, max: 2, pattern: DIGITS },
];

export function handleTokenCharge(gateway: Gateway, call: Call): Reply {
  const { fields, record } = call;
  record.violations.push(...strayFields(rows, fields));
  const bad = firstBadRow(rows, fields);
  if (bad) return invalid(gateway, call, bad);
  const clientip = textOf(fields, 'clientip');
  if (clientip !== gateway.contracts.card.clientip) return invalid(gateway, call, 'clientip');
  const token = liveToken(gateway, textOf(fields, 'token_key'), clientip, 'newcard');
  if (!token?.card) return invalid(gateway, call, 'token_key');
  if (!installmentsAllowed(gateway, textOf(fields, 'div'), token.card)) return invalid(gateway, call, 'div');
  token.used = true;
  const succeeds = token.card.fails !== 'always' && call.forced?.fault !== 'refusal';
  const order = makeCardOrder(gateway, call, { card: token.card, succeeds, recurring: false });
  if (succeeds && order.sendid !== '') storeCard(gateway, order, token.card);
  return chargeReply(gateway, call, order);
}

/** The token when it is one of this IP code and action, unused, and not too old. */
export function liveToken(gateway: Gateway, key: string, clientip: string, action: Token['action']): Token | null {
  const token = gateway.state.tokens.get(key);
  if (!token || token.used || token.clientip !== clientip || token.action !== action) return null;
  return gateway.clock.now() - token.issuedAt <= gateway.settings.tokenLifeMs ? token : null;
}

/** One card per pair of phone and card ID: registering the pair again replaces it and makes it the newest. */
export function storeCard(
  gateway: Gateway,
  { clientip, telno, sendid }: { clientip: string; telno: string; sendid: string },
  card: CardFace,
): void {
  const { state } = gateway;
  const other = state.cards.filter(
    stored => stored.clientip !== clientip || stored.telno !== telno || stored.sendid !== sendid,
  );
  state.counter += 1;
  state.cards = [...other, { ...card, clientip, telno, sendid, registeredAt: isoNow(gateway), seq: state.counter }];
}
