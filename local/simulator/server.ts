import http from 'node:http';
import type { Socket } from 'node:net';
import { handleApi } from './api.ts';
import { handleCarrierOrder } from './carrier-order.ts';
import { handleCarrierSecure } from './carrier-secure.ts';
import type { Courier } from './courier.ts';
import { handleCvs } from './cvs-order.ts';
import { faultsOfEmail, isCallbackFault, isForced, takeArmed } from './faults.ts';
import { type Field, textOf } from './form.ts';
import { type Call, type Gateway, isoNow, type Reply } from './gateway.ts';
import { isForeign } from './origin.ts';
import { passTime } from './passing-time.ts';
import { fieldsOf, type Incoming, newRecord, PATHS } from './record.ts';
import { handleSecure } from './secure.ts';
import type { Endpoint } from './state.ts';
import { handleToken } from './token.ts';
import { emit, finished, type Outgoing, write } from './wire.ts';
import { parseRequest, textAt } from './xml.ts';

const MAX_BODY = 1_000_000;

/** Everything that is no endpoint: pages, console, control interface. Null: not found. */
export type Pages = (incoming: Incoming) => Promise<Reply | null>;

const handlers: Record<string, (gateway: Gateway, call: Call) => Reply> = {
  '/cgi-bin/token/token.cgi': handleToken,
  '/cgi-bin/secure.cgi': handleSecure,
  '/cgi-bin/secure/api.cgi': handleApi,
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
  if (isForeign(exchange.request)) {
    write(exchange.response, forbidden());
    return;
  }
  void courier.dispatch(passTime(gateway), gateway.settings.callbackDelayMs);
  const page = PATHS.includes(incoming.path) ? null : ((await pages(incoming)) ?? notFound());
  // Held from before the answer, so that a client that has read it can wait for its callbacks.
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
  const armed = incoming.method === 'OPTIONS' ? [] : takeArmed(gateway.state, record.endpoint);
  const asked = faultsOfEmail(emailOf(gateway, incoming, fields, record.endpoint));
  const faults = [...armed, ...asked];
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
    callbackFaults: asked.filter(isCallbackFault),
  };
  const reply = (handlers[incoming.path] ?? notFound)(gateway, call);
  // Those of the e-mail stay with the order; those that were armed are for what this request calls.
  for (const callback of reply.callbacks) callback.faults = [...callback.faults, ...armed.filter(isCallbackFault)];
  await respond(gateway, courier, { reply, faults, record, response, release });
}

/** Faults asked for by e-mail hit the request that pays: with 3-D Secure that is the session's last one. */
function emailOf({ state }: Gateway, incoming: Incoming, fields: Field[], endpoint: Endpoint): string {
  if (endpoint !== 'pay') return textOf(fields, 'email');
  return state.sessions.get(textAt(parseRequest(incoming.body) ?? {}, 'xid'))?.fields.email ?? '';
}

/**
 * The effect has happened. Usually: answer, delay, callback.
 * `callback-first` turns that round; `late-answer` lets the callback go its own way.
 */
async function respond(
  gateway: Gateway,
  courier: Courier,
  outgoing: Outgoing & { release: () => void },
): Promise<void> {
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

function notFound(): Reply {
  return plain(404, 'not found\n');
}

function forbidden(): Reply {
  return plain(403, 'not for pages of other sites\n');
}

function plain(status: number, text: string): Reply {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text), callbacks: [] };
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
