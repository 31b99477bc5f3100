/**
 * A process that answers as the gateway does where all goes well, and does nothing else: what is measured beside it shall
 * not wait for a simulator. Prints its address. One number a request, as the gateway gives them.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let count = 0;

function answer(path: string, body: string): string {
  const orderNumber = `${process.pid}-${++count}`;
  switch (path) {
    case '/cgi-bin/secure.cgi':
      return body.startsWith('sendiddel') ? 'SuccessOK\n' : `Success_order\n${orderNumber}\n`;
    case '/cgi-bin/secure/api.cgi':
      return xmlAnswer(/ action="(\w+)"/.exec(body)?.[1] ?? '', orderNumber);
    case '/cgi-bin/carrier/secure.cgi':
      return `result=Success_order&error_code=-&date=${/(?:^|&)date=(\d+)/.exec(body)?.[1] ?? ''}`;
    case '/cgi-bin/cvs.cgi':
      return `rel=Success_order\norder_no=${orderNumber}\npay_no1=12345678\npay_no2=900000001\npay_limit=20991204\npay_url=\nerror_code=\n`;
    default:
      return '';
  }
}

/** A cancel, or a step of EMV 3-D Secure. */
function xmlAnswer(action: string, orderNumber: string): string {
  const service = action === 'payment_return' ? 'secure_link' : 'secure_link_3d';
  const more = {
    enroll: `<xid>x${orderNumber}</xid><iframeUrl>https%3A%2F%2Fgateway.example%2F</iframeUrl>`,
    payment: `<order_number>${orderNumber}</order_number>`,
  }[action];
  const code = { authentication: '001', enroll: '000', payment: '000' }[action] ?? '';
  const result = `<result><status>success</status><code>${code}</code></result>`;
  return `<?xml version="1.0" encoding="utf-8"?><response service="${service}" action="${action}">${result}${more ?? ''}</response>`;
}

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  response.end(answer(request.url ?? '', Buffer.concat(chunks).toString('latin1')));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
process.stdin.on('end', () => process.exit()).resume();
