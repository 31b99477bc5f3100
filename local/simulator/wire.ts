/** How an answer leaves: whole, or the way a fault asks for. */
import type { ServerResponse } from 'node:http';
import type { Reply } from './gateway.ts';
import type { Fault, FaultName, RequestRecord } from './state.ts';

const NONSENSE = Buffer.from('\0\xff\xfe<<%%&&== 502 ?? \x80\x81\r\n\r\n~~', 'latin1');

export type Outgoing = { reply: Reply; faults: Fault[]; record: RequestRecord; response: ServerResponse };

/** Puts the answer on the wire the way the faults ask for, and says what left. */
export function emit({ reply, faults, record, response }: Outgoing): RequestRecord['answer'] {
  const name = faults.map(fault => fault.fault).find(fault => shapes[fault]) ?? null;
  const shape = name ? shapes[name] : undefined;
  if (shape) return shape(reply, response, faults.find(fault => fault.fault === name)?.bytes, record);
  write(response, reply);
  return shown(reply.status, reply);
}

type Shape = (
  reply: Reply,
  response: ServerResponse,
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

function status(response: ServerResponse, code: number, location?: string): RequestRecord['answer'] {
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

export function write(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
  response.end(reply.body);
}

/** Resolves when the answer is handed over, or can no longer be. */
export function finished(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    if (response.writableFinished || response.destroyed || !response.socket) resolve();
    else response.once('finish', resolve).once('close', resolve);
  });
}
