/** What the gateway's own records add to the history of a load run: its requests and callbacks, in their order of time. */
import type { Simulator } from '../../local/simulator/simulator.ts';
import type { RequestRecord } from '../../local/simulator/state.ts';
import type { Entry, Happening, History } from './history.ts';

/** Longest a callback is waited for. */
const callbackMs = 41_000;

/** Numbers that no recorder gives. */
const firstNumber = 10_000_000;

export function withGateway(history: History, gateway: Simulator): History {
  const calm = history.find(({ kind }) => kind === 'calm')?.at ?? Number.POSITIVE_INFINITY;
  const first = history[0]?.at ?? 0;
  let number = firstNumber;
  const next = () => {
    number += 1;
    return number;
  };
  const added: Entry[] = [];
  const add = (at: number, happening: Happening) => void added.push({ ...happening, at });
  for (const record of gateway.requests()) {
    if (record.endpoint === 'token') continue;
    const [at, run, request] = [Date.parse(record.at), next(), next()];
    const body = Buffer.from(record.raw, 'base64').toString('latin1');
    const entries = gateway
      .ledger()
      .filter(({ orderNumber }) => orderNumber !== null && orderNumber === record.orderNumber);
    // Which invocation sent it is not seen.
    add(first, { kind: 'begun', run, name: 'unseen', call: null, deliveries: [] });
    add(at, { kind: 'requested', request, run, path: record.path, body });
    add(at, { kind: 'taken', request, response: responseOf(record), entries });
    add(at, { kind: 'heard', request, heard: { kind: 'unseen' } });
  }
  for (const { service, wire, attempts } of gateway.callbacks()) {
    for (const { at, body } of attempts) {
      const [time, delivery] = [Date.parse(at), next()];
      add(time, { kind: 'delivered', delivery, service, wire });
      // Its end is not recorded, but before the last reads all of them had ended.
      add(Math.min(time + callbackMs, calm), { kind: 'delivery_answered', delivery, body });
    }
  }
  return [...history, ...added].sort((a, b) => a.at - b.at);
}

/** What the gateway would have answered, where a fault took the response. */
const responseOf = ({ answer, orderNumber }: RequestRecord): string =>
  answer?.body ?? (orderNumber === null ? '' : `Success_order\n${orderNumber}\n`);
