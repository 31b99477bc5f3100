import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import type { ParseXml } from '../../../shared/zeus/operations/token.ts';
import { parseXml, textAt } from '../../../shared/zeus/wire/xml.ts';
import type { CardField } from '../../../web/token-client/token-client.ts';

export const ipCode = '2019000001';

/** Stands in for the browser's reader. */
export const parse: ParseXml = xml => {
  const tree = parseXml(Buffer.from(xml));
  return tree && ((...path) => textAt(tree, ...path));
};

/** Card fields as a payer fills them in; `over` changes some. */
export function cardFields(over: Record<string, string> = {}) {
  const year = String(new Date().getFullYear() + 1);
  const values = { cardNumber: '4111111111111111', expiresYear: year, expiresMonth: '12', cvv: '123', ...over };
  const field = (value: string): CardField => ({ value });
  return {
    cardNumber: field(values.cardNumber),
    expiresYear: field(values.expiresYear),
    expiresMonth: field(values.expiresMonth),
    cvv: field(values.cvv),
    cardName: field(over.cardName ?? 'TARO ZEUS'),
  };
}

/** A server of the test's own, and what it was asked. */
export async function serveOwn(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: { url: string; type: string; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ url: request.url ?? '', type: request.headers['content-type'] ?? '', body });
      handle(request, response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
