import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/** The way to an engine, on which answers get lost after the engine has done the work, or requests before it. */
export async function startUnreliableEngine(endpoint: string) {
  let answersToLose = 0;
  let requestsToLose = 0;
  let operation = '';
  let meanwhile: () => Promise<unknown> = async () => {};

  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (requestsToLose > 0 && String(request.headers['x-amz-target']).endsWith(operation)) {
      requestsToLose -= 1;
      request.socket.destroy();
      return;
    }
    const answer = await forward(endpoint, request.headers, Buffer.concat(chunks));
    if (answersToLose > 0) {
      answersToLose -= 1;
      await meanwhile();
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** `between` happens after the work is done and before the client can repeat it. */
    loseAnswers(count: number, between: () => Promise<unknown> = async () => {}): void {
      [answersToLose, meanwhile] = [count, between];
    },
    /** Of one operation, or of any. */
    loseRequests(count: number, of = ''): void {
      [requestsToLose, operation] = [count, of];
    },
    left: () => answersToLose + requestsToLose,
  };
}

/** Hands a request on to the engine; not with node:http, whose requests `countDynamoDb` counts. */
export async function forward(endpoint: string, received: http.IncomingHttpHeaders, body: Buffer) {
  const names = ['x-amz-target', 'x-amz-date', 'authorization'];
  const headers = Object.fromEntries(names.map(name => [name, String(received[name] ?? '')]));
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-amz-json-1.0' },
    body: new Uint8Array(body),
  });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
