import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isForeign } from './same-machine.ts';

export interface Request {
  method: string;
  /** As it came, not decoded. */
  path: string;
  /** As it came, one character a byte, without the question mark. */
  rawQuery: string;
  /** Names in lower case, repeated ones joined with commas. */
  headers: Record<string, string>;
  body: Buffer;
  sourceIp: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export interface Listening {
  port: number;
  url: string;
  close(): Promise<void>;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Listens on 127.0.0.1 only; port 0 is a free one. Pages of other sites are refused; `links`: but may link here. */
export function serve(
  port: number,
  maxBytes: number,
  answer: (request: Request) => Promise<Answer>,
  { links = false } = {},
): Promise<Listening> {
  const server = createServer((incoming, response) => {
    const isRefused = isForeign(incoming.headers, incoming.socket.localPort ?? 0, links);
    handle(incoming, maxBytes, isRefused ? refuse : answer).then(
      found => send(response, found),
      error => {
        console.error(error);
        send(response, jsonAnswer(500, { message: 'Internal Server Error' }));
      },
    );
  });
  server.keepAliveTimeout = 60_000;
  return listen(server, port);
}

const refuse = async (): Promise<Answer> => jsonAnswer(403, { message: 'Forbidden' });

function listen(server: Server, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      const close = () =>
        new Promise<void>(done => {
          server.close(() => done());
          server.closeAllConnections();
        });
      resolve({ port: actual, url: `http://127.0.0.1:${actual}`, close });
    });
  });
}

async function handle(
  incoming: IncomingMessage,
  maxBytes: number,
  answer: (request: Request) => Promise<Answer>,
): Promise<Answer> {
  const body = await readBody(incoming, maxBytes);
  if (body === null) return jsonAnswer(413, { message: 'Request Entity Too Large' });
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [name, values?.join(',') ?? '']);
  return answer({
    method: incoming.method ?? 'GET',
    path,
    rawQuery: query.join('?'),
    headers: Object.fromEntries(headers),
    body,
    sourceIp: incoming.socket.remoteAddress ?? '',
  });
}

/** Null: larger than allowed; what is left of it is read and dropped, so that the answer arrives. */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : null;
}

function send(response: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body as string);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': body.length });
  response.end(body);
}
