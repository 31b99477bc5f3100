import { createRequire } from 'node:module';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionDefinition, Result, WorkerMessage, WorkerRun } from './lambda.ts';

const { definition, clockOffsetMs } = workerData as { definition: FunctionDefinition; clockOffsetMs: number };
const realNow = Date.now;
let requestId: string | undefined;

replaceConsole();
if (clockOffsetMs !== 0) moveClock(clockOffsetMs);
const bundle = createRequire(definition.file)(definition.file) as Record<string, Handler | undefined>;
parentPort?.on('message', (run: WorkerRun) => {
  answer(run).then(
    result => send({ result }),
    error => send({ result: failure(error) }),
  );
});

type Handler = (event: unknown, context: object) => unknown;

async function answer(run: WorkerRun): Promise<Result> {
  requestId = run.requestId;
  const handler = bundle[definition.handler];
  if (!handler) throw new Error(`${definition.handler} is undefined or not exported`);
  const value = await handler(JSON.parse(run.event), context(run.requestId));
  return { kind: 'returned', payload: JSON.stringify(value) ?? 'null' };
}

function failure(thrown: unknown): Result {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  writeLine('ERROR', [error]);
  return { kind: 'failed', errorType: error.name, errorMessage: error.message };
}

function context(awsRequestId: string): object {
  const deadline = realNow() + definition.timeoutSeconds * 1000;
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:ap-northeast-1:000000000000:function:${definition.name}`,
    logGroupName: `/aws/lambda/${definition.name}`,
    logStreamName: 'local',
    memoryLimitInMB: String(definition.memoryMb),
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  };
}

/** The lines of Lambda's JSON log format at its default level, INFO. */
function replaceConsole(): void {
  const levels = { log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]) => writeLine(level, values);
  }
  console.debug = console.trace = () => {};
}

/** One value stays what it is, several become one text, as console.log would print them. */
function writeLine(level: string, values: unknown[]): void {
  const line = { timestamp: new Date(realNow()).toISOString(), level, requestId };
  const toLog = (message: unknown) => send({ log: JSON.stringify({ ...line, message }, describeErrors) });
  try {
    toLog(values.length === 1 ? values[0] : format(...values));
  } catch {
    toLog(format(...values));
  }
}

function describeErrors(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { errorType: value.name, errorMessage: value.message, stackTrace: value.stack?.split('\n') };
}

/** The clock of this thread alone; it runs on from where it is put. */
function moveClock(offsetMs: number): void {
  const now = () => realNow() + offsetMs;
  globalThis.Date = new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length > 0 ? values : [now()], newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
