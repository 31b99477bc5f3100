/** The calls that the API's description shows, in the order in which they are made. */
import { authenticationCalls } from '../support/authentication.ts';
import { carrierCalls, setClocks } from '../support/carrier.ts';
import type { Stage } from './examples.ts';

const payer = { phone: '03-1234-5678', email: 'taro@example.com' };
/** What the description shows in place of a token, which can be used once only. */
const tokenKey = 'the-token-that-the-browser-got-from-the-gateway';
const charge = { tokenKey, amount: 8000, ...payer, reference: '4711' };

export async function playAll(stage: Stage): Promise<void> {
  const cards = await playCharges(stage);
  await playAuthentications(stage);
  await playCancels(stage, cards);
  await playCarrierOrders(stage);
  const atStore = await playStores(stage);
  await playLists(stage, atStore, cards.paid);
  await playResolutions(stage, cards);
}

interface Cards {
  paid: string;
  unknown: string;
}

async function playCharges({ local: { gateway }, show, showThenCallBack }: Stage): Promise<Cards> {
  const call = 'POST /card/charges';
  const paid = await showThenCallBack('paid', 'Paid', call, { key: 'paid', body: charge });
  await show('replayed', 'The same request again', call, { key: 'paid', body: charge });
  await show('reused', 'The key belongs to another request', call, { key: 'paid', body: { ...charge, amount: 1 } });
  const registration = { tokenKey, amount: 0, ...payer, cardId: 'MEMBER-1' };
  await showThenCallBack('registered', 'A card is stored, nothing is charged', call, {
    key: 'card',
    body: registration,
  });
  gateway.arm({ endpoint: 'charge', fault: 'refusal' });
  const declined = { ...charge, reference: '4712' };
  await showThenCallBack('declined', 'Declined', call, { key: 'declined', body: declined });
  gateway.arm({ endpoint: 'charge', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
  const lost = { ...charge, reference: '4713' };
  const unknown = await show('unknown', 'The answer was lost', call, { key: 'lost', body: lost });
  gateway.arm({ endpoint: 'charge', fault: 'maintenance' });
  const maintained = { ...charge, reference: '4714' };
  await show('not-processed', 'The gateway is under maintenance', call, { key: 'maintenance', body: maintained });
  const wrong = { amount: 10_000_000, phone: '0312', email: 'taro@例.jp', coupon: 'x' };
  await show('invalid', 'All faults at once', call, { key: 'invalid', body: wrong });
  const withCard = { ...charge, cardNumber: '4111111111111111' };
  await show('card-data', 'Card data', call, { key: 'invalid', body: withCard });

  const monthly = { cardId: 'MEMBER-1', amount: 3000, ...payer, reference: '2026-12' };
  await showThenCallBack('paid', 'Paid', 'POST /card/recurring-charges', { key: 'monthly', body: monthly });
  return { paid: paid.orderId, unknown: unknown.orderId };
}

async function playAuthentications({ local, show, showThenCallBack }: Stage): Promise<void> {
  const { risk } = authenticationCalls(local);
  const call = 'POST /card/authentications';
  const complete = ({ orderId }: { orderId: string }) => `POST /card/charges/${orderId}/completion`;
  const named = { ...charge, reference: '4715', cardholderName: 'TARO ZEUS' };
  const waiting = await show('waiting', 'The payer’s browser goes on', call, { key: '3ds', body: named });
  await risk(waiting.browser.md);
  const passed = { md: waiting.browser.md, paRes: 'Y', status: 'success' };
  const other = { ...passed, md: 'another-session' };
  await show('other-session', 'Another order’s session', complete(waiting), { key: '3ds-other', body: other });
  await showThenCallBack('paid', 'Authenticated and paid', complete(waiting), { key: '3ds-paid', body: passed });
  const failing = await show('stored-card', 'A stored card', 'POST /card/recurring-authentications', {
    key: '3ds-stored',
    body: { cardId: 'MEMBER-1', amount: 3000, ...payer },
  });
  const failed = { md: failing.browser.md, paRes: 'N', status: 'success' };
  await show('failed', 'The challenge failed', complete(failing), { key: '3ds-failed', body: failed });
}

async function playCancels({ local: { gateway }, show }: Stage, { paid, unknown }: Cards): Promise<void> {
  // The gateway cancels 10 s after the charge at the earliest.
  setClocks(gateway, '2026-11-20 12:00:20');
  await show('cancelled', 'Cancelled', `POST /card/charges/${paid}/cancel`, { key: 'cancel', body: {} });
  const unknownPath = `POST /card/charges/${unknown}/cancel`;
  await show('wrong-status', 'Nothing to cancel', unknownPath, { key: 'cancel-unknown', body: {} });
  const path = 'POST /card/deletions';
  await show('deleted', 'Deleted', path, { key: 'delete', body: { cardId: 'MEMBER-1' } });
  const other = { cardId: 'MEMBER-2', phone: '0312345678' };
  await show('no-such-card', 'No such card', path, { key: 'delete-other', body: other });
}

async function playCarrierOrders({ local, show, showThenCallBack }: Stage): Promise<void> {
  const { gateway } = local;
  const { authorized, callBack, submit, act } = carrierCalls(local);
  const link = { url: 'https://shop.example/thanks', text: 'ショップへ戻る' };
  const order = { carrier: 'docomo', amount: 8000, name: 'ヤマダタロウ', ...payer, success: link, reference: '4717' };
  const { orderId: twice, form } = await show('form', 'The form for the payer’s browser', 'POST /carrier/orders', {
    key: 'form',
    body: order,
  });

  const { orderId } = await authorized('settled');
  const path = `/carrier/orders/${orderId}/settlement`;
  const booking = { amount: 7000, on: '2026-12-01' };
  await show('booked', 'Booked for a day', `POST ${path}`, { key: 'book', body: booking });
  await show('again', 'A booking is withdrawn first', `POST ${path}`, { key: 'book-again', body: booking });
  await show('withdrawn', 'Withdrawn', `DELETE ${path}`, { key: 'withdraw' });
  gateway.arm({ endpoint: 'settle', fault: 'maintenance' });
  await show('maintenance', 'The gateway is under maintenance', `POST ${path}`, { key: 'settle-1', body: {} });
  gateway.arm({ endpoint: 'settle', fault: 'refusal', code: '010100022' });
  await show('refused', 'The gateway refused', `POST ${path}`, { key: 'settle-2', body: {} });
  await showThenCallBack('settled', 'Settled today', `POST ${path}`, { key: 'settle-3', body: {} });
  const returnPath = `POST /carrier/orders/${orderId}/return`;
  await showThenCallBack('returned', 'Returned', returnPath, { key: 'return', body: {} });

  const { orderId: open } = await authorized('open');
  gateway.arm({ endpoint: 'settle', fault: 'lost-answer' });
  gateway.arm({ endpoint: 'callback', fault: 'no-callback' });
  const openPath = `/carrier/orders/${open}/settlement`;
  await show('open', 'The answer was lost', `POST ${openPath}`, { key: 'settle-open', body: { amount: 7000 } });
  const paid = { outcome: 'paid', amount: 7000, note: 'Settled, by the gateway’s console' };
  const openResolution = `POST /orders/${open}/resolution`;
  await show('paid', 'Settled, as the console shows', openResolution, { key: 'resolve-open', body: paid });

  const { orderId: refused, orderNumber } = await authorized('refused');
  gateway.arm({ endpoint: 'return', fault: 'refusal', code: '010100031' });
  const refusedPath = `POST /carrier/orders/${refused}/return`;
  await show('refused', 'The gateway refused', refusedPath, { key: 'return-refused', body: {} });
  await callBack({ clientip: '2019000002', money: '7999', sendpoint: refused, order_no: orderNumber, status: '07' });
  const seen = { outcome: 'acknowledged', reasons: ['settled_elsewhere'], note: 'The shop was told' };
  const refusedResolution = `POST /orders/${refused}/resolution`;
  await show('acknowledged', 'Seen by an operator', refusedResolution, { key: 'acknowledge', body: seen });

  // The payer submitted the form twice and paid twice.
  const numbers = [await submit(form), await submit(form)];
  for (const number of numbers) await act(number, 'complete');
  const body = { gatewayOrderNumber: numbers[1] };
  const second = 'One of two payments of an order';
  await showThenCallBack('second', second, `POST /carrier/orders/${twice}/return`, { key: 'return-second', body });
}

async function playStores({ local: { gateway }, showThenCallBack }: Stage): Promise<string> {
  const call = 'POST /cvs/orders';
  const order = {
    store: 'lawson',
    amount: 8000,
    name: 'ヤマダ タロウ',
    ...payer,
    phone: '0312345678',
    reference: '4720',
  };
  const issued = await showThenCallBack('issued', 'Numbers to show the payer', call, { key: 'issued', body: order });
  const sevenEleven = { ...order, store: 'seven-eleven', reference: '4721' };
  await showThenCallBack('seven-eleven', 'A page to lead the payer to', call, { key: 'seven', body: sevenEleven });
  gateway.arm({ endpoint: 'cvs', fault: 'refusal', code: '0008' });
  const declined = { ...order, reference: '4722' };
  await showThenCallBack('declined', 'The store cannot be reached', call, { key: 'store-declined', body: declined });
  return issued.orderId;
}

async function playLists({ show }: Stage, atStore: string, paid: string): Promise<void> {
  await show('order', 'An order', `GET /orders/${atStore}`);
  const { gateway } = await show('cancelled', 'A cancelled order: what was paid and returned', `GET /orders/${paid}`);
  await show('no-such-order', 'No such order', `GET /orders/${'0'.repeat(32)}`);
  await show('by-reference', 'By the merchant’s own number', 'GET /orders?reference=4720');
  const number = encodeURIComponent(gateway.orderNumber);
  await show('by-number', 'By the gateway’s number', `GET /orders?gatewayOrderNumber=${number}`);
  await show('by-card', 'By stored card', 'GET /orders?cardId=MEMBER-1');
  await show('range', 'Of some days, by status', 'GET /orders?from=2026-11-01&to=2026-11-30&status=cancelled');
  await show('attention', 'Orders that need attention', 'GET /orders?attention=true');
  await show('bad-filter', 'No day', 'GET /orders?date=today');
}

async function playResolutions({ show }: Stage, { unknown, paid }: Cards): Promise<void> {
  const body = { outcome: 'declined', note: 'Not in the gateway’s console' };
  await show('resolved', 'Decided by an operator', `POST /orders/${unknown}/resolution`, { key: 'resolve', body });
  const path = `POST /orders/${paid}/resolution`;
  await show('nothing-to-resolve', 'Nothing to decide', path, { key: 'resolve-paid', body });
}
