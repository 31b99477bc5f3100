import type { Answer, Request } from './server.ts';

/** They belong to the connection that they came with. */
const HOP_HEADERS = ['connection', 'content-encoding', 'content-length', 'host', 'keep-alive', 'transfer-encoding'];

/** Passes a request on to a service at `endpoint`, and its answer back, without what would let pages of browsers read it. */
export async function forward({ method, headers, body }: Request, endpoint: string): Promise<Answer> {
  const answer = await fetch(endpoint, {
    method,
    headers: withoutHopHeaders(Object.entries(headers)),
    body: body.length > 0 ? new Uint8Array(body) : null,
  });
  return {
    status: answer.status,
    headers: withoutHopHeaders([...answer.headers].filter(([name]) => !name.startsWith('access-control-'))),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

function withoutHopHeaders(headers: [string, string][]): Record<string, string> {
  return Object.fromEntries(headers.filter(([name]) => !HOP_HEADERS.includes(name)));
}
