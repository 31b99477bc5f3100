import { act } from './api.ts';
import { authenticateCard, failureWords, restoreForm, returnToForm } from './authentication.ts';
import { drawChoices, drawTestCards } from './checkout-choices.ts';
import { refusalOf, showRefusal } from './checkout-refusal.ts';
import { byId, facts, focusOn, h, select } from './dom.ts';
import { clearFaults, focusFirstFault, requireFilled, showAlert } from './field-faults.ts';
import { dayFromNow, yen } from './format.ts';
import { startPage } from './frame.ts';
import { draw, say, type Words } from './language.ts';
import type { Order } from './order-shape.ts';
import { keepPending, keptPending, type Pending } from './pending.ts';
import { productOf } from './products.ts';
import { type Method, prepare } from './purchase.ts';
import { saveCard } from './saved-cards.ts';
import { settings } from './settings.ts';

/** After so long without a response the page asks the payer to wait. */
const longWaitMs = 60_000;

const product = productOf(new URLSearchParams(location.search).get('item'));
const form = byId<HTMLFormElement>('checkout');
/** The shop's own order number: any number of attempts to pay belong to it. */
const reference = `S${dayFromNow(0).replaceAll('-', '')}-${crypto.randomUUID().slice(0, 8)}`;
let pending: Pending | null = keptPending(product.id);
if (pending) select('quantity').value = pending.quantity;

const amount = () => product.yen * Number(select('quantity').value);
const method = () => document.querySelector<HTMLInputElement>('[name=method]:checked')?.value as Method;
const tell = (words: Words) => {
  byId('message').textContent = say(words);
};

await startPage();
const { simulated } = await settings;
draw(() => {
  byId('product').textContent = say(product.name);
  drawTotal();
  drawChoices();
  if (simulated) drawTestCards();
  if (pending) drawSummary(pending);
});
const returned = restoreForm();
showPanel();
drawTotal();
if (returned) showAlert(returned);
if (pending) showConfirmation(pending);
byId('quantity').addEventListener('change', drawTotal);
byId('methods').addEventListener('change', showPanel);
byId('back').addEventListener('click', () => showForm());
form.addEventListener('submit', event => {
  event.preventDefault();
  whileBusy(check);
});
byId('pay').addEventListener('click', () => whileBusy(pay));

function drawTotal(): void {
  byId('total').textContent = yen(amount());
}

function showPanel(): void {
  for (const panel of document.querySelectorAll<HTMLElement>('[data-method]'))
    panel.hidden = !panel.dataset.method?.split(' ').includes(method());
}

function whileBusy(work: () => Promise<void>): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('main button')];
  for (const button of buttons) button.disabled = true;
  void work()
    .catch(() =>
      showAlert(['うまくいきませんでした。もう一度お試しください。', 'That did not work. Please try again.']),
    )
    .finally(() => {
      for (const button of buttons) button.disabled = false;
    });
}

async function check(): Promise<void> {
  clearFaults();
  tell(['', '']);
  if (!requireFilled(form)) return;
  const purchase = await prepare[method()]({ amount: amount(), reference });
  if (!purchase) {
    focusFirstFault();
    return;
  }
  pending = { item: product.id, quantity: select('quantity').value, purchase, key: crypto.randomUUID() };
  keepPending(pending);
  showConfirmation(pending);
}

function showConfirmation(confirmed: Pending): void {
  drawSummary(confirmed);
  form.hidden = true;
  byId('confirm').hidden = false;
  focusOn(byId('confirm-title'));
}

function drawSummary({ purchase }: Pending): void {
  const { phone, email } = purchase.body;
  const order = `${say(product.name)} × ${select('quantity').value}`;
  byId('summary').replaceChildren(
    facts([
      [say(['商品', 'Product']), order],
      [say(['合計', 'Total']), h('strong', {}, yen(amount()))],
      [say(['電話番号', 'Phone']), String(phone)],
      [say(['メールアドレス', 'E-mail']), String(email)],
      ...purchase.shown,
    ]),
  );
}

function showForm(): void {
  pending = null;
  keepPending(null);
  form.hidden = false;
  byId('confirm').hidden = true;
  focusOn(byId('product'));
}

async function pay(): Promise<void> {
  if (!pending) return;
  const { purchase, key } = pending;
  clearFaults();
  tell(['処理しています。この画面を閉じないでください。', 'Working on it. Please keep this page open.']);
  const timer = setTimeout(tell, longWaitMs, [
    '時間がかかっています。二重の請求にはなりませんので、このままお待ちください。',
    'This is taking long. You will not be charged twice: please just wait.',
  ] satisfies Words);
  const called = await act('POST', purchase.path, key, purchase.body);
  clearTimeout(timer);
  tell(['', '']);
  const refusal = refusalOf(called);
  if (refusal) {
    if (!refusal.retry) showForm();
    showRefusal(refusal);
  } else if (called.kind === 'order') await accepted(called.order, pending);
}

/** With EMV 3-D Secure the issuer comes first. A reload on the way begins it again, with the same key. */
async function accepted(order: Order, { purchase }: Pending): Promise<void> {
  const conclusion = order.browser ? await authenticate(order, order.browser) : null;
  keepPending(null);
  if (conclusion?.kind === 'failed') {
    returnToForm(failureWords(conclusion.order), method());
    return;
  }
  if (purchase.storedCard) saveCard(purchase.storedCard);
  goOn(order);
}

async function authenticate(order: Order, browser: NonNullable<Order['browser']>) {
  byId('confirm').hidden = true;
  return authenticateCard(order, browser);
}

/** To the carrier's pages, to the store's page, or to the result. */
function goOn(order: Order): void {
  if (order.form) submit(order.form);
  else location.assign(order.cvs?.redirectUrl ?? `/result.html?order=${order.orderId}`);
}

function submit({ action, acceptCharset, fields }: NonNullable<Order['form']>): void {
  const inputs = Object.entries(fields).map(([name, value]) => h('input', { type: 'hidden', name, value }));
  const carrierForm = h('form', { method: 'POST', action, acceptCharset }, ...inputs);
  document.body.append(carrierForm);
  carrierForm.submit();
}
