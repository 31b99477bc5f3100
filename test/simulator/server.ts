import http from 'node:http';
import type { Socket } from 'node:net';
import { handleCancel } from './card-cancel.ts';
import { handleCarrierOrder } from './carrier-order.ts';
import { handleCarrierSecure } from './carrier-secure.ts';
import type { Courier } from './courier.ts';
import { handleCvs } from './cvs-order.ts';
import { faultsOfEmail, isCallbackFault, isForced, takeArmed } from './faults.ts';
import { textOf } from './form.ts';
import { type Call, type Gateway, isoNow, type Reply } from './gateway.ts';
import { passTime } from './passing-time.ts';
import { endpointOf, fieldsOf, type Incoming, newRecord, PATHS } from './record.ts';
import { handleSecure } from './secure.ts';
import type { Fault, FaultName, RequestRecord } from './state.ts';
import { handleToken } from './token.ts';

const MAX_BODY = 1_000_000;

/** Everything that is no endpoint: pages, console, control interface. Null: not found. */
export type Pages = (incoming: Incoming) => Promise<Reply | null>;

const handlers: Record<string, (gateway: Gateway, call: Call) => Reply> = {
  '/cgi-bin/token/token.cgi': handleToken,
  '/cgi-bin/secure.cgi': handleSecure,
  '/cgi-bin/secure/api.cgi': handleCancel,
  '/cgi-bin/carrier/order.cgi': handleCarrierOrder,
  '/cgi-bin/carrier/secure.cgi': handleCarrierSecure,
  '/cgi-bin/cvs.cgi': handleCvs,
};

export function createServer(
  gateway: Gateway,
  courier: Courier,
  pages: Pages,
  log: (line: string) => void,
): http.Server {
  const connections = new WeakMap<Socket, number>();
  let opened = 0;
  const server = http.createServer((request, response) => {
    const connection = connections.get(request.socket) ?? 0;
    serve(gateway, courier, pages, log, { request, response, connection }).catch((error: Error) => {
      log(`error ${error.message}`);
      response.destroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    opened += 1;
    connections.set(socket, opened);
  });
  return server;
}

type Exchange = { request: http.IncomingMessage; response: http.ServerResponse; connection: number };

async function serve(
  gateway: Gateway,
  courier: Courier,
  pages: Pages,
  log: (line: string) => void,
  exchange: Exchange,
): Promise<void> {
  const incoming = await read(exchange);
  if (!incoming) return;
  void courier.dispatch(passTime(gateway), gateway.settings.callbackDelayMs);
  const page = PATHS.includes(incoming.path) ? null : ((await pages(incoming)) ?? notFound());
  // Held from before the answer, so that whoever has read it can wait for its callbacks.
  const release = courier.hold();
  try {
    if (page) await respondWithPage(gateway, courier, page, exchange.response);
    else await endpoint(gateway, courier, log, incoming, exchange.response, release);
  } finally {
    release();
  }
}

async function respondWithPage(
  gateway: Gateway,
  courier: Courier,
  page: Reply,
  response: http.ServerResponse,
): Promise<void> {
  write(response, page);
  await finished(response);
  void courier.dispatch(page.callbacks, gateway.settings.callbackDelayMs);
}

async function endpoint(
  gateway: Gateway,
  courier: Courier,
  log: (line: string) => void,
  incoming: Incoming,
  response: http.ServerResponse,
  release: () => void,
): Promise<void> {
  const fields = fieldsOf(incoming);
  const id = gateway.state.requests.length + 1;
  const record = newRecord(id, isoNow(gateway), incoming, fields);
  gateway.state.requests.push(record);
  const armed = incoming.method === 'OPTIONS' ? [] : takeArmed(gateway.state, endpointOf(incoming.path, fields));
  const faults = [...armed, ...faultsOfEmail(textOf(fields, 'email'))];
  record.faults = faults.map(fault => fault.fault);
  log(`request ${id} ${incoming.method} ${incoming.path} ${record.faults.join(' ')}`.trimEnd());
  if (record.faults.includes('closed-before')) {
    response.socket?.destroy();
    return;
  }
  const call: Call = {
    method: incoming.method,
    headers: incoming.headers,
    body: incoming.body,
    fields,
    record,
    forced: faults.find(isForced) ?? null,
    callbackFaults: faults.filter(isCallbackFault),
  };
  const reply = (handlers[incoming.path] ?? notFound)(gateway, call);
  await respond(gateway, courier, { reply, faults, record, response, release });
}

type Outgoing = {
  reply: Reply;
  faults: Fault[];
  record: RequestRecord;
  response: http.ServerResponse;
  release: () => void;
};

/**
 * The effect has happened. Usually: answer, delay, callback.
 * `callback-first` turns that round; `late-answer` lets the callback go its own way.
 */
async function respond(gateway: Gateway, courier: Courier, outgoing: Outgoing): Promise<void> {
  const { reply, faults, record } = outgoing;
  const delay = gateway.settings.callbackDelayMs;
  const late = faults.find(fault => fault.fault === 'late-answer');
  const first = faults.some(fault => fault.fault === 'callback-first');
  if (first) await courier.dispatch(reply.callbacks, 0);
  if (late && !first) void courier.dispatch(reply.callbacks, delay);
  if (late) {
    outgoing.release();
    await new Promise(resolve => setTimeout(resolve, late.ms ?? 3000).unref());
  }
  record.answer = emit(outgoing);
  await finished(outgoing.response);
  if (!late && !first) void courier.dispatch(reply.callbacks, delay);
  reply.later?.forEach((run, i) => {
    void courier.later(run, delay * (i + 2));
  });
}

const NONSENSE = Buffer.from('\0\xff\xfe<<%%&&== 502 ?? \x80\x81\r\n\r\n~~', 'latin1');

/** Puts the answer on the wire the way the faults ask for, and says what left. */
function emit({ reply, faults, record, response }: Outgoing): RequestRecord['answer'] {
  const name = faults.map(fault => fault.fault).find(fault => shapes[fault]) ?? null;
  const shape = name ? shapes[name] : undefined;
  if (shape) return shape(reply, response, faults.find(fault => fault.fault === name)?.bytes, record);
  write(response, reply);
  return shown(reply.status, reply);
}

type Shape = (
  reply: Reply,
  response: http.ServerResponse,
  bytes: number | undefined,
  record: RequestRecord,
) => RequestRecord['answer'];

const shapes: Partial<Record<FaultName, Shape>> = {
  'lost-answer': (_reply, response) => {
    response.socket?.destroy();
    return null;
  },
  garbage: (reply, response) => {
    write(response, { ...reply, body: NONSENSE });
    return { status: 200, body: '(garbage)' };
  },
  // The announced length is that of the whole answer.
  truncated: (reply, response, bytes) => {
    const part = cut(reply, bytes);
    response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
    response.write(part.body, () => response.socket?.destroySoon());
    return shown(reply.status, part);
  },
  // No length is announced, so the end of the connection looks like the end of the answer.
  'truncated-close': (reply, response, bytes) => {
    const part = cut(reply, bytes);
    const headers = Object.entries({ ...reply.headers, connection: 'close' }).map(
      ([key, value]) => `${key}: ${value}\r\n`,
    );
    response.socket?.end(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers.join('')}\r\n`), part.body]));
    return shown(200, part);
  },
  'http-500': (_reply, response) => status(response, 500),
  'http-302': (_reply, response, _bytes, record) => status(response, 302, record.path),
  'http-307': (_reply, response, _bytes, record) => status(response, 307, record.path),
};

function status(response: http.ServerResponse, code: number, location?: string): RequestRecord['answer'] {
  const headers: Record<string, string> = location ? { location } : {};
  write(response, { status: code, headers, body: Buffer.from('Error\n'), callbacks: [] });
  return { status: code, body: 'Error' };
}

function cut(reply: Reply, bytes?: number): Reply {
  return { ...reply, body: reply.body.subarray(0, bytes ?? Math.floor(reply.body.length / 2)) };
}

/** Pages are not kept, and token keys are masked. */
function shown(code: number, reply: Reply): RequestRecord['answer'] {
  const page = (reply.headers['content-type'] ?? '').startsWith('text/html');
  const text = page ? '(page)' : reply.body.toString('latin1');
  return { status: code, body: text.replace(/(<token_key>)[^<]*/, '$1***') };
}

function write(response: http.ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
  response.end(reply.body);
}

function finished(response: http.ServerResponse): Promise<void> {
  return new Promise(resolve => {
    if (response.writableFinished || response.destroyed || !response.socket) resolve();
    else response.once('finish', resolve).once('close', resolve);
  });
}

function notFound(): Reply {
  return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('not found\n'), callbacks: [] };
}

/** The whole request, or null when it broke off or is too large for any endpoint. */
async function read({ request, response, connection }: Exchange): Promise<Incoming | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) {
        response.destroy();
        return null;
      }
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const method = request.method ?? '';
  return { method, path, query: Buffer.from(query, 'latin1'), headers, body: Buffer.concat(chunks), connection };
}
