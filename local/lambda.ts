import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { transformSync } from 'esbuild';

/** A deployed function as the template describes it. */
export interface FunctionDefinition {
  name: string;
  /** The bundle's entry, and the export that is called. */
  file: string;
  handler: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMb: number;
}

/** `payload` is JSON. Failed: it threw, its process ended, or its time ran out. */
export type Result =
  | { kind: 'returned'; payload: string }
  | { kind: 'failed'; errorType: string; errorMessage: string };

/** `clockOffsetMs` moves the clock of this one run. */
export type Invoke = (event: unknown, clockOffsetMs?: number) => Promise<Result>;

export interface RunningFunction {
  invoke: Invoke;
  close(): Promise<void>;
}

/** Without its types once and for all: a thread that strips them itself starts twice as slowly. */
const workerCode = transformSync(readFileSync(new URL('./lambda-worker.ts', import.meta.url)), {
  format: 'cjs',
  loader: 'ts',
  platform: 'node',
}).code;

/** Beyond this many at once the next call waits: each instance takes some 20 MB of a laptop. */
const MAX_INSTANCES = 64;

/**
 * Runs a bundle as Lambda does: an instance is a thread with an environment of its own and works on one event at a time;
 * idle ones are used again, a run that exceeds its time is ended together with its instance. `log` gets the function's
 * lines in Lambda's JSON format.
 */
export function startFunction(definition: FunctionDefinition, log: (line: string) => void): RunningFunction {
  const all = new Set<Instance>();
  const idle: Instance[] = [];
  const waiting: ((instance: Instance) => void)[] = [];

  const add = (clockOffsetMs: number) => {
    const instance = startInstance(definition, clockOffsetMs, log, () => all.delete(instance));
    all.add(instance);
    return instance;
  };
  const acquire = async () => {
    for (let instance = idle.pop(); instance; instance = idle.pop()) if (all.has(instance)) return instance;
    if (all.size < MAX_INSTANCES) return add(0);
    return new Promise<Instance>(resolve => waiting.push(resolve));
  };
  const release = (instance: Instance) => {
    const next = waiting.shift();
    if (next) next(all.has(instance) ? instance : add(0));
    else idle.push(instance);
  };
  const invokeOnMovedClock = async (event: unknown, clockOffsetMs: number) => {
    const instance = add(clockOffsetMs);
    const result = await instance.run(event);
    await instance.end();
    return result;
  };

  return {
    invoke: async (event, clockOffsetMs = 0) => {
      if (clockOffsetMs !== 0) return invokeOnMovedClock(event, clockOffsetMs);
      const instance = await acquire();
      const result = await instance.run(event);
      release(instance);
      return result;
    },
    close: async () => {
      await Promise.all([...all].map(instance => instance.end()));
    },
  };
}

interface Instance {
  run(event: unknown): Promise<Result>;
  end(): Promise<unknown>;
}

/** What a worker sends: a line to log, or the result of its run. */
export type WorkerMessage = { log: string } | { result: Result };
export interface WorkerRun {
  requestId: string;
  event: string;
}

function startInstance(
  definition: FunctionDefinition,
  clockOffsetMs: number,
  log: (line: string) => void,
  ended: () => void,
): Instance {
  const worker = new Worker(workerCode, {
    eval: true,
    env: definition.environment,
    workerData: { definition, clockOffsetMs },
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb },
  });
  let settle: ((result: Result) => void) | null = null;
  const finish = (result: Result) => {
    settle?.(result);
    settle = null;
  };
  const fail = (errorType: string, errorMessage: string) => {
    ended();
    if (settle) log(errorLine(errorType, errorMessage));
    finish({ kind: 'failed', errorType, errorMessage });
  };
  worker.on('message', (message: WorkerMessage) => ('log' in message ? log(message.log) : finish(message.result)));
  worker.on('error', error => fail(error.name, error.message));
  worker.on('exit', code => fail('Runtime.ExitError', `Runtime exited with status ${code}`));

  const run = (event: unknown) =>
    new Promise<Result>(resolve => {
      const { timeoutSeconds } = definition;
      const timer = setTimeout(() => {
        fail('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
        void worker.terminate();
      }, timeoutSeconds * 1000);
      settle = result => {
        clearTimeout(timer);
        resolve(result);
      };
      const message: WorkerRun = { requestId: randomUUID(), event: JSON.stringify(event) };
      worker.postMessage(message);
    });
  return { run, end: () => worker.terminate() };
}

function errorLine(errorType: string, errorMessage: string): string {
  return JSON.stringify({ timestamp: new Date().toISOString(), level: 'ERROR', message: { errorType, errorMessage } });
}
