/**
 * `npm run faults -- --seeds N [--from S] [--workers W]` plays N schedules and all small worlds and every mutant's seed;
 * `npm run faults -- --seed S` tells the story of one. Exit code 1 where anything was found.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { enumerate } from './exhaustive.ts';
import { explore } from './explore.ts';
import { catchMutant, type Mutant, mutantSeeds } from './mutant-seeds.ts';
import { smallWorlds } from './small-worlds.ts';
import type { Batch, Played } from './worker.ts';
import type { Coverage } from './world.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const secondsSince = (start: number) => (performance.now() - start) / 1000;
const batchSize = 500;

process.exitCode = (values.seed ? await tell(Number(values.seed)) : await playAll()) ? 0 : 1;

async function tell(seed: number): Promise<boolean> {
  const { story, violations } = await explore(seed, { isTold: true });
  say([`seed ${seed}`, ...story, ...(violations.length > 0 ? violations : ['the contract held'])].join('\n'));
  return violations.length === 0;
}

async function playAll(): Promise<boolean> {
  const coverage: Coverage = new Map();
  const failed = await playSeeds(Number(values.from), Number(values.seeds), coverage);
  const worlds = await playSmallWorlds(coverage);
  const mutants = await playMutants();
  sayCoverage(coverage);
  for (const seed of failed.slice(0, 3)) await tell(seed);
  if (failed.length > 0) say(`failing seeds, each to be told again with --seed: ${failed.slice(0, 50).join(' ')}`);
  return failed.length === 0 && worlds && mutants;
}

/** Answers the seeds at which something was found. */
async function playSeeds(from: number, count: number, coverage: Coverage): Promise<number[]> {
  const start = performance.now();
  const failed: number[] = [];
  let next = from;
  let played = 0;
  let events = 0;
  let saidAt = start;
  const take = (): Batch | null => {
    if (next >= from + count) return null;
    const batch = { from: next, to: Math.min(next + batchSize, from + count) };
    next = batch.to;
    return batch;
  };
  const hear = (result: Played) => {
    played += result.seeds;
    events += result.events;
    failed.push(...result.failed);
    for (const seed of result.failed) say(`seed ${seed} fails`);
    merge(coverage, result.coverage);
    if (performance.now() - saidAt < 5000 && played < count) return;
    saidAt = performance.now();
    const rate = Math.round(played / secondsSince(start));
    say(
      `${played} seeds, ${rate} a second, ${Math.round(events / played)} events each, ${failed.length} with findings`,
    );
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, () => work(take, hear)));
  say(`${count} seeds from ${from} in ${secondsSince(start).toFixed(0)} s: ${failed.length} with findings`);
  return failed.sort((a, b) => a - b);
}

function work(take: () => Batch | null, hear: (result: Played) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    const go = () => {
      const batch = take();
      if (batch) return worker.postMessage(batch);
      void worker.terminate();
      resolve();
    };
    worker.on('error', reject);
    worker.on('message', (result: Played) => {
      hear(result);
      go();
    });
    go();
  });
}

function merge(into: Coverage, from: Coverage): void {
  for (const [point, { reached, before, after }] of from) {
    const known = into.get(point) ?? { reached: 0, before: 0, after: 0 };
    into.set(point, { reached: known.reached + reached, before: known.before + before, after: known.after + after });
  }
}

async function playSmallWorlds(coverage: Coverage): Promise<boolean> {
  let isFine = true;
  for (const world of smallWorlds) {
    const { schedules, violations } = await enumerate(world, {}, coverage);
    say(`all ${schedules} schedules of ${world.name}: ${violations.length} with findings`);
    for (const { choices, found } of violations.slice(0, 3)) say(`  ${choices.join()}: ${found.join('; ')}`);
    if (violations.length > 0) isFine = false;
  }
  return isFine;
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

function sayCoverage(coverage: Coverage): void {
  const points = [...coverage].sort(([a], [b]) => (a < b ? -1 : 1));
  const crashedAt = points.filter(([, { before, after }]) => before > 0 && after > 0).length;
  say(`crash points: ${points.length} awaits reached, ${crashedAt} crashed at before and after their effect`);
  for (const [point, { reached, before, after }] of points) {
    say(`  ${point.padEnd(44)} reached ${reached}, crashed before ${before}, after ${after}`);
  }
}
