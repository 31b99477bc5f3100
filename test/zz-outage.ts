// one-off: 60 s of a stopped / hanging engine under load on the real stack
import { execSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
const mode = process.argv[2] ?? 'hang';
const base = mode === 'hang' ? 4700 : 4720;
const env = { ...process.env, API_PORT: `${base}`, CALLBACK_PORT: `${base + 1}`, GATEWAY_PORT: `${base + 2}`, DYNAMODB_PORT: `${base + 3}`, DATA_DIR: mkdtempSync(path.join(os.tmpdir(), 'zz-outage-')) };
const child = spawn(process.execPath, ['infra/local/main.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
const lines: string[] = [];
let out = '';
child.stdout.on('data', d => { out += d; const p = out.split('\n'); out = p.pop() ?? ''; lines.push(...p); });
while (!lines.some(l => l.startsWith('ready'))) await sleep(100);
console.log(lines.find(l => l.startsWith('ready')));
const api = `http://127.0.0.1:${base}`;
const fetchIp = (u: string, init?: RequestInit) => fetch(u, init);
const N = 300;
const orders: { orderId: string }[] = [];
for (let i = 0; i < N; i++) {
  const r = await fetchIp(`${api}/carrier/orders`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': `o${i}` }, body: JSON.stringify({ carrier: 'docomo', amount: 100, name: 'テスト', phone: '09012345678' }) });
  if (r.status !== 201) { console.log(r.status, await r.text()); process.exit(1); }
  orders.push((await r.json()) as { orderId: string });
}
console.log('orders', orders.length);
const find = () => execSync(`ps -eo pid,args`).toString().split('\n').filter(l => l.includes('/dynoxide ') && l.includes(`--port ${base + 3}`) && !l.includes('leash')).map(l => Number(l.trim().split(' ')[0]));
const [pid] = find();
const args = execSync(`ps -o args= -p ${pid}`).toString().trim().split(' ');
console.log('engine', pid);
const t0 = Date.now();
const results: { i: number; text: string; ms: number; at: number }[] = [];
const calls = orders.map(async ({ orderId }, i) => {
  await sleep((i / N) * 80_000);
  const at = Date.now();
  const q = `clientip=2019000002&money=100&telno=09012345678&order_no=N${i}&status=03&sendpoint=${orderId}&type=docomo`;
  const r = await fetchIp(`http://127.0.0.1:${base + 1}/local/carrier?${q}`).then(async x => `${x.status} ${await x.text()}`, e => `error ${e}`);
  results.push({ i, text: r, ms: Date.now() - at, at: at - t0 });
});
await sleep(8_000);
let restarted: ReturnType<typeof spawn> | null = null;
if (mode === 'hang') process.kill(pid as number, 'SIGSTOP'); else process.kill(pid as number, 'SIGKILL');
console.log('stopped at', Date.now() - t0);
await sleep(60_000);
if (mode === 'hang') process.kill(pid as number, 'SIGCONT'); else restarted = spawn(args[0] as string, args.slice(1), { stdio: 'ignore' });
console.log('back at', Date.now() - t0);
await Promise.all(calls);
console.log('late', results.filter(r => r.text.includes('ERR500')).slice(0, 8).map(r => `${r.at} +${r.ms}`));
const tally: Record<string, number> = {};
for (const r of results) tally[r.text] = (tally[r.text] ?? 0) + 1;
console.log(tally, 'longest answer ms', Math.max(...results.map(r => r.ms)), 'over 1 s:', results.filter(r => r.ms > 1000).length);
const queued = () => lines.filter(l => l.includes('"callback_queued"')).length;
console.log('queued', queued());
const ok = results.filter(r => r.text === '200 successok').map(r => r.i);
const deadline = Date.now() + 300_000;
for (;;) {
  let missing = 0;
  for (const i of ok) { const r = await fetchIp(`${api}/orders/${orders[i]?.orderId}`); const o = (await r.json()) as { status: string }; if (o.status !== 'authorized') missing++; }
  console.log((Date.now() - t0) / 1000, 's: not yet in their order', missing);
  if (missing === 0 || Date.now() > deadline) break;
  await sleep(10_000);
}
console.log('not stored lines', lines.filter(l => l.includes('callback_not_stored')).length);
const bad = lines.filter(l => l.includes('callback_not_stored')).map(l => JSON.parse(l).requestId);
for (const id of bad.slice(0, 4)) console.log('BAD', lines.filter(l => l.includes(id)).map(l => l.slice(0, 420)).join('\n    '));
restarted?.kill();
child.kill('SIGINT');
