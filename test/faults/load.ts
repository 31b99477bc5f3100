/**
 * `npm run faults:load [-- --charges N --parallel P --kills K]`: charges and their callbacks on what `npm start` runs,
 * with its data on disk, while the gateway misbehaves and the stack is killed (SIGKILL) and started again. In the end the
 * shop has repeated what it got no answer to, the vendor has resent what was not taken, due work has run; then the judge.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/dynamodb.ts';
import { LOCAL_CONTRACTS, type Simulator, startSimulator } from '../../local/simulator/simulator.ts';
import { orderIdOf } from '../../shared/domain/identity.ts';
import { type Started, startAll } from '../e2e/support.ts';
import { inParallel } from '../support/in-parallel.ts';
import { cardToken } from '../support/local.ts';
import type { ShownOrder } from './evidence.ts';
import { judge } from './judge.ts';
import { type Dice, seededDice } from './random.ts';

export interface Load {
  charges: number;
  parallel: number;
  kills: number;
  say(line: string): void;
}

export interface LoadResult {
  violations: string[];
  /** Orders by status. */
  statuses: Record<string, number>;
  charged: number;
  seconds: number;
}

interface Stack {
  /** The one that runs; while there is none, a promise of the next. */
  current: Promise<Started>;
}

/** Of every hundred charges; the rest goes well. */
const misbehaviour = {
  'lost-answer': 6,
  'closed-before': 2,
  garbage: 2,
  truncated: 2,
  'truncated-close': 2,
  'http-500': 2,
  'late-answer.1500': 3,
  'callback-first': 6,
  'callback-twice': 6,
  'no-callback': 4,
  'callback-late.2000': 6,
  refusal: 4,
  maintenance: 2,
} as const;
const deploymentId = 'local';

export async function runLoad({ charges, parallel, kills, say }: Load): Promise<LoadResult> {
  const began = performance.now();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'load-'));
  const ports = { API_PORT: String(await freePort()), CALLBACK_PORT: String(await freePort()) };
  const url = (service: string) => `http://127.0.0.1:${ports.CALLBACK_PORT}/local/${service}`;
  const callbacks = { card: url('card'), carrier: url('carrier'), cvs: url('cvs') };
  const gateway = await startSimulator({ callbacks, contracts: LOCAL_CONTRACTS, settings: { callbackDelayMs: 50 } });
  const start = () => startAll({ ...ports, DATA_DIR: dataDir, ZEUS_BASE_URL: gateway.url });
  const stack: Stack = { current: start() };
  await stack.current;
  const keys = Array.from({ length: charges }, (_, n) => `load-${n}`);
  let done = 0;
  const killed = new Set<number>();
  const killAt = (share: number) => {
    const due = Math.floor((share * (kills + 1)) / charges);
    if (due === 0 || due > kills || killed.has(due)) return;
    killed.add(due);
    say(`${share} charges begun: kill ${due} of ${kills}`);
    stack.current = stack.current.then(async running => {
      await running.kill();
      return start();
    });
  };

  const dice = seededDice(1);
  await inParallel(keys, parallel, async key => {
    killAt(done);
    done += 1;
    if (done % 1000 === 0) say(`${done} charges in ${((performance.now() - began) / 1000).toFixed(0)} s`);
    await chargeUntilAnswered(stack, gateway, dice, key);
  });
  say('every charge is answered');
  await resendAll(gateway);
  const running = await stack.current;
  for (const ahead of [130_000, 400_000]) await runSchedule(running, ahead);
  await resendAll(gateway);

  const ours = keys.map(key => orderIdOf(deploymentId, key));
  const orders: ShownOrder[] = [];
  await inParallel(ours, parallel, async orderId => {
    const order = await read(running, orderId);
    if (order) orders.push(order);
  });
  const violations = judgeLoad(gateway, orders, ours);
  await running.stop();
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true });
  const statuses = Object.fromEntries(
    Map.groupBy(orders, ({ status }) => status)
      .entries()
      .map(([status, all]) => [status, all.length]),
  );
  const charged = gateway.ledger().filter(({ kind }) => kind === 'charge').length;
  return { violations, statuses, charged, seconds: (performance.now() - began) / 1000 };
}

/** Repeats with the same key and a fresh token until the API has an answer that is final for the shop. */
async function chargeUntilAnswered(stack: Stack, gateway: Simulator, dice: Dice, key: string): Promise<void> {
  const fault = dice.chance(0.47) ? dice.weighted(misbehaviour) : null;
  const email = fault ? `${fault}@fault.invalid` : 'taro@example.com';
  const isTwice = dice.chance(0.05);
  for (;;) {
    const { api } = await stack.current;
    const tokens = await Promise.all([
      again(() => cardToken(gateway.url)),
      ...(isTwice ? [again(() => cardToken(gateway.url))] : []),
    ]);
    const answers = await Promise.all(
      tokens.map(tokenKey => post(api, key, { tokenKey, amount: 8000, phone: '09012345678', email })),
    );
    // 409: an earlier call has it, and if that one died, due work will say so. 503: its e-mail would ask for it again.
    if (answers.some(answer => answer !== null && [200, 201, 202, 402, 409].includes(answer))) return;
    if (fault === 'maintenance' && answers.includes(503)) return;
    await sleep(300);
  }
}

/** A kept connection may be closed at the moment of its next use; what is asked for here may be asked for twice. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch {
    return ask();
  }
}

/** The status; null where the connection broke. */
async function post(api: string, key: string, body: object): Promise<number | null> {
  try {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const answer = await fetch(`${api}/card/charges`, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}

/** The vendor resends every call that was not taken, in its console. */
async function resendAll(gateway: Simulator): Promise<void> {
  await gateway.idle();
  const open = gateway.callbacks().filter(({ attempts }) => !attempts.some(({ outcome }) => outcome === 'accepted'));
  await inParallel(open, 20, async ({ id }) => void (await gateway.resend(id)));
}

async function runSchedule({ api }: Started, aheadMs: number): Promise<void> {
  const now = new Date(Date.now() + aheadMs).toISOString();
  const answer = await fetch(`${api}/_local/schedule?now=${now}`, { method: 'POST' });
  await answer.arrayBuffer();
}

/** The order as the API shows it. */
async function read(running: Pick<Started, 'api'>, orderId: string): Promise<ShownOrder | null> {
  const answer = await again(() => fetch(`${running.api}/orders/${orderId}`));
  if (answer.status === 404) return null;
  if (answer.status === 200) return (await answer.json()) as ShownOrder;
  await answer.arrayBuffer();
  await sleep(300);
  return read(running, orderId);
}

function judgeLoad(gateway: Simulator, orders: ShownOrder[], ours: string[]): string[] {
  const isTaken = (body: string) => body === 'successok';
  const deliveries = gateway.callbacks().flatMap(({ service, sendpoint, orderNumber, status, attempts }) =>
    attempts.map(({ body }) => ({
      service,
      sendpoint,
      orderNumber,
      status,
      isWrong: false,
      isStored: isTaken(body),
    })),
  );
  const untaken = gateway.callbacks().filter(({ attempts }) => !attempts.some(({ body }) => isTaken(body))).length;
  const found = judge({
    ledger: gateway.ledger(),
    gatewayOrders: gateway.orders(),
    gatewayCards: gateway.cards(),
    cardRequests: [],
    orders,
    exchanges: [],
    events: null,
    deliveries,
    allArrived: true,
    ours,
  });
  return untaken > 0 ? [...found, `${untaken} callbacks were never taken`] : found;
}
