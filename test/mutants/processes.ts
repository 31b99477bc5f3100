import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Mutant } from './draw.ts';
import { root } from './draw.ts';

export interface Ended {
  /** Null: it was stopped, because it took too long. */
  code: number | null;
  text: string;
}

/** Runs Node with the arguments, at the lowest priority; `text` is what it printed last. */
export function node(
  args: readonly string[],
  environment: Record<string, string>,
  milliseconds: number,
): Promise<Ended> {
  const child = spawn('nice', ['-n', '15', process.execPath, '--import', apply, ...args], {
    cwd: root,
    // Equal seeds in every run: what a mutant is judged by must not change.
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: path.join(root, 'dist/mutants/compiled'),
      SEED: '1',
      CASES: '300',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  let text = '';
  child.stdout.on('data', chunk => {
    text = (text + chunk).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop(child.pid);
    }, milliseconds);
    child.once('error', reject);
    child.once('close', code => {
      clearTimeout(timer);
      resolve({ code: isLate ? null : (code ?? 1), text: text.trim() });
    });
  });
}

const apply = path.join(import.meta.dirname, 'apply.ts');

/** The process and whatever it started. */
function stop(pid: number | undefined): void {
  if (pid) process.kill(-pid, 'SIGKILL');
}

/** What a process needs in its environment to run the mutant. */
export const asMutant = ({ file, start, end, text }: Mutant): Record<string, string> => ({
  MUTANT: JSON.stringify({ path: path.join(root, file), start, end, text }),
});
