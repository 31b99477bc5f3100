import net from 'node:net';
import type { TestContext } from 'node:test';
import tls from 'node:tls';

export interface Listening {
  port: number;
  /** Everything that arrived, connection by connection. */
  received: Buffer[];
}

/** A server on 127.0.0.1 that hands over each connection and keeps what came in; it ends with the test. */
export function listen(t: TestContext, onConnection: (socket: net.Socket) => void): Promise<Listening> {
  return start(t, onConnection, handle => net.createServer(handle));
}

export function listenTls(t: TestContext, options: tls.TlsOptions, onConnection: (socket: net.Socket) => void) {
  return start(t, onConnection, handle => tls.createServer(options, handle));
}

function start(
  t: TestContext,
  onConnection: (socket: net.Socket) => void,
  create: (handle: (socket: net.Socket) => void) => net.Server,
) {
  const { promise, resolve } = Promise.withResolvers<Listening>();
  const received: Buffer[] = [];
  const sockets = new Set<net.Socket>();
  const server = create(socket => {
    const index = received.push(Buffer.alloc(0)) - 1;
    socket.on('data', chunk => {
      received[index] = Buffer.concat([received[index] ?? chunk.subarray(0, 0), chunk]);
    });
    socket.on('error', () => {});
    onConnection(socket);
  });
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as net.AddressInfo).port, received }));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return promise;
}

/** Once the head of the request is there: sends the text, then ends, breaks off, or keeps the line open. */
export function answering(text: string | Buffer, then: 'end' | 'reset' | 'keep' = 'end') {
  return (socket: net.Socket) => {
    socket.once('data', () => {
      socket.write(text, () => {
        if (then === 'end') socket.end();
        if (then === 'reset') socket.resetAndDestroy();
      });
    });
  };
}
