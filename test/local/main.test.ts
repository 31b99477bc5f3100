import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type LocalSettings, readLocalSettings } from '../../local/settings.ts';

const main = fileURLToPath(new URL('../../local/main.ts', import.meta.url));
const dataDir = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-main-test-'));
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true });
});
const free = { API_PORT: '0', CALLBACK_PORT: '0', GATEWAY_PORT: '0', DYNAMODB_PORT: '0' };
const { ports } = await readLocalSettings(free);
const env = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
const { npm_lifecycle_event: _, ...inherited } = process.env;

test('everything answers once it says ready, and SIGINT leaves nothing behind', async () => {
  const { child, lines } = await startReady({});
  const ready = lines.filter(line => line.startsWith('ready'));
  assert.equal(ready.length, 1);
  for (const port of [ports.API_PORT, ports.GATEWAY_PORT, ports.DYNAMODB_PORT]) {
    assert.match(String(ready[0]), new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
  }
  for (const service of ['card', 'carrier', 'cvs']) {
    assert.match(String(ready[0]), new RegExp(`http://127\\.0\\.0\\.1:${ports.CALLBACK_PORT}/local/${service}`));
  }
  const api = `http://127.0.0.1:${ports.API_PORT}`;
  assert.equal((await fetch(`${api}/orders/${'a'.repeat(32)}`)).status, 404);
  assert.equal((await fetch(`${api}/nothing`)).status, 404);
  assert.equal((await fetch(`${api}/_local/schedule`, { method: 'POST' })).status, 200);
  const page = { gatewayUrl: `http://127.0.0.1:${ports.GATEWAY_PORT}`, cardIpCode: '2019000001', simulated: true };
  assert.deepEqual(await (await fetch(`${api}/_local/settings`)).json(), page);
  assert.equal((await fetch(page.gatewayUrl)).status, 200);
  assert.equal((await fetch(`${page.gatewayUrl}/api/token/1.0/zeus_token_cvv.js`)).status, 200);
  const stranger = await fetch(`http://127.0.0.1:${ports.CALLBACK_PORT}/wrong/card?result=OK`);
  assert.deepEqual([stranger.status, await stranger.text()], [403, 'NG']);

  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  assert.ok(await allFree(), 'a port is still in use');
});

test('another gateway is used where one is set, and what was stored survives a kill', async () => {
  const settings = { DATA_DIR: dataDir, ZEUS_BASE_URL: 'http://127.0.0.1:9' };
  const first = await startReady(settings);
  await assert.rejects(fetch(`http://127.0.0.1:${ports.GATEWAY_PORT}`));
  const order = await charge('kept');
  assert.equal(order.status, 'not_processed');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await startReady(settings);
  const found = await fetch(`http://127.0.0.1:${ports.API_PORT}/orders/${order.orderId}`);
  assert.equal(found.status, 200);
  second.child.kill('SIGTERM');
  assert.deepEqual(await once(second.child, 'exit'), [0, null]);
  assert.ok(await allFree(), 'a port is still in use');
});

test('what stands in the way is said in one line', async () => {
  const { child, output } = start({ API_PORT: '1e9' });
  assert.deepEqual(await once(child, 'close'), [1, null]);
  assert.deepEqual(output, ['not a port: API_PORT']);
  const other = start({ DDB_ENGINE: 'none' });
  assert.deepEqual(await once(other.child, 'close'), [1, null]);
  assert.deepEqual(other.output, ['DDB_ENGINE must be dynoxide or dynamodb-local, not none']);
});

function start(more: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { ...inherited, ...env, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', line => output.push(line));
  }
  return { child, output };
}

async function startReady(more: Record<string, string>) {
  const { child, output } = start(more);
  while (!output.some(line => line.startsWith('ready'))) {
    assert.equal(child.exitCode, null, output.join('\n'));
    await sleep(20);
  }
  return { child, lines: output };
}

async function charge(key: string): Promise<{ orderId: string; status: string }> {
  const answer = await fetch(`http://127.0.0.1:${ports.API_PORT}/card/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ tokenKey: 't', amount: 1, phone: '0312345678', email: 'payer@example.com' }),
  });
  return (await answer.json()) as { orderId: string; status: string };
}

/** A child of a child may need a moment to end. */
function allFree(): Promise<LocalSettings | null> {
  return readLocalSettings(env, 30_000).catch(() => null);
}
