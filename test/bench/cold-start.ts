import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { digest } from '../../shared/domain/identity.ts';
import { callbackEvent, cardParameters } from '../support/callbacks.ts';
import { aCallback, anOrder, usual, withCallbacks } from '../support/orders.ts';
import { dynamoOf } from '../support/table.ts';
import { apiEvent, type Bundles, chargeEvent, type Ground, nowhere, tableName } from './ground.ts';
import { inTurns, printTable, ratioOf, type Spread, shown, shownRatio, spreadOf } from './measure.ts';

export interface ColdStart {
  name: string;
  bytes: number;
  milliseconds: Spread;
  /** To an empty handler. */
  ratio: Spread;
}

/** The runtime says that it is ready; what it does besides is the same for all. */
const BOOT = `
  if (typeof require(process.argv[1]).handler !== 'function') throw new Error('no handler');
  require('node:fs').writeSync(1, '.');
  process.exit();`;

const yardsticks = {
  '(empty)': 'export const handler = async () => ({});',
  '(DynamoDB client)': `
    import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
    const client = new DynamoDBClient({});
    export const handler = () => client.send(new PutItemCommand({ TableName: '', Item: {} }));`,
};

/** From the start of a process to its handler ready, for every bundle, in turns. */
export async function coldStarts(bundles: Bundles, rounds: number): Promise<ColdStart[]> {
  const files = { ...buildYardsticks(bundles.folder), ...Object.fromEntries(filesOf(bundles)) };
  const starts = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, () => timeOf(BOOT, [file], nowhere)]),
  );
  await inTurns(starts, 2);
  const times = await inTurns(starts, rounds);
  return Object.entries(files).map(([name, file]) => ({
    name,
    bytes: readFileSync(file).length,
    milliseconds: spreadOf(times[name] ?? []),
    ratio: ratioOf(times[name] ?? [], times['(empty)'] ?? []),
  }));
}

const filesOf = (bundles: Bundles): [string, string][] => functions.map(({ name }) => [name, bundles.fileOf(name)]);

/** Beside ours: what can hardly be less, and two functions as `NodejsFunction` bundles them where nothing is said. */
function buildYardsticks(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, contents] of Object.entries(yardsticks)) {
    const outfile = path.join(folder, `${name.replaceAll(/\W/g, '')}.js`);
    buildSync({ ...bundleOptions, stdin: { contents, resolveDir: bundleOptions.absWorkingDir }, outfile });
    files[name] = outfile;
  }
  const { minify: _, mainFields: __, charset: ___, ...rest } = bundleOptions;
  const plain = { ...rest, external: ['@aws-sdk/*', '@smithy/*'] };
  for (const name of ['token-charge', 'callback']) {
    const outfile = path.join(folder, `default-${name}.js`);
    buildSync({ ...plain, entryPoints: [`functions/${name}.ts`], outfile });
    files[`(${name}, default bundling)`] = outfile;
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');
  return files;
}

/** Where what is left out of a bundle is found, as the runtime has it beside the function. */
const NODE_PATH = path.join(bundleOptions.absWorkingDir, 'node_modules');

/** From the start of a process to the first byte that `boot` writes, in milliseconds. */
function timeOf(boot: string, args: string[], environment: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const env = { ...environment, NODE_PATH };
  const begun = performance.now();
  const child = spawn(process.execPath, ['-e', boot, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let ready = 0;
  let complaint = '';
  child.stdout.once('data', () => {
    ready = performance.now() - begun;
  });
  child.stderr.on('data', chunk => {
    complaint += chunk;
  });
  child.once('close', () => (ready ? resolve(ready) : reject(new Error(`${args[0]} does not start: ${complaint}`))));
  return promise;
}

/** The same, and then the first call answered: what was put off until then counts too. */
const FIRST_CALL = `
  console.info = () => {};
  require(process.argv[1]).handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 60000 }).then(answer => {
    if (answer.statusCode > 201) throw new Error(answer.body);
    require('node:fs').writeSync(1, '.');
    process.exit();
  });`;

/** Each against the floor of its kind, which loads the same clients of the SDK. */
const firstCalls = {
  'floor-charge': 'charge',
  'token-charge': 'charge',
  'powertools-charge': 'charge',
  'floor-callback': 'callback',
  callback: 'callback',
  'floor-operation': 'operation',
  'carrier-settle': 'operation',
  'floor-read': 'read',
  orders: 'read',
} as const;

export interface FirstAnswer {
  name: string;
  milliseconds: Spread;
  /** To the floor of its kind. */
  ratio: Spread;
}

/** From the start of a process to its first answer, in turns. */
export async function firstAnswers(ground: Ground, bundles: Bundles, rounds: number): Promise<FirstAnswer[]> {
  const store = ordersTable(dynamoOf(ground.endpoint), tableName);
  const eventOf = {
    charge: async (key: string) => chargeEvent(key),
    callback: async (key: string) => {
      const orderId = digest(key);
      await store.create(anOrder('card', { orderId }));
      return callbackEvent(cardParameters({ sendpoint: orderId, ordd: orderId }));
    },
    operation: async (key: string) => {
      const orderId = digest(key);
      const authorized = [aCallback('carrier', '03', { orderNumber: orderId })];
      await store.create(withCallbacks(anOrder('carrier', { orderId }), authorized));
      return apiEvent('POST', `/carrier/orders/${orderId}/settlement`, { key, body: {} });
    },
    read: async (key: string) => {
      const orderId = digest(key);
      await store.create({ ...usual.card.paid(), orderId });
      return apiEvent('GET', `/orders/${orderId}`);
    },
  };
  const turns = (run: string) =>
    Object.fromEntries(
      Object.entries(firstCalls).map(([name, kind]) => [
        name,
        async (round: number) => {
          const event = await eventOf[kind](`${name} ${run} ${round}`);
          return timeOf(FIRST_CALL, [bundles.fileOf(name), JSON.stringify(event)], ground.environment);
        },
      ]),
    );
  await inTurns(turns('warm-up'), 2);
  const times = await inTurns(turns('measured'), rounds);
  return Object.entries(firstCalls).map(([name, kind]) => ({
    name,
    milliseconds: spreadOf(times[name] ?? []),
    ratio: ratioOf(times[name] ?? [], times[`floor-${kind}`] ?? []),
  }));
}

export const printFirstAnswers = (all: readonly FirstAnswer[]): void =>
  printTable(
    'From the start of a process to its first answer',
    ['bundle', 'ms', 'to the floor of its kind'],
    all.map(({ name, milliseconds, ratio }) => [name, shown(milliseconds.median), shownRatio(ratio)]),
  );

export function printColdStarts(all: readonly ColdStart[]): void {
  printTable(
    'Cold start: from the start of a process to its handler ready',
    ['bundle', 'bytes', 'ms', 'to an empty handler'],
    all.map(({ name, bytes, milliseconds, ratio }) => [
      name,
      shown(bytes),
      shown(milliseconds.median),
      shownRatio(ratio),
    ]),
  );
}
