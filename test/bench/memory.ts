import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { functions } from '../../infra/functions.ts';
import { startEventBus } from '../../local/event-bus.ts';
import type { Bundles, Ground } from './ground.ts';
import { printTable, shown } from './measure.ts';

export interface Memory {
  name: string;
  /** Resident bytes, after a collection. */
  few: number;
  many: number;
}

/** Each function's bundle in a process of its own, called `few` and then `many` times. */
export async function memory(ground: Ground, bundles: Bundles, few: number, many: number): Promise<Memory[]> {
  const measured: Memory[] = [];
  for (const { name } of functions) {
    // A bus of its own, because it keeps what it is told.
    const bus = await startEventBus();
    const environment = { ...ground.environment, AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint };
    try {
      const output = await outputOf([name, bundles.folder, String(few), String(many)], environment);
      measured.push({ name, ...JSON.parse(output) });
    } finally {
      await bus.stop();
    }
  }
  return measured;
}

/** V8 lets its nursery grow by 100 MB where memory abounds, in the floors as well; kept small, what grows is what is held. */
const flags = ['--expose-gc', '--max-semi-space-size=4'];

function outputOf(args: string[], environment: Record<string, string>): Promise<string> {
  const child = spawn(
    process.execPath,
    [...flags, fileURLToPath(new URL('./memory-process.ts', import.meta.url)), ...args],
    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  return new Promise((resolve, reject) =>
    child.once('close', code => (code === 0 ? resolve(output) : reject(new Error(`${args[0]} ended with ${code}`)))),
  );
}

export function printMemory(all: readonly Memory[], few: number, many: number): void {
  const megabytes = (bytes: number) => shown(bytes / 1024 / 1024);
  printTable(
    'Memory: resident size, MB, with a nursery of 4 MB',
    ['function', `after ${few.toLocaleString('en')} calls`, `after ${many.toLocaleString('en')}`],
    all.map(({ name, few: before, many: after }) => [name, megabytes(before), megabytes(after)]),
  );
}
