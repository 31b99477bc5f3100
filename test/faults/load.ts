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
import type { OrderEvent } from '../../shared/orders/events.ts';
import { type Started, startAll } from '../e2e/support.ts';
import { inParallel } from '../support/in-parallel.ts';
import { cardToken } from '../support/local.ts';
import { createRecorder, type History, type Recorder } from './history.ts';
import { judge } from './judge.ts';
import type { Counters } from './judge-rules.ts';
import type { ShownOrder } from './judge-views.ts';
import { withGateway } from './load-history.ts';
import { type Dice, seededDice } from './random.ts';

export interface Load {
  charges: number;
  parallel: number;
  kills: number;
  say(line: string): void;
}

export interface LoadResult {
  violations: string[];
  /** The judge's rules that were used. */
  used: Counters;
  /** Orders by status. */
  statuses: Record<string, number>;
  charged: number;
  seconds: number;
}

interface Stack {
  /** The one that runs; while there is none, a promise of the next. */
  current: Promise<Started>;
  recorder: Recorder;
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
  const recorder = createRecorder(Date.now);
  const stack: Stack = { current: start(), recorder };
  await stack.current;
  const keys = Array.from({ length: charges }, (_, n) => `load-${n}`);
  let done = 0;
  const killed = new Set<number>();
  const killedAt: number[] = [];
  const killAt = (share: number) => {
    const due = Math.floor((share * (kills + 1)) / charges);
    if (due === 0 || due > kills || killed.has(due)) return;
    killed.add(due);
    say(`${share} charges begun: kill ${due} of ${kills}`);
    stack.current = stack.current.then(async running => {
      await recordEvents(running, recorder);
      killedAt.push(Date.now());
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
  recorder.add({ kind: 'calm' });
  const orders = await readAll(running, recorder);
  await recordEvents(running, recorder);
  const { found, used } = judge({
    history: withGateway(recorder.history, gateway),
    ledger: gateway.ledger(),
    gatewayOrders: gateway.orders(),
    gatewayCards: gateway.cards(),
    orderOfKey: key => orderIdOf(deploymentId, key),
    at: Date.now(),
    losesEvents: orderId => isAboutThen(recorder.history, orderId, killedAt),
  });
  const untaken = gateway.callbacks().filter(({ attempts }) => !attempts.some(({ body }) => body === 'successok'));
  const violations = untaken.length > 0 ? [...found, `${untaken.length} callbacks were never taken`] : found;
  await running.stop();
  await gateway.close();
  rmSync(dataDir, { recursive: true, force: true });
  const statuses = Object.fromEntries(
    Map.groupBy(orders, ({ status }) => status)
      .entries()
      .map(([status, all]) => [status, all.length]),
  );
  const charged = gateway.ledger().filter(({ kind }) => kind === 'charge').length;
  return { violations, used, statuses, charged, seconds: (performance.now() - began) / 1000 };
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
    const body = { amount: 8000, phone: '09012345678', email };
    const answers = await Promise.all(
      tokens.map(tokenKey => exchange(stack.recorder, api, ['POST', '/card/charges'], key, { ...body, tokenKey })),
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
async function exchange(
  recorder: Recorder,
  api: string,
  [method, path]: readonly ['GET' | 'POST', string],
  key: string | null,
  body: Record<string, unknown>,
): Promise<number | null> {
  const [call, run] = [recorder.next(), recorder.next()];
  recorder.add({ kind: 'called', call, method, path, key, body });
  recorder.add({ kind: 'begun', run, name: 'unseen', call, deliveries: [] });
  const heard = await again(() => ask(`${api}${path}`, method, key, body)).catch(() => null);
  const { status = null, isReplayed = false, response = null } = heard ?? {};
  recorder.add({ kind: 'ended', run, how: status === null ? 'killed' : 'returned' });
  recorder.add({ kind: 'answered', call, status, isReplayed, response });
  return status;
}

async function ask(url: string, method: string, key: string | null, body: object) {
  const headers = { 'content-type': 'application/json', ...(key !== null && { 'idempotency-key': key }) };
  const answer = await fetch(url, { method, headers, ...(method === 'POST' && { body: JSON.stringify(body) }) });
  const response = await answer.json();
  return { status: answer.status, isReplayed: answer.headers.get('idempotent-replayed') === 'true', response };
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

/** Every order that the API lists, page by page. */
async function readAll({ api }: Started, recorder: Recorder): Promise<ShownOrder[]> {
  const orders: ShownOrder[] = [];
  let cursor = '';
  do {
    const path = `/orders?from=${yesterday()}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    await exchange(recorder, api, ['GET', path], null, {});
    const page = recorder.history.at(-1);
    if (page?.kind !== 'answered' || page.status !== 200) throw new Error('The list is not answered.');
    orders.push(...page.response.orders);
    cursor = page.response.cursor ?? '';
  } while (cursor);
  return orders;
}

/** In JST, so that a run over midnight lists all of its orders. */
const yesterday = (): string => new Date(Date.now() + (9 - 24) * 3_600_000).toISOString().slice(0, 10);

/** What the bus took since it was started. */
async function recordEvents({ api }: Started, recorder: Recorder): Promise<void> {
  const answer = await fetch(`${api}/_local/events`);
  const events = (await answer.json()) as PublishedEvent[];
  for (const { 'detail-type': type, time, detail } of events) {
    const event = { type, orderId: String(detail.order.orderId), at: new Date(time), detail };
    recorder.add({ kind: 'published', event });
  }
}

type PublishedEvent = { 'detail-type': OrderEvent['type']; time: string; detail: OrderEvent['detail'] };

/** The local bus keeps its events in memory: those of a change shortly before a kill are lost with it. */
function isAboutThen(history: History, orderId: string, killedAt: readonly number[]): boolean {
  const keyOf = (key: string | null) => key !== null && orderIdOf(deploymentId, key) === orderId;
  const times = history.flatMap(entry => (entry.kind === 'called' && keyOf(entry.key) ? [entry.at] : []));
  return killedAt.some(kill => times.some(at => Math.abs(kill - at) < aroundKillMs));
}

const aroundKillMs = 15_000;
