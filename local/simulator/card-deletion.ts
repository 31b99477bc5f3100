/** secure.cgi, deletion of a stored card (000 p.61 and 62): phone and card ID must both match. */

import { invalid, line } from './card-answers.ts';
import { textOf } from './form.ts';
import { answer, type Call, type Gateway, isoNow, type Reply } from './gateway.ts';
import { FREE_TEXT_CARD, firstBadRow, type Row, strayFields, YES } from './rows.ts';

const rows: Row[] = [
  { name: 'sendiddel', required: true, max: 3, pattern: YES },
  { name: 'clientip', required: true, max: 10, pattern: /^(\d{5}|\d{10})$/ },
  { name: 'telno', required: true, max: 32, pattern: /^\d{7,32}$/ },
  { name: 'sendid', required: true, max: 25, pattern: FREE_TEXT_CARD },
];

export function handleDeletion(gateway: Gateway, call: Call): Reply {
  const { fields, record } = call;
  record.violations.push(...strayFields(rows, fields));
  const bad = firstBadRow(rows, fields);
  if (bad) return invalid(gateway, call, bad);
  const clientip = textOf(fields, 'clientip');
  if (clientip !== gateway.contracts.card.clientip) return invalid(gateway, call, 'clientip');
  if (call.forced?.fault === 'refusal') return answer(line(gateway, 'failure_order'));
  const telno = textOf(fields, 'telno');
  const sendid = textOf(fields, 'sendid');
  const { state } = gateway;
  const rest = state.cards.filter(card => card.clientip !== clientip || card.telno !== telno || card.sendid !== sendid);
  if (rest.length === state.cards.length) return answer(line(gateway, 'failure_order'));
  state.cards = rest;
  const entry = {
    service: 'card',
    orderNumber: null,
    sendpoint: '',
    sendid,
    amount: 0,
    test: false,
    afterCancel: false,
    authentication: null,
  } as const;
  state.ledger.push({ seq: state.ledger.length + 1, at: isoNow(gateway), kind: 'deletion', ...entry });
  return answer(line(gateway, 'SuccessOK'));
}
