/** The benchmark in short, for what it does, never for its times. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { coldStarts, firstAnswers } from './cold-start.ts';
import { dueSettlements } from './due.ts';
import { bundleAll, logToNull, startGround } from './ground.ts';
import { growth } from './growth.ts';
import { inTurns, ratioOf, spreadOf } from './measure.ts';
import { memory } from './memory.ts';
import { callbacks, warmCharges } from './warm.ts';

logToNull();
const bundles = bundleAll();
const ground = await startGround();
after(async () => {
  await ground.stop();
  bundles.remove();
});
const names = functions.map(({ name }) => name);

test('every function starts, and no bundle has more than 440 kB', async () => {
  const all = await coldStarts(bundles, 1);
  const ours = all.filter(({ name }) => names.includes(name));
  assert.deepEqual(
    ours.map(({ name }) => name),
    names,
  );
  for (const { name, bytes, milliseconds } of ours) {
    assert.ok(bytes > 10_000 && bytes <= 440_000, `${name} has ${bytes} bytes`);
    assert.ok(milliseconds.median > 0);
  }
});

test('the first call of a fresh process is answered', async () => {
  for (const { milliseconds } of await firstAnswers(ground, bundles, 1)) assert.ok(milliseconds.median > 0);
});

test('charges and callbacks go through, ours, the floors and Powertools', async () => {
  const charges = await warmCharges(ground, bundles, 2);
  assert.deepEqual(
    charges.map(({ name }) => name),
    ['ours', 'floor', 'floor without the order', 'Powertools', 'Powertools, order stored late'],
  );
  const called = await callbacks(ground, bundles, 1);
  for (const { value, ratio } of [...charges, ...called]) assert.ok(value.median > 0 && ratio.median > 0);
});

test('every call is made beside every size of table', async () => {
  const all = await growth(bundles, [10, 60], 2);
  assert.ok(all.length >= 6);
  for (const { sizes } of all) {
    assert.deepEqual(
      sizes.map(({ orders }) => orders),
      [10, 60],
    );
  }
});

test('one run settles all that is due', async () => {
  assert.ok((await dueSettlements(ground, bundles, 30)) > 0);
});

test('every function can be called over and over', async () => {
  const all = await memory(ground, bundles, 2, 5);
  assert.deepEqual(
    all.map(({ name }) => name),
    names,
  );
  for (const { few, many } of all) assert.ok(few > 0 && many > 0);
});

test('every round runs each variant once, and ratios go round by round', async () => {
  const order: string[] = [];
  const noting = (name: string) => async (round: number) => {
    order.push(`${name}${round}`);
    return round + 1;
  };
  const values = await inTurns({ a: noting('a'), b: noting('b'), c: noting('c') }, 20);
  const rounds = Array.from({ length: 20 }, (_, round) => order.slice(3 * round, 3 * round + 3));
  for (const [round, names] of rounds.entries()) {
    assert.deepEqual(names.toSorted(), [`a${round}`, `b${round}`, `c${round}`]);
  }
  assert.ok(new Set(rounds.map(names => names[0]?.[0])).size === 3);
  assert.deepEqual(values.a, values.b);
  assert.deepEqual(ratioOf([2, 40, 6], [1, 10, 3]), { median: 2, quartiles: [2, 4] });
  assert.deepEqual(spreadOf([5, 1, 3, 2, 4]), { median: 3, quartiles: [2, 4] });
});
