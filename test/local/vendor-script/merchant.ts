/** A merchant with the vendor's script, and a payer with a browser: what the tests of the stand-in share. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { Page } from 'playwright-core';
import { LOCAL_CONTRACTS, type Simulator, startSimulator } from '../../../local/simulator/simulator.ts';
import { buildVendorScript } from '../../../local/vendor-script.ts';
import { launchBrowser, noBrowser, sentTo, type Visit, visit } from '../../e2e/support.ts';
import { vendorHost } from './pages.ts';

export const skip = noBrowser;
export const ipCode = '9999999999';
export const card = { number: '4111111111111111', cvv: '8642', name: 'TARO ZEUS' };

const browser = noBrowser ? null : await launchBrowser();
const contracts = { ...LOCAL_CONTRACTS, card: { ...LOCAL_CONTRACTS.card, clientip: ipCode } };
const allVisits: Visit[] = [];

export async function startGateway(): Promise<Simulator> {
  const started = await startSimulator({ contracts, vendorScript: buildVendorScript });
  after(() => started.close());
  return started;
}

after(() => browser?.close());
export const gateway = await startGateway();

export interface Merchant {
  url: string;
  /** What the form brought, as it came. */
  bodies: string[];
  /** Other files of the merchant's: path to type and text. */
  files: Map<string, [type: string, text: string]>;
  headers: Record<string, string>;
}

/** Serves `/` as the vendor's pages are served, but for the host, and charges what the form brings. */
export async function startMerchant(html: string, at: Simulator = gateway): Promise<Merchant> {
  const merchant: Merchant = { url: '', bodies: [], files: new Map(), headers: {} };
  merchant.files.set('/', ['text/html', html.replaceAll(vendorHost, at.url)]);
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    const path = request.url ?? '';
    const [type, text] = merchant.files.get(path) ?? ['text/plain', ''];
    const answer = request.method === 'POST' ? await pay(at, merchant, path, body) : text;
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...merchant.headers }).end(answer);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  merchant.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return merchant;
}

/** The charge of step 7. A first one stores the card. */
async function pay(at: Simulator, merchant: Merchant, path: string, body: string): Promise<string> {
  merchant.bodies.push(body);
  const stored = { cardnumber: '8888888888888888', expyy: '00', expmm: '00' };
  const charge = {
    clientip: ipCode,
    token_key: new URLSearchParams(body).get('zeus_token_value') ?? '',
    ...(path === '/pay/stored' && stored),
    money: '8000',
    send: 'mall',
    telno: '0312345678',
    email: 'payer@example.com',
    sendid: 'CARD00001',
  };
  const answer = await fetch(`${at.url}/cgi-bin/secure.cgi`, { method: 'POST', body: new URLSearchParams(charge) });
  return answer.text();
}

export interface Payer extends Visit {
  /** Lines of the console, oldest first, as `info: …`. */
  lines: string[];
  alerts: string[];
}

export async function openPage(merchant: Merchant): Promise<Payer> {
  const visited = await visit(browser, 'about:blank');
  const payer = { ...visited, lines: [] as string[], alerts: [] as string[] };
  payer.page.on('console', message => payer.lines.push(`${message.type()}: ${message.text()}`));
  payer.page.on('dialog', async dialog => {
    payer.alerts.push(dialog.message());
    await dialog.accept();
  });
  allVisits.push(payer);
  await payer.page.goto(merchant.url);
  return payer;
}

export async function typeCard(page: Page, { cvv = true, number = card.number } = {}): Promise<void> {
  await page.fill('#zeus_token_card_number', number);
  await page.selectOption('#zeus_token_card_expires_month', '12');
  await page.selectOption('#zeus_token_card_expires_year', { index: -1 + (await yearsOf(page)) });
  if (cvv) await page.fill('#zeus_token_card_cvv', card.cvv);
  await page.fill('#zeus_token_card_name', card.name);
}

const yearsOf = (page: Page) => page.locator('#zeus_token_card_expires_year option').count();

/** Presses the button, and answers what the payer is told. */
export async function alertOf({ page, alerts }: Payer): Promise<string> {
  const told = page.waitForEvent('dialog');
  await page.click('#btn_go_to_confirm_page');
  await told;
  return alerts.at(-1) ?? '';
}

/** Presses the button, and answers what the merchant's server says of the charge. */
export async function resultOf({ page }: Payer): Promise<string> {
  await page.click('#btn_go_to_confirm_page');
  await page.waitForURL(/\/pay\/|#$/);
  return page.innerText('body');
}

/** The names of what the form brought of a card: nothing, if all is well. Throws where no form came. */
export function cardFieldsIn(body: string | undefined): string[] {
  if (body === undefined) throw new Error('No form came');
  return [...new URLSearchParams(body).keys()].filter(name => name.startsWith('zeus_token_card'));
}

/** Where anything that holds the text was sent, by any page of these tests. */
export const placesThatSaw = (text: string): string[] => [
  ...new Set(allVisits.flatMap(({ requests }) => sentTo(requests, text))),
];
