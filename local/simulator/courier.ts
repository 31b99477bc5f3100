/**
 * Delivers callbacks (000 p.54 to 56, 001 p.13 to 15, 002 p.11 to 13): GET, or POST where agreed, on a fresh connection;
 * 40 s for an answer; where agreed up to five retries, which then follow every 40 s, after time-outs only. No agent name
 * is sent.
 */
import http from 'node:http';
import https from 'node:https';
import { takeArmed } from './faults.ts';
import { escapeBytes } from './form.ts';
import { type Callback, type Gateway, isoNow } from './gateway.ts';
import { encodeShiftJis } from './shift-jis.ts';
import type { CallbackAttempt, CallbackRecord, Fault } from './state.ts';

const TIMEOUT_MS = 40_000;

class Stopped extends Error {}

export type Courier = {
  /** Sends each callback after the delay; resolves when the last is through. */
  dispatch: (callbacks: Callback[], delayMs: number) => Promise<void>;
  /** Runs what the gateway does by itself later, and delivers what it calls. */
  later: (run: () => Callback[], delayMs: number) => Promise<void>;
  resend: (id: string) => Promise<CallbackRecord>;
  idle: () => Promise<void>;
  /** Keeps `idle` waiting until the returned function is called. */
  hold: () => () => void;
  /** Drops everything that is under way; `forGood`: and whatever would follow. */
  stop: (forGood: boolean) => void;
};

export function createCourier(gateway: Gateway, log: (line: string) => void): Courier {
  let stopping = new AbortController();
  let busy = 0;
  let waiters: (() => void)[] = [];

  const hold = (): (() => void) => {
    let held = true;
    busy += 1;
    return () => {
      if (held) busy -= 1;
      held = false;
      if (busy > 0) return;
      for (const wake of waiters) wake();
      waiters = [];
    };
  };

  const tracked = async (work: () => Promise<void>): Promise<void> => {
    const release = hold();
    try {
      await work();
    } catch (error) {
      // Stopping interrupts deliveries; anything else is a fault of the simulator and must be seen.
      if (!(error instanceof Stopped)) log(`error ${error instanceof Error ? error.message : 'unknown'}`);
    } finally {
      release();
    }
  };

  const deliver = async (callback: Callback, delayMs: number): Promise<void> => {
    const faults = [...callback.faults, ...takeArmed(gateway.state, 'callback')];
    const record = enter(gateway, callback, faults);
    if (!record || record.state === 'withheld') return;
    const late = faults.find(fault => fault.fault === 'callback-late');
    const { signal } = stopping;
    await pause(late ? (late.ms ?? 3000) : delayMs, signal);
    await sendWithRetries(gateway, record, signal, log);
    if (faults.some(fault => fault.fault === 'callback-twice')) await sendWithRetries(gateway, record, signal, log);
  };

  const dispatch = async (callbacks: Callback[], delayMs: number): Promise<void> => {
    await Promise.all(callbacks.map(callback => tracked(() => deliver(callback, delayMs))));
  };

  return {
    dispatch,
    later: (run, delayMs) =>
      tracked(async () => {
        await pause(delayMs, stopping.signal);
        await dispatch(run(), 0);
      }),
    resend: async id => {
      const record = gateway.state.callbacks.find(known => known.id === id);
      if (!record) throw new Error(`callback: unknown ${id}`);
      await tracked(() => sendWithRetries(gateway, record, stopping.signal, log));
      return record;
    },
    idle: async () => {
      if (busy > 0) await new Promise<void>(resolve => waiters.push(resolve));
    },
    hold,
    stop: forGood => {
      stopping.abort();
      if (!forGood) stopping = new AbortController();
    },
  };
}

/** Enters the callback in the books; null where no URL is registered. */
function enter(gateway: Gateway, callback: Callback, faults: Fault[]): CallbackRecord | null {
  const { settings, state } = gateway;
  const url = settings.callbacks[callback.service];
  if (!url) return null;
  const { service, orderNumber, sendpoint, status } = callback;
  const parameters = callback.parameters.filter(({ name }) => !settings.callbackOmit.includes(name));
  const onWire = (text: string) => escapeBytes(encodeShiftJis(text), settings.callbackEscapes, settings.callbackSpace);
  const record: CallbackRecord = {
    id: String(state.callbacks.length + 1),
    service,
    orderNumber,
    sendpoint,
    status,
    method: settings.callbackMethod,
    url,
    wire: parameters.map(({ name, value }) => `${name}=${onWire(value)}`).join('&'),
    parameters,
    state: faults.some(fault => fault.fault === 'no-callback') ? 'withheld' : 'waiting',
    attempts: [],
  };
  state.callbacks.push(record);
  return record;
}

async function sendWithRetries(
  gateway: Gateway,
  record: CallbackRecord,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  record.state = 'sending';
  for (let retry = 0; ; retry += 1) {
    const at = isoNow(gateway);
    const result = await send(record, TIMEOUT_MS * gateway.settings.timeScale, signal);
    if (signal.aborted) throw new Stopped();
    const attempt = { at, ...result, outcome: judged(gateway, result) };
    record.attempts.push(attempt);
    log(`callback ${record.id} ${record.service} ${record.status} ${record.orderNumber}: ${attempt.outcome}`);
    if (attempt.outcome !== 'timed-out' || retry >= gateway.settings.callbackRetries) break;
  }
  record.state = 'done';
}

type Result = Pick<CallbackAttempt, 'outcome' | 'status' | 'body'>;

function judged(gateway: Gateway, result: Result): CallbackAttempt['outcome'] {
  if (result.outcome !== 'accepted' || !gateway.settings.checkSuccessok) return result.outcome;
  return result.body.startsWith('successok') ? 'accepted' : 'no-successok';
}

/** One call. The path is put together by hand: a URL parser would rewrite escapes that must go out as they are. */
function send(record: CallbackRecord, timeoutMs: number, signal: AbortSignal): Promise<Result> {
  const target = new URL(record.url);
  const path = target.pathname + target.search;
  const get = record.method === 'GET';
  const options = {
    method: record.method,
    hostname: target.hostname,
    port: target.port,
    path: get ? `${path}${target.search === '' ? '?' : '&'}${record.wire}` : path,
    headers: get ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': record.wire.length },
    agent: false,
    signal,
  };
  return new Promise(resolve => {
    let timedOut = false;
    const request = (target.protocol === 'https:' ? https : http).request(options);
    const timer = setTimeout(() => {
      timedOut = true;
      request.destroy();
    }, timeoutMs);
    const finish = (result: Result) => {
      clearTimeout(timer);
      resolve(result);
    };
    const fail = () => finish({ outcome: timedOut ? 'timed-out' : 'not-connected', status: null, body: '' });
    request.on('error', fail);
    request.on('response', response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const body = Buffer.concat(chunks).toString('utf8').slice(0, 500);
        finish({ outcome: status === 200 ? 'accepted' : 'refused', status, body });
      });
    });
    request.end(get ? undefined : record.wire);
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new Stopped());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}
