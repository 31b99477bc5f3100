/** What a run says that it covered, and the faults of the double that a table of one machine does not show. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Fault, faults } from './campaigns.ts';
import { dynamoDouble } from './dynamo-double.ts';
import type { Explored } from './explore.ts';
import { noCounters } from './judge-rules.ts';
import { count, linesOf, merge, missingPairs, newTally } from './tally.ts';

const explored = (seed: number, met: Fault[], violations: string[] = []): Explored => ({
  seed,
  violations,
  story: [],
  events: 10,
  campaign: 'clocks',
  faults: new Set(met),
  used: noCounters(),
});

test('tallies add up, and pairs that no schedule had are named', () => {
  const [one, other] = [newTally(), newTally()];
  count(one, explored(1, ['clock off', 'frozen']));
  count(other, explored(2, ['frozen', 'clock off', 'outage'], ['charged twice']));
  one.coverage.set('cancel: get order', { reached: 2, before: 1, after: 0 });
  other.coverage.set('cancel: get order', { reached: 1, before: 0, after: 1 });
  merge(one, other);
  assert.deepEqual(one, {
    seeds: 2,
    events: 20,
    failed: [2],
    byCampaign: { clocks: { schedules: 2, failed: 1 } },
    byFault: { frozen: 2, 'clock off': 2, outage: 1 },
    byPair: { 'frozen + clock off': 2, 'frozen + outage': 1, 'clock off + outage': 1 },
    used: noCounters(),
    coverage: new Map([['cancel: get order', { reached: 3, before: 1, after: 1 }]]),
  });
  const pairs = (faults.length * (faults.length - 1)) / 2;
  assert.equal(missingPairs(one).length, pairs - 3);
  assert.ok(linesOf(one).includes(`pairs of faults in one schedule: 3 of ${pairs} met`));
});

test('each fault is listed once', () => {
  assert.equal(new Set(faults).size, faults.length);
});

test('an index that is behind misses the newest changes, and what they replaced is still there', () => {
  const table = dynamoDouble();
  const put = (pk: string, version: number, reference: string) =>
    table.execute(new PutCommand({ TableName: 'orders', Item: { pk, version, reference, createdSort: pk } }));
  put('order#a', 1, 'R-1');
  put('order#a', 2, 'R-2');
  put('order#b', 1, 'R-2');
  const query = (behind: number) => {
    const found = table.execute(
      new QueryCommand({
        TableName: 'orders',
        IndexName: 'byReference',
        KeyConditionExpression: '#partition = :partition AND #sort BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#partition': 'reference', '#sort': 'createdSort' },
        ExpressionAttributeValues: { ':partition': 'R-2', ':from': ' ', ':to': '~' },
      }),
      behind,
    ) as { Items: { pk: string }[] };
    return found.Items.map(({ pk }) => pk);
  };
  assert.deepEqual([query(0), query(1), query(2)], [['order#a', 'order#b'], ['order#a'], []]);
});
