import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

export interface Started {
  api: string;
  gateway: string;
  /** Everything printed so far. */
  output(): string;
  /** SIGKILL, as a crash would end it; the ports are free again when it resolves. */
  kill(): Promise<void>;
  /** Ctrl-C. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start` starts, on free ports unless some are given. */
export async function startAll(env: Record<string, string> = {}): Promise<Started> {
  const ports = { API_PORT: '0', CALLBACK_PORT: '0', GATEWAY_PORT: '0', DYNAMODB_PORT: '0' };
  const child = spawn(process.execPath, ['infra/local/main.ts'], {
    cwd: root,
    env: { ...process.env, ...ports, ...env },
  });
  let output = '';
  child.stdout.on('data', chunk => {
    output += chunk;
  });
  child.stderr.on('data', chunk => {
    output += chunk;
  });
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const ready = await readyLine(child, () => output);
  const [api = '', gateway = ''] = [...ready.matchAll(/http:\/\/127\.0\.0\.1:\d+(?=\/)/g)].map(([url]) => url);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    api,
    gateway,
    output: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGINT'),
  };
}

async function readyLine(child: ChildProcess, output: () => string): Promise<string> {
  for (;;) {
    const line = output()
      .split('\n')
      .find(each => each.startsWith('ready'));
    if (line) return line;
    if (child.exitCode !== null) throw new Error(`It ended before it was ready: ${output()}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

const executablePath = '/usr/bin/chromium';

/** For a test's `skip`: false where Chromium is installed. */
export const noBrowser = existsSync(executablePath) ? false : `skipped: there is no ${executablePath} on this machine`;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
