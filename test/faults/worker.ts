import { parentPort } from 'node:worker_threads';
import { explore } from './explore.ts';
import { count, newTally, type Tally } from './tally.ts';

/** Seeds from, up to but without. */
export interface Batch {
  from: number;
  to: number;
  campaign: string | null;
}

parentPort?.on('message', (batch: Batch) => {
  void play(batch).then(tally => parentPort?.postMessage(tally));
});

export async function play({ from, to, campaign }: Batch): Promise<Tally> {
  const tally = newTally();
  const { coverage } = tally;
  for (let seed = from; seed < to; seed += 1) count(tally, await explore(seed, { coverage, campaign }));
  return tally;
}
