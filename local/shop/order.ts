import { actionForm } from './action-form.ts';
import { type Action, actionsOf } from './actions.ts';
import { act, type Called, type Problem, readOrder } from './api.ts';
import { byId, h } from './dom.ts';
import { clearFaults, showAlert } from './field-faults.ts';
import { follow } from './follow.ts';
import { startPage } from './frame.ts';
import { draw, say, type Words } from './language.ts';
import { orderFacts } from './order-facts.ts';
import type { Order } from './order-shape.ts';
import { forgetCard } from './saved-cards.ts';
import { timeline } from './timeline.ts';
import { statusWord } from './words.ts';

const orderId = new URLSearchParams(location.search).get('id') ?? '';
let order: Order | null = null;
let busy = false;

await startPage();
draw(() => {
  if (order) show(order);
});
await follow(orderId, now => {
  if (!now) return showAlert(['この注文はありません。', 'There is no such order.']);
  if (order && order.status !== now.status) tell([statusWord(now.status), statusWord(now.status)]);
  order = now;
  show(now);
});

function tell(words: Words): void {
  byId('message').textContent = say(words);
}

function show(now: Order): void {
  byId('order').replaceChildren(...orderFacts(now));
  byId('timeline').replaceChildren(...timeline(now.history));
  drawActions(now);
}

/** Redrawn only when they change, so that what is being typed is not lost. */
function drawActions(now: Order): void {
  const actions = actionsOf(now);
  const drawn = JSON.stringify([document.documentElement.lang, actions]);
  const section = byId('actions');
  if (section.dataset.drawn === drawn) return;
  section.dataset.drawn = drawn;
  const title = h('h2', {}, say(['できること', 'What you can do']));
  section.replaceChildren(...(actions.length > 0 ? [title] : []), ...actions.map(draft));
}

/** The key stays with the form: pressing the button again after a lost response repeats the same request. */
function draft(action: Action): HTMLFormElement {
  let attempt = { key: '', body: '' };
  return actionForm(action, body => {
    const said = JSON.stringify(body);
    if (attempt.body !== said) attempt = { key: crypto.randomUUID(), body: said };
    void run(action, attempt.key, body);
  });
}

async function run(action: Action, key: string, body: Record<string, unknown>): Promise<void> {
  if (busy) return;
  busy = true;
  clearFaults();
  tell(['処理しています…', 'Working on it…']);
  const called = await act(action.method, action.path, key, body);
  busy = false;
  tell(['', '']);
  conclude(action, called);
  order = (await readOrder(orderId)) ?? order;
  if (order) show(order);
}

function conclude(action: Action, called: Called): void {
  if (called.kind === 'order') {
    if (action.id === 'delete-card') forgetCard(String(action.body?.cardId));
    tell(['完了しました。', 'Done.']);
  } else {
    const told = called.kind === 'problem' ? problemText(called.problem) : '';
    showAlert([`できませんでした。もう一度お試しください。${told}`, `That did not work. Please try again. ${told}`]);
  }
}

function problemText({ detail, gatewayCode, gatewayMeaning, errors = [] }: Problem): string {
  const faults = errors.map(({ field, message }) => `${field} ${message}`);
  return [detail, gatewayMeaning, gatewayCode, ...faults].filter(Boolean).join(' ');
}
