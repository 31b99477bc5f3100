import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import type { Bundles } from './ground.ts';
import { nowhere } from './ground.ts';
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
  const starts = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, () => startOf(file)]));
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

/** The same function as `NodejsFunction` bundles it where nothing is said: ESM-first fields are not looked at, nothing is minified. */
function buildYardsticks(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [name, contents] of Object.entries(yardsticks)) {
    const outfile = path.join(folder, `${name.replaceAll(/\W/g, '')}.js`);
    buildSync({ ...bundleOptions, stdin: { contents, resolveDir: bundleOptions.absWorkingDir }, outfile });
    files[name] = outfile;
  }
  const { minify: _, mainFields: __, charset: ___, ...plain } = bundleOptions;
  for (const name of ['token-charge', 'callback']) {
    const outfile = path.join(folder, `default-${name}.js`);
    buildSync({ ...plain, entryPoints: [`functions/${name}.ts`], outfile });
    files[`(${name}, default bundling)`] = outfile;
  }
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');
  return files;
}

function startOf(file: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const begun = performance.now();
  const child = spawn(process.execPath, ['-e', BOOT, file], { env: nowhere, stdio: ['ignore', 'pipe', 'pipe'] });
  let ready = 0;
  let complaint = '';
  child.stdout.once('data', () => {
    ready = performance.now() - begun;
  });
  child.stderr.on('data', chunk => {
    complaint += chunk;
  });
  child.once('close', () => (ready ? resolve(ready) : reject(new Error(`${file} does not load: ${complaint}`))));
  return promise;
}

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
