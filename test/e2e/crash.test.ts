import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { startSimulator } from '../../local/simulator/simulator.ts';
import { cardToken } from '../support/local.ts';
import { startAll } from './support.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'orders-'));
const gateway = await startSimulator();
after(async () => {
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = () => startAll({ DATA_DIR: dataDir, ZEUS_BASE_URL: gateway.url });

test('killed between claim and answer: 409, then unknown, and never a second request', async () => {
  const body = { tokenKey: await cardToken(gateway.url), amount: 8000, phone: '0312345678', email: 'taro@example.com' };
  const charge = (api: string) =>
    fetch(`${api}/card/charges`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'killed' },
      body: JSON.stringify(body),
    });
  const charges = () => gateway.requests().filter(({ endpoint }) => endpoint === 'charge').length;
  gateway.arm({ endpoint: 'charge', fault: 'late-answer', ms: 60_000 });

  const first = await start();
  const cut = charge(first.api).catch(() => null);
  while (charges() === 0) await new Promise(resolve => setTimeout(resolve, 20));
  await first.kill();
  await cut;

  const second = await start();
  const busy = await charge(second.api);
  assert.equal(busy.status, 409);
  assert.ok(busy.headers.get('retry-after'));

  const later = new Date(Date.now() + 130_000).toISOString();
  const ran = await fetch(`${second.api}/_local/schedule?now=${later}`, { method: 'POST' });
  assert.equal(ran.status, 200);
  const known = await charge(second.api);
  const order = (await known.json()) as { status: string; attention: { reason: string }[] };
  assert.equal(known.status, 202);
  assert.equal(order.status, 'unknown');
  assert.equal(order.attention[0]?.reason, 'outcome_unknown');
  assert.equal(charges(), 1);
  assert.equal(gateway.ledger().filter(({ kind }) => kind === 'charge').length, 1);
  assert.equal(await second.stop(), 0);
});
