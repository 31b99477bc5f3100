/** A small slice of `npm run faults`: new random schedules at every run, small worlds, and every mutant. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { campaigns, faults } from './campaigns.ts';
import { enumerate } from './exhaustive.ts';
import { explore } from './explore.ts';
import { catchMutant, type Mutant, mutantSeeds } from './mutant-seeds.ts';
import { smallWorlds } from './small-worlds.ts';
import { count, newTally } from './tally.ts';

/** Of the schedules; `SEED=…` plays those of an earlier run again, `npm run faults -- --seed … [--campaign …]` tells one of them. */
const first = Number(process.env.SEED ?? randomInt(2 ** 31));

test(`the contract holds under the 300 schedules from SEED=${first}, of every campaign`, async t => {
  const tally = newTally();
  const failed: string[] = [];
  for (let seed = first; seed < first + 300; seed += 1) {
    const explored = await explore(seed, { coverage: tally.coverage });
    count(tally, explored);
    if (explored.violations.length > 0) failed.push(`seed ${seed}: ${explored.violations.join('; ')}`);
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(Object.keys(tally.byCampaign).sort(), campaigns.map(({ name }) => name).sort());
  const met = faults.filter(each => tally.byFault[each]).length;
  assert.ok(met > 0.6 * faults.length, `${met} of ${faults.length} faults met`);
  const points = [...tally.coverage.values()];
  const cut = points.filter(({ before, after }) => before + after > 0).length;
  assert.ok(points.length > 30, `${points.length} awaits reached`);
  assert.ok(cut > 0.25 * points.length, `${cut} of ${points.length} awaits cut`);
  t.diagnostic(`${met} of ${faults.length} faults, ${Object.keys(tally.byPair).length} pairs of them`);
});

test('check 33: no charge twice, and none paid without one, in the first 200 schedules of odd browsers', async t => {
  const tally = newTally();
  const failed: string[] = [];
  for (let seed = 1; seed <= 200; seed += 1) {
    const explored = await explore(seed, { campaign: 'odd browsers', coverage: tally.coverage });
    count(tally, explored);
    if (explored.violations.length > 0) failed.push(`seed ${seed}: ${explored.violations.join('; ')}`);
  }
  assert.deepEqual(failed, []);
  const odd = [
    'browser leaves',
    'browser late',
    'browser posts twice',
    'forged words',
    "another session's md",
  ] as const;
  for (const each of [...odd, 'paid from elsewhere' as const]) assert.ok((tally.byFault[each] ?? 0) > 0, each);
  t.diagnostic(`${tally.events} events`);
});

test('a schedule is its seed: played twice, it tells the same story', async () => {
  const [first, second] = [await explore(433, { isTold: true }), await explore(433, { isTold: true })];
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
