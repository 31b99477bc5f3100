import {
  checkNewCard,
  decodeToken,
  encodeNewCard,
  type ParseXml,
  type TokenAnswer,
  tokenContentType,
  tokenFault,
  tokenPath,
} from '../../../shared/zeus/token.ts';

interface ShownOrder {
  orderId: string;
  status: string;
  failure: { message: string } | null;
  history: { at: string; source: string; event: string; from: string | null; to: string; note: string | null }[];
}

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found as T;
};
const valueIn = (id: string): string => element<HTMLInputElement>(id).value.trim();
const say = (text: string): void => {
  element('message').textContent = text;
};

const settings: Promise<{ gatewayUrl: string; cardIpCode: string }> = fetch('/_local/settings').then(answer =>
  answer.json(),
);
element<HTMLInputElement>('expires-year').value = String(new Date().getFullYear() + 1);

element<HTMLFormElement>('pay').addEventListener('submit', event => {
  event.preventDefault();
  const button = element<HTMLFormElement>('pay').querySelector('button');
  if (button) button.disabled = true;
  pay()
    .catch(() => say('The shop did not answer.'))
    .finally(() => {
      if (button) button.disabled = false;
    });
});

async function pay(): Promise<void> {
  say('Asking the gateway for a token …');
  const answer = await askForToken();
  if (answer.kind === 'refused') return say(answer.fault.payerMessage);
  say('Paying …');
  const order = await charge(answer.token.tokenKey);
  if (!order) return;
  show(order);
  await follow(order.orderId);
}

/** From this browser to the gateway alone. */
async function askForToken(): Promise<TokenAnswer> {
  const card = {
    cardNumber: valueIn('card-number').replace(/[ -]/g, ''),
    expiresYear: valueIn('expires-year'),
    expiresMonth: valueIn('expires-month').padStart(2, '0'),
    cvv: valueIn('cvv'),
    cardName: valueIn('card-name'),
  };
  const [fault] = checkNewCard(card);
  if (fault) return { kind: 'refused', fault };
  const { gatewayUrl, cardIpCode } = await settings;
  try {
    const headers = { 'content-type': tokenContentType };
    const body = encodeNewCard(cardIpCode, card);
    const answer = await fetch(`${gatewayUrl}${tokenPath}`, { method: 'POST', headers, body });
    return decodeToken(answer.status, await answer.text(), parseXml);
  } catch {
    return { kind: 'refused', fault: tokenFault('90100100') };
  }
}

const parseXml: ParseXml = xml => {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  if (parsed.querySelector('parsererror')) return null;
  return (...path) => parsed.querySelector(path.join(' > '))?.textContent?.trim() ?? null;
};

/** One key for one purchase: after a lost or a busy answer the same request is simply made again. */
async function charge(tokenKey: string): Promise<ShownOrder | null> {
  const amount = Number(valueIn('amount'));
  const body = JSON.stringify({ tokenKey, amount, phone: valueIn('phone'), email: valueIn('email') });
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  for (let tries = 1; ; tries += 1) {
    const answer = await fetch('/card/charges', { method: 'POST', headers, body }).catch(() => null);
    const answered = await answer?.json();
    if (answered?.orderId) return answered;
    const isFinal = answer && answer.status < 500 && answered.code !== 'in_progress';
    if (isFinal || tries === 5) {
      const faults: { field: string; message: string }[] = answered?.errors ?? [];
      const named = faults.map(({ field, message }) => `${field} ${message}`);
      say([answered?.detail ?? 'The shop did not answer.', ...named].join(' '));
      return null;
    }
    await new Promise(resolve => setTimeout(resolve, 2000));
  }
}

function show(order: ShownOrder): void {
  element('order').hidden = false;
  element('order-id').textContent = order.orderId;
  element('status').textContent = order.status;
  say(order.failure?.message ?? '');
  const rows = order.history.map(({ at, source, event, from, to, note }) => {
    const row = document.createElement('tr');
    for (const text of [at.slice(11, 23), source, event, from ?? '', to, note ?? ''])
      row.insertCell().textContent = text;
    return row;
  });
  element('history').replaceChildren(...rows);
}

/** Until the gateway's callback is in the history; it may come before the answer, after it, or much later. */
async function follow(orderId: string): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    const order: ShownOrder = await (await fetch(`/orders/${orderId}`)).json();
    show(order);
    if (order.history.some(({ source }) => source === 'callback')) return;
    await new Promise(resolve => setTimeout(resolve, 500));
  }
}
