import { existsSync, readFileSync } from 'node:fs';

const POLL_MS = 250;

/**
 * npm passes signals on, but not its own sudden death, and then nothing would end this process: it lives on below the shell
 * that npm started, and keeps its ports. Where there is no /proc to look into, it stays so.
 */
export function endWithNpm(): void {
  const npm = process.env.npm_lifecycle_event ? findNpm(process.ppid) : null;
  if (npm === null) return;
  setInterval(() => existsSync(`/proc/${npm}`) || process.exit(1), POLL_MS).unref();
}

function findNpm(pid: number): number | null {
  const status = readStatus(pid);
  if (status === null) return null;
  const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '';
  const parent = Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  if (name.startsWith('npm')) return pid;
  return parent > 1 ? findNpm(parent) : null;
}

function readStatus(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return null;
  }
}
