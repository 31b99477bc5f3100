/**
 * `npm run faults -- --seeds N [--from S] [--workers W] [--campaign NAME]` plays N schedules, all small worlds, convergence and liveness, and every mutant's seed;
 * `npm run faults -- --seed S` tells the story of one. Exit code 1 where anything was found.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { converge } from './converge.ts';
import { enumerate } from './exhaustive.ts';
import { explore } from './explore.ts';
import { explorePromptly, pauses } from './liveness.ts';
import { catchMutant, type Mutant, mutantSeeds } from './mutant-seeds.ts';
import { smallWorlds } from './small-worlds.ts';
import { linesOf, merge, newTally, type Tally } from './tally.ts';
import type { Batch } from './worker.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    campaign: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const campaign = values.campaign ?? null;
const say = (line: string) => process.stdout.write(`${line}\n`);
const secondsSince = (start: number) => (performance.now() - start) / 1000;
const batchSize = 500;
/** Most of what a schedule makes is gone at its end: the larger the nursery, the less is copied. */
const maxYoungGenerationSizeMb = 96;

process.exitCode = (values.seed ? await tell(Number(values.seed)) : await playAll()) ? 0 : 1;

async function tell(seed: number): Promise<boolean> {
  const { story, violations } = await explore(seed, { isTold: true, campaign });
  say([`seed ${seed}`, ...story, ...(violations.length > 0 ? violations : ['the contract held'])].join('\n'));
  return violations.length === 0;
}

async function playAll(): Promise<boolean> {
  const tally = await playSeeds(Number(values.from), Number(values.seeds));
  say(linesOf(tally).join('\n'));
  const worlds = await playSmallWorlds();
  const further = await playFurther();
  const mutants = await playMutants();
  const failed = tally.failed.sort((a, b) => a - b);
  for (const seed of failed.slice(0, 3)) await tell(seed);
  if (failed.length > 0) say(`failing seeds, each to be told again with --seed: ${failed.slice(0, 50).join(' ')}`);
  return failed.length === 0 && worlds && further && mutants;
}

async function playSeeds(from: number, count: number): Promise<Tally> {
  const start = performance.now();
  const tally = newTally();
  let next = from;
  let saidAt = start;
  const take = (): Batch | null => {
    if (next >= from + count) return null;
    const batch = { from: next, to: Math.min(next + batchSize, from + count), campaign };
    next = batch.to;
    return batch;
  };
  const hear = (played: Tally) => {
    merge(tally, played);
    for (const seed of played.failed) say(`seed ${seed} fails`);
    const { seeds, events, failed } = tally;
    if (performance.now() - saidAt < 5000 && seeds < count) return;
    saidAt = performance.now();
    const rate = Math.round(seeds / secondsSince(start));
    say(`${seeds} seeds, ${rate} a second, ${Math.round(events / seeds)} events each, ${failed.length} with findings`);
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, () => work(take, hear)));
  say(`${count} seeds from ${from} in ${secondsSince(start).toFixed(0)} s: ${tally.failed.length} with findings`);
  return tally;
}

function work(take: () => Batch | null, hear: (tally: Tally) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb } });
  return new Promise((resolve, reject) => {
    const go = () => {
      const batch = take();
      if (batch) return worker.postMessage(batch);
      void worker.terminate();
      resolve();
    };
    worker.on('error', reject);
    worker.on('message', (tally: Tally) => {
      hear(tally);
      go();
    });
    go();
  });
}

async function playSmallWorlds(): Promise<boolean> {
  let isFine = true;
  for (const world of smallWorlds) {
    const { schedules, violations } = await enumerate(world);
    say(`all ${schedules} schedules of ${world.name}: ${violations.length} with findings`);
    for (const { choices, found } of violations.slice(0, 3)) say(`  ${choices.join()}: ${found.join('; ')}`);
    if (violations.length > 0) isFine = false;
  }
  return isFine;
}

const furtherSeeds = 500;

/** Convergence and liveness. */
async function playFurther(): Promise<boolean> {
  const failed: string[] = [];
  let orders = 0;
  for (let seed = 1; seed <= furtherSeeds; seed += 1) {
    const converged = await converge(seed);
    orders += converged.orders;
    const { violations } = await explorePromptly(seed);
    for (const each of [...converged.found, ...violations]) failed.push(`seed ${seed}: ${each}`);
  }
  say(
    `convergence: ${furtherSeeds} sets of callbacks in ${orders} orders; liveness: ${furtherSeeds} schedules, each at rest after ${pauses.length} runs of due work; ${failed.length} findings`,
  );
  for (const each of failed.slice(0, 10)) say(`  ${each}`);
  return failed.length === 0;
}

async function playMutants(): Promise<boolean> {
  let isFine = true;
  for (const mutant of Object.keys(mutantSeeds) as Mutant[]) {
    const caught = await catchMutant(mutant);
    say(
      caught ? `mutant "${mutant}" caught by seed ${caught.seed}: ${caught.finding}` : `mutant "${mutant}" NOT CAUGHT`,
    );
    if (!caught) isFine = false;
  }
  return isFine;
}
