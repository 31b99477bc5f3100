/**
 * After all faults stop, every order ends within a fixed number of runs of due work, at fixed times: nobody looks into our
 * table for what is due. Each seed is a schedule of the explorer, and the judge is the same.
 */
import type { Variant } from './deps.ts';
import { arriveAll, type Explored, explore, type Rest } from './explore.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Pauses between the runs: as the repeats of one operation grow, then the days on which settlements are due. */
export const pauses = [2, 5, 10, 20, 40, 80, 160, 320, 360, 360, 360]
  .map(minutes => (minutes + 1) * minute)
  .concat([day, day, day, 42 * day, day, 6 * day, day]);

const boundedRest: Rest = async (town, allArrive) => {
  const { world } = town;
  world.isCalm = true;
  world.recorder.add({ kind: 'calm' });
  town.deliver = callbacks => {
    for (const callback of callbacks) town.callbacks.push({ callback, isStored: false });
  };
  for (const pause of pauses) {
    if (allArrive) await arriveAll(town);
    world.scheduler.after(pause, () => void town.dueWork());
    await world.scheduler.runToRest();
    town.deliver(world.gateway.passTime());
  }
  if (allArrive) await arriveAll(town);
  const published = town.publishAll();
  await world.scheduler.runToRest();
  await published;
};

export const explorePromptly = (seed: number, variant: Variant = {}): Promise<Explored> =>
  explore(seed, { variant, rest: boundedRest });
