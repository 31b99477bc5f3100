import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { bundleFunctions, bundleOptions } from './bundle.ts';
import { functions } from './functions.ts';

// Prints, per function, the bytes of its bundle and how long a fresh process takes to load it: beside an empty module and beside
// a bundle that holds nothing but a DynamoDB client. The rounds are interleaved, so that a busy moment hits all alike; medians.

const ROUNDS = 15;
const YARDSTICKS = {
  '(empty)': '',
  '(DynamoDB client)':
    'import { DynamoDBClient } from "@aws-sdk/client-dynamodb"; export const client = new DynamoDBClient({});',
};
/** The functions read their settings while they load. */
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'none',
  AWS_REGION: 'ap-northeast-1',
  AWS_SECRET_ACCESS_KEY: 'none',
  CALLBACK_QUEUE_URL: 'https://queue.example/none',
  CALLBACK_SOURCES: '192.0.2.1',
  DEPLOYMENT_ID: 'none',
  EVENT_BUS_NAME: 'none',
  SECRET_ID: 'none',
  TABLE_NAME: 'none',
  ZEUS_BASE_URL: 'https://gateway.example',
};
const LOAD_AND_TIME = `
  const start = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - start));
  process.exit();`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-size-'));
try {
  print(measure(buildAll()));
} finally {
  rmSync(folder, { recursive: true });
}

function buildAll(): Map<string, string> {
  const names = functions.map(fn => fn.name);
  bundleFunctions(names, folder);
  const files = new Map<string, string>();
  for (const [i, [name, contents]] of Object.entries(YARDSTICKS).entries()) {
    const outfile = path.join(folder, `yardstick-${i}.js`);
    buildSync({ ...bundleOptions, stdin: { contents, resolveDir: bundleOptions.absWorkingDir }, outfile });
    files.set(name, outfile);
  }
  for (const name of names) files.set(name, path.join(folder, name, 'index.js'));
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');
  return files;
}

interface Row {
  name: string;
  bytes: number;
  importMs: number;
}

function measure(files: Map<string, string>): Row[] {
  const times = new Map([...files.keys()].map(name => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, file] of files) times.get(name)?.push(timeImport(file));
  }
  return [...files].map(([name, file]) => ({
    name,
    bytes: readFileSync(file).length,
    importMs: median(times.get(name) ?? []),
  }));
}

function timeImport(file: string): number {
  const run = spawnSync(process.execPath, ['-e', LOAD_AND_TIME, file], { env: ENVIRONMENT, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${file} does not load: ${run.stderr}`);
  return Number(run.stdout);
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(rows: Row[]): void {
  const [empty, client] = rows;
  const against = (ms: number, yardstick: Row | undefined) => (ms - (yardstick?.importMs ?? 0)).toFixed(1);
  console.table(
    Object.fromEntries(
      rows.map(({ name, bytes, importMs }) => [
        name,
        {
          bytes,
          'import ms': importMs.toFixed(1),
          'over empty': against(importMs, empty),
          'over client': against(importMs, client),
        },
      ]),
    ),
  );
  console.log(`Node ${process.versions.node}, medians of ${ROUNDS} interleaved runs`);
}
