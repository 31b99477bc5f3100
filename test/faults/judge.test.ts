/** What the judge lets pass by its named rules, counted over a fixed set of seeds; and its two further campaigns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converge } from './converge.ts';
import { explore } from './explore.ts';
import { addCounters, noCounters } from './judge-rules.ts';
import { explorePromptly } from './liveness.ts';
import { mutants } from './mutants.ts';

/** Together they use every rule; only a load run loses events with its bus. A count that moves is to be understood before it is written down. */
const seeds = [
  ...Array.from({ length: 40 }, (_, index) => index + 1),
  ...[66, 91, 92, 114, 139, 156, 166, 173, 181, 300, 322, 379, 475, 486, 583, 702, 719, 904, 930],
];

test('the rules of the judge are used as often as before, and nothing is found', async () => {
  const used = noCounters();
  const failed: string[] = [];
  for (const seed of seeds) {
    const explored = await explore(seed);
    addCounters(used, explored.used);
    failed.push(...explored.violations.map(finding => `${seed}: ${finding}`));
  }
  assert.deepEqual(failed, []);
  assert.deepEqual(used, {
    'no answer and no callback': 2,
    'no answer to an operation': 1,
    'a repeat proves nothing': 1,
    'no callback of what happened without us': 4,
    'an order number that was cut off': 1,
    "a callback with another order's number": 2,
    'a callback with another amount than was taken': 2,
    'a key that ten others followed': 12,
    'an operator decided': 2,
    'a stale claim is shown as unknown': 4,
    'a card deleted while it was registered': 2,
    'events lost with the bus of a killed stack': 0,
    'a booking that its callback did not follow': 1,
  });
});

test('the same calls and callbacks in every order end equal', async t => {
  let orders = 0;
  const failed: string[] = [];
  for (let seed = 1; seed <= 40; seed += 1) {
    const { orders: played, found } = await converge(seed);
    orders += played;
    failed.push(...found.map(each => `${seed}: ${each}`));
  }
  assert.deepEqual(failed, []);
  assert.ok(orders > 200, `${orders} orders of callbacks`);
  t.diagnostic(`${orders} orders of callbacks`);
});

test('after all faults stop, every order ends within 18 runs of due work', async () => {
  const failed: string[] = [];
  for (let seed = 1; seed <= 100; seed += 1) {
    const { violations } = await explorePromptly(seed);
    failed.push(...violations.map(each => `${seed}: ${each}`));
  }
  assert.deepEqual(failed, []);
});

for (const name of ['a second payment number is ignored', 'NG undoes what was paid'] as const) {
  test(`the orders of callbacks show that ${name}`, async () => {
    let found: string[] = [];
    for (let seed = 1; seed <= 60 && found.length === 0; seed += 1) found = (await converge(seed, mutants[name])).found;
    assert.notDeepEqual(found, []);
  });
}

for (const name of ['no due time is set', 'a claim is never stale'] as const) {
  test(`18 runs of due work show that ${name}`, async () => {
    let found: string[] = [];
    for (let seed = 1; seed <= 60 && found.length === 0; seed += 1)
      found = (await explorePromptly(seed, mutants[name])).violations;
    assert.notDeepEqual(found, []);
  });
}
