import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core';

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
  const child = spawn(process.execPath, ['local/main.ts'], {
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

/** A page of a payer of its own, and all that it asked for; `problems` are script errors and breaches of its policy. */
export interface Visit {
  page: Page;
  requests: Request[];
  problems: string[];
}

export async function visit(browser: Browser | null, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  if (!browser) throw new Error('There is no browser');
  const context = await browser.newContext({ locale: 'ja-JP', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const requests: Request[] = [];
  const problems: string[] = [];
  page.on('request', request => requests.push(request));
  page.on('pageerror', error => problems.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  return { page, requests, problems };
}

/** Where a text was sent to: the requests whose URL or body holds it. */
export const sentTo = (requests: Request[], text: string): string[] =>
  requests.filter(each => each.url().includes(text) || (each.postData() ?? '').includes(text)).map(each => each.url());

/** From the checkout's form to its confirmation. */
export async function confirmOrder(page: Page): Promise<void> {
  if (await page.isVisible('#consent')) await page.check('#consent');
  await page.click('#checkout button[type=submit]');
  await page.waitForSelector('#confirm:not([hidden])');
}

/** From the product to the button that sends. */
export async function payBy(page: Page, method: string, choice: [select: string, value: string]): Promise<void> {
  await page.check(`[value=${method}]`);
  await page.selectOption(...choice);
  await confirmOrder(page);
  await page.click('#pay');
}

/** The simulator's control interface. */
export async function gatewayControl(gateway: string, operation: string, body: object): Promise<void> {
  const answer = await fetch(`${gateway}/_control/${operation}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
}
