import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forward } from './unreliable-engine.ts';

/** What was used since it was asked before. `byOperation` counts requests. */
export interface Used {
  requests: number;
  /** Of the table and of indexes; a strongly consistent read of up to 4 KB is 1, any other one half. */
  readUnits: number;
  /** Of the table and of every index that a write changed; 1 KB each. */
  writeUnits: number;
  byOperation: Record<string, number>;
}

export interface CapacityProxy {
  endpoint: string;
  /** What the requests used that were answered since the last call. */
  take(): Used;
  stop(): Promise<void>;
}

interface Capacity {
  CapacityUnits?: number;
}

interface Answer {
  __type?: string;
  /** Batches have one for each table. */
  ConsumedCapacity?: Capacity | Capacity[];
}

const READS = ['BatchGetItem', 'GetItem', 'Query', 'Scan'];

/**
 * The way to an engine for the functions' operations on items: every request asks what it consumes, and the answers are added up.
 * It is a hop more, so times taken through it say nothing. A failed condition costs what a write of the item in its way would, but
 * its answer does not say how much: it counts as 1 here, that of an order below 1 KB.
 */
export async function startCapacityProxy(engine: string): Promise<CapacityProxy> {
  let used = nothing();

  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const asked = JSON.parse(Buffer.concat(chunks).toString());
      const target = String(request.headers['x-amz-target']);
      const asking = Buffer.from(JSON.stringify({ ...asked, ReturnConsumedCapacity: 'INDEXES' }));
      const answer = await forward(engine, request.headers, asking);
      add(used, target.slice(target.indexOf('.') + 1), JSON.parse(answer.body.toString()));
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
    } catch {
      request.socket.destroy();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = used;
      used = nothing();
      return taken;
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const nothing = (): Used => ({ requests: 0, readUnits: 0, writeUnits: 0, byOperation: {} });

function add(used: Used, operation: string, { __type = '', ConsumedCapacity = [] }: Answer): void {
  const failedCondition = __type.endsWith('ConditionalCheckFailedException') ? 1 : 0;
  const units = [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, failedCondition);
  used.requests += 1;
  used.byOperation[operation] = (used.byOperation[operation] ?? 0) + 1;
  if (READS.includes(operation)) used.readUnits += units;
  else used.writeUnits += units;
}
