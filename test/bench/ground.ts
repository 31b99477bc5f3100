/** What a measured function stands on: a real engine, the secret, and a gateway that always says yes; the latter two in processes of their own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { bundleFunctions, bundleOptions } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import { createTable, ordersTable, startDynamoDb } from '../../local/dynamodb.ts';
import { toEvent } from '../../local/event.ts';
import { matchRoute } from '../../local/http-api.ts';
import { localSecrets, secretsOf, secretVariables, startSecrets } from '../../local/secrets.ts';

export type Handler = (event: object, context?: object) => Promise<unknown>;

export const tableName = 'orders';
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Bundles as they are deployed, the variants with the same options. */
export interface Bundles {
  folder: string;
  fileOf(name: string): string;
  remove(): void;
}

export function bundleAll(): Bundles {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-bench-'));
  bundleFunctions(
    functions.map(({ name }) => name),
    folder,
  );
  const variants = [
    'bare-charge',
    'floor-callback',
    'floor-charge',
    'floor-operation',
    'floor-read',
    'powertools-charge',
    'powertools-charge-late',
  ];
  const entryPoints = Object.fromEntries(variants.map(name => [`${name}/index`, here(`variants/${name}.ts`)]));
  buildSync({ ...bundleOptions, entryPoints, outdir: folder });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');
  return {
    folder,
    fileOf: name => path.join(folder, name, 'index.js'),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What a function reads while it loads. Nothing listens at these addresses. */
export const nowhere = {
  AWS_ACCESS_KEY_ID: 'none',
  AWS_REGION: 'ap-northeast-1',
  AWS_SECRET_ACCESS_KEY: 'none',
  CALLBACK_QUEUE_URL: 'https://queue.example/none',
  CALLBACK_SOURCES: '127.0.0.1',
  DEPLOYMENT_ID: 'bench',
  EVENT_BUS_NAME: 'none',
  SECRET_ID: 'whole',
  ...secretVariables,
  TABLE_NAME: tableName,
  ZEUS_BASE_URL: 'https://gateway.example',
};

export interface Ground {
  environment: Record<string, string>;
  endpoint: string;
  stop(): Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const [engine, secrets, gateway] = await Promise.all([
    startDynamoDb({ port: 0 }),
    startSecrets({ ...secretsOf([secretVariables]), whole: localSecrets }),
    startGateway(),
  ]);
  // With a stream the engine looks through all of its records at every write.
  const { StreamSpecification: _, ...table } = ordersTable(tableName);
  await createTable(engine.endpoint, table);
  return {
    endpoint: engine.endpoint,
    environment: {
      ...nowhere,
      ZEUS_BASE_URL: gateway.url,
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    },
    stop: async () => {
      gateway.stop();
      await Promise.all([engine.stop(), secrets.stop()]);
    },
  };
}

async function startGateway(): Promise<{ url: string; stop(): void }> {
  const child = spawn(process.execPath, [here('gateway.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(String(chunk).trim()));
    child.once('exit', code => reject(new Error(`The gateway ended with ${code}`)));
  });
  return { url, stop: () => child.stdin.end() };
}

/**
 * Loads a bundle into this process, once per `environment`: modules read it while they load, and the AWS SDK does at its first
 * call. So the first calls of two environments must not overlap.
 */
export function loadHandler(bundles: Bundles, name: string, environment: Record<string, string>): Handler {
  Object.assign(process.env, environment);
  const require = createRequire(import.meta.url);
  const file = bundles.fileOf(name);
  delete require.cache[file];
  const handler: Handler = require(file).handler;
  let isFirst = true;
  return (event, given) => {
    if (isFirst) Object.assign(process.env, environment);
    isFirst = false;
    return handler(event, given);
  };
}

/** What the functions log is written as Lambda writes it, to the null device. */
export function logToNull(): void {
  const nowhere = openSync(os.devNull, 'w');
  console.info = line => writeSync(nowhere, `${JSON.stringify(line)}\n`);
}

export const context = { getRemainingTimeInMillis: () => 60_000 };

export const charge = { tokenKey: 'a'.repeat(40), amount: 8000, phone: '09012345678', email: 'taro@example.com' };
export const chargeEvent = (key: string) => apiEvent('POST', '/card/charges', { key, body: charge });

/** The HTTP API's event for a call, as its route gives it. */
export function apiEvent(method: string, path: string, { key, body }: { key?: string; body?: object } = {}): object {
  const [pathname = '', rawQuery = ''] = path.split('?');
  const request = {
    method,
    path: pathname,
    rawQuery,
    headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
    body: Buffer.from(body ? JSON.stringify(body) : ''),
    sourceIp: '127.0.0.1',
  };
  const routes = functions.flatMap(({ trigger }) => ('routes' in trigger ? Object.keys(trigger.routes) : []));
  const matched = routes.map(route => matchRoute(route, request)).find(Boolean);
  if (!matched) throw new Error(`No route for ${method} ${path}`);
  return toEvent(request, matched);
}
