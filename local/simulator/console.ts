/** The console at `/`: what each order has become on the left, what happened on the right, newest first. */
import { CARRIER_ACTIONS } from './carrier-status.ts';
import { consolePage, resetForm } from './console-frame.ts';
import { happenings } from './console-happenings.ts';
import { counterButtons } from './counter-page.ts';
import type { Gateway } from './gateway.ts';
import { button, chip, type Html, html, row, type Tone, table, timeOf } from './html.ts';
import type { CallbackRecord, GatewayOrder, ThreeDSession } from './state.ts';

const SHOWN = 60;

export function overviewPage(gateway: Gateway): string {
  return consolePage(gateway, '/', {
    live: [
      html`<div class="columns"><section><h2>Orders</h2>${orders(gateway)}${sessions(gateway)}${cards(gateway)}${ledger(gateway)}</section>
<section><h2>What happened</h2>${happenings(gateway, SHOWN)}</section></div>`,
    ],
    still: [html`<p>${resetForm()}</p>`],
  });
}

function orders({ state }: Gateway): Html {
  const newest = [...state.orders.values()].slice(-SHOWN).reverse();
  const rows = newest.map(order => {
    const called = state.callbacks.filter(({ orderNumber }) => orderNumber === order.orderNumber);
    return row(
      timeOf(order.at),
      html`<code>${order.orderNumber}</code>${details(order)}<br>${buttons(order)}`,
      html`${order.money.toLocaleString('en')}`,
      chip(order.status.replaceAll('_', ' '), toneOf(order)),
      html`${called.map(callbackChip)}`,
    );
  });
  return table(['Time', 'Order', 'Yen', 'Status', 'Callbacks'], rows, 'No order yet.');
}

function details(order: GatewayOrder): Html {
  const { service, sendpoint } = order;
  const more = {
    card: () => (order.service === 'card' ? `${order.brand} **** ${order.last4}` : ''),
    carrier: () => (order.service === 'carrier' ? [carrierOf(order), bookedFor(order)].join(' ') : ''),
    cvs: () => (order.service === 'cvs' ? `${order.payCvs} ${order.payNo1} ${order.payNo2}` : ''),
  };
  return html`<br><span class="soft">${service} ${more[service]()} ${order.test ? 'TEST' : ''}<br>sendpoint ${sendpoint}</span>`;
}

const carrierOf = ({ carrierType }: Extract<GatewayOrder, { service: 'carrier' }>) =>
  ({ D: 'docomo', A: 'au', S: 'SoftBank' })[carrierType];

const bookedFor = ({ bookedFor }: Extract<GatewayOrder, { service: 'carrier' }>) =>
  bookedFor ? `booked for ${bookedFor}` : '';

const GOOD = ['charged', 'registered', 'authorized', 'settled', 'confirmed'];
const WAITING = ['accepted', 'booked', 'settling', 'unpaid', 'received'];
const BAD = ['failed', 'error', 'settle_failed', 'cancel_failed', 'auth_cancel_failed', 'reversed'];

function toneOf({ status }: GatewayOrder): Tone {
  if (GOOD.includes(status)) return 'good';
  if (WAITING.includes(status)) return 'wait';
  if (BAD.includes(status)) return 'bad';
  return status.includes('after_cancel') ? 'warn' : 'plain';
}

/** Links to the callback in the list of what happened. */
function callbackChip(callback: CallbackRecord): Html {
  const { id, status, state, attempts } = callback;
  const accepted = attempts.at(-1)?.outcome === 'accepted';
  const tone = state === 'withheld' ? 'warn' : state !== 'done' ? 'wait' : accepted ? 'good' : 'bad';
  return html`<a href="#callback-${id}" title="${state} ${attempts.at(-1)?.outcome ?? ''}">${chip(status, tone)}</a> `;
}

function buttons(order: GatewayOrder): Html[] {
  if (order.service === 'cvs') return counterButtons(order, '/');
  if (order.service === 'card') return [];
  const { orderNumber, status } = order;
  const possible = Object.entries(CARRIER_ACTIONS).filter(([, { from }]) => from.includes(status));
  return possible.map(([action]) => button('carrier', action, { orderNumber, action }));
}

/** Each step as it was answered, oldest first. */
function sessions({ state }: Gateway): Html {
  const newest = [...state.sessions.values()].slice(-SHOWN).reverse();
  const rows = newest.map(session => {
    const { card, fields, steps } = session;
    return row(
      timeOf(steps[0]?.at ?? new Date(session.startedAt).toISOString()),
      html`${card.brand} **** ${card.last4}, ${fields.money.toLocaleString('en')} yen<br><span class="soft">sendpoint ${fields.sendpoint}</span>`,
      chip(session.state, SESSION_TONES[session.state]),
      html`<ol class="steps">${steps.map(({ at, step, result }) => html`<li>${timeOf(at)} ${step}: ${result}</li>`)}</ol>`,
    );
  });
  return html`<h2>3-D Secure sessions</h2>${table(['Time', 'Card', 'State', 'Steps'], rows, 'No session yet.')}`;
}

const SESSION_TONES: Record<ThreeDSession['state'], Tone> = {
  outside: 'warn',
  enrolled: 'wait',
  challenge: 'wait',
  authenticated: 'good',
  refused: 'bad',
  confirmed: 'good',
  paid: 'good',
  declined: 'bad',
};

function cards({ state }: Gateway): Html {
  const rows = state.cards.map(card =>
    row(html`<code>${card.sendid}</code>`, card.telno, `${card.brand} **** ${card.last4}`, timeOf(card.registeredAt)),
  );
  return html`<h2>Stored cards</h2>${table(['Card ID', 'Phone', 'Card', 'Stored'], rows, 'No card is stored.')}`;
}

/** What happened to money, which is what tests judge by. */
function ledger({ state }: Gateway): Html {
  const newest = state.ledger.slice(-SHOWN).reverse();
  const rows = newest.map(({ at, kind, orderNumber, amount }) =>
    row(timeOf(at), kind.replaceAll('_', ' '), html`<code>${orderNumber}</code>`, amount.toLocaleString('en')),
  );
  return html`<h2>Ledger</h2>${table(['Time', 'What', 'Order', 'Yen'], rows, 'No money has moved.')}`;
}
