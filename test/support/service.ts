import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/** One for each request, the last for all that follow. */
export type Behaviour = (response: ServerResponse) => void;

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export const answered =
  (status: number, body: string | object): Behaviour =>
  response =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
export const refusedAs = (type: string, more: object = {}) => answered(400, { __type: type, ...more });
/** Takes the request and never responds. */
export const silent: Behaviour = () => {};
export const broken: Behaviour = response => response.destroy();
const begin = (response: ServerResponse) => response.writeHead(200, { 'content-length': 1000 }).write('{"Item":');
/** Sends its head and the first bytes, and then nothing. */
export const stalling: Behaviour = response => {
  begin(response);
};
export const cutShort: Behaviour = response => {
  begin(response);
  setTimeout(() => response.destroy(), 20);
};
/** Always another byte before anyone gives up waiting for the next. */
export const trickling: Behaviour = response => {
  begin(response);
  const drip = setInterval(() => response.write(' '), 10);
  response.once('close', () => clearInterval(drip));
};

/** A service of AWS whose behaviour one test file sets. */
export async function startService() {
  const service = { url: '', received: [] as Received[], behaviours: [silent] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    service.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    const behaviour = service.behaviours.length > 1 ? service.behaviours.shift() : service.behaviours[0];
    behaviour?.(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(service, {
    /** From now on, and with nothing received. */
    behave(...behaviours: Behaviour[]): void {
      service.received = [];
      service.behaviours = behaviours;
    },
  });
}
