import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/**
 * A callback address that answers when it is told to. With `callback-first` armed, the gateway holds its own answer
 * back until then: a request that is out for as long as a test needs.
 */
export async function startGate(): Promise<{ url: string; entered: () => boolean; release: () => void }> {
  const waiting: http.ServerResponse[] = [];
  const server = http.createServer((_request, response) => waiting.push(response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    entered: () => waiting.length > 0,
    release: () => {
      for (const response of waiting.splice(0)) response.end('successok');
    },
  };
}
