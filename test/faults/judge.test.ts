/** What the judge lets pass by its named rules, counted over a fixed set of seeds; and its two further campaigns. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converge } from './converge.ts';
import { explore } from './explore.ts';
import { addCounters, noCounters } from './judge-rules.ts';
import { explorePromptly } from './liveness.ts';
import { mutants } from './mutants.ts';

/** Together they use every rule but two: another order's number is not played, and only a load run loses events with its bus. A count that moves is to be understood before it is written down. */
const seeds = [
  ...Array.from({ length: 40 }, (_, index) => index + 1),
  ...[
    49, 51, 60, 111, 168, 296, 300, 301, 311, 405, 486, 568, 583, 702, 904, 933, 964, 1133, 1141, 1323, 1399, 1584,
    1716, 2062, 2400,
  ],
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
    'no answer and no callback': 3,
    'no answer to an operation': 3,
    'a repeat proves nothing': 4,
    'no callback of what happened without us': 3,
    'an order number that was cut off': 1,
    "a callback with another order's number": 0,
    'a callback with another amount than was taken': 2,
    'a key that ten others followed': 18,
    'an operator decided': 3,
    'a stale claim is shown as unknown': 5,
    '3-D Secure whose time is over is shown so': 3,
    'a card deleted while it was registered': 3,
    'events lost with the bus of a killed stack': 0,
    'a booking that its callback did not follow': 3,
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
