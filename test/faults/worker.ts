import { parentPort } from 'node:worker_threads';
import { explore } from './explore.ts';
import type { Coverage } from './world.ts';

/** Seeds from, up to but without. */
export interface Batch {
  from: number;
  to: number;
}

export interface Played {
  seeds: number;
  events: number;
  failed: number[];
  coverage: Coverage;
}

parentPort?.on('message', (batch: Batch) => {
  void play(batch).then(played => parentPort?.postMessage(played));
});

export async function play({ from, to }: Batch): Promise<Played> {
  const coverage: Coverage = new Map();
  const failed: number[] = [];
  let events = 0;
  for (let seed = from; seed < to; seed += 1) {
    const explored = await explore(seed, { coverage });
    events += explored.events;
    if (explored.violations.length > 0) failed.push(seed);
  }
  return { seeds: to - from, events, failed, coverage };
}
