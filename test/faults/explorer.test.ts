/** A small slice of `npm run faults`: new random schedules at every run, small worlds, and every mutant. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { enumerate } from './exhaustive.ts';
import { explore } from './explore.ts';
import { catchMutant, type Mutant, mutantSeeds } from './mutant-seeds.ts';
import { smallWorlds } from './small-worlds.ts';
import type { Coverage } from './world.ts';

/** Of the schedules; `SEED=…` plays those of an earlier run again, `npm run faults -- --seed …` tells one of them. */
const first = Number(process.env.SEED ?? randomInt(2 ** 31));

test(`the contract holds under the 400 schedules from SEED=${first}, which crash at nearly every await`, async () => {
  const coverage: Coverage = new Map();
  const failed: string[] = [];
  for (let seed = first; seed < first + 400; seed += 1) {
    const { violations } = await explore(seed, { coverage });
    if (violations.length > 0) failed.push(`seed ${seed}: ${violations.join('; ')}`);
  }
  assert.deepEqual(failed, []);
  const points = [...coverage.values()];
  const crashedAt = points.filter(({ before, after }) => before + after > 0).length;
  assert.ok(points.length > 30, `${points.length} awaits reached`);
  assert.ok(crashedAt > 0.5 * points.length, `${crashedAt} of ${points.length} awaits crashed at`);
});

test('a schedule is its seed: played twice, it tells the same story', async () => {
  const [first, second] = [await explore(253, { isTold: true }), await explore(253, { isTold: true })];
  const plain = (story: string[]) => story.map(line => line.replace(/#\d+/, ''));
  assert.ok(first.story.length > 20);
  assert.deepEqual(plain(first.story), plain(second.story));
});

/** The quick ones; `npm run faults` plays all. */
const quick = smallWorlds.filter(({ name }) => /^(one charge and its callback: every crash|two|a deletion)/.test(name));

for (const world of quick) {
  test(`every schedule of ${world.name}`, async () => {
    const { schedules, violations } = await enumerate(world);
    assert.deepEqual(violations, []);
    assert.ok(schedules > 3);
  });
}

for (const mutant of Object.keys(mutantSeeds) as Mutant[]) {
  test(`a seed catches ${mutant}, and ours holds at it`, async t => {
    const caught = await catchMutant(mutant);
    assert.ok(caught, `none from ${mutantSeeds[mutant]} on`);
    t.diagnostic(`seed ${caught.seed}: ${caught.finding}`);
    assert.deepEqual((await explore(caught.seed)).violations, []);
  });
}
