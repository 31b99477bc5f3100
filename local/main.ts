import { endWithNpm } from './npm-parent.ts';
import { writeOutputs } from './outputs.ts';
import { type Runner, startRunner } from './runner.ts';
import { readLocalSettings, StartProblem } from './settings.ts';

/** Functions are ended where they stand, but nothing is waited for longer than this. */
const STOP_MS = 3_000;

// Lambda's clock shows UTC, and threads take their zone from the process.
process.env.TZ = 'UTC';
let runner: Runner | null = null;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
endWithNpm();

try {
  const settings = await readLocalSettings(process.env);
  runner = await startRunner(settings, line => console.log(line));
  writeOutputs(runner.outputs, settings.ports.API_PORT);
  console.log(runner.ready);
} catch (error) {
  console.error(explain(error));
  process.exit(1);
}

async function stop(): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  await Promise.race([runner?.stop(), new Promise(resolve => setTimeout(resolve, STOP_MS))]);
  process.exit(0);
}

function explain(error: unknown): unknown {
  if (error instanceof StartProblem) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  return code === 'EADDRINUSE' ? `port ${port} is in use` : error;
}
