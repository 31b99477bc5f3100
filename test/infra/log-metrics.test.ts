import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import type { LogLine } from '../../shared/lambda/log.ts';
import { functionOf, resourcesOf, templateWith } from './template.ts';

const template = templateWith();
const filters = Object.values(resourcesOf(template, 'AWS::Logs::MetricFilter')).map(it => it.Properties);
const ofOrders = functions.filter(({ table }) => table.length > 0).map(({ name }) => name);

interface Counted {
  of: string[];
  pattern: string;
  value?: string;
  byReason?: true;
}
/** A pattern that names an event of the functions' vocabulary; anything else does not compile. */
const event = (name: LogLine['event']) => `$.message.event = "${name}"`;

/** Every filter, written down a second time on purpose. */
const expected: Record<string, Counted> = {
  Attention: { of: ofOrders, pattern: `{ ${event('attention')} }`, byReason: true },
  Callback: { of: ['callback', 'callback-retry'], pattern: `{ ${event('callback')} }` },
  CallbackRefused: { of: ['callback'], pattern: `{ ${event('callback_refused')} }`, byReason: true },
  CallbackUnreadable: { of: ['callback'], pattern: `{ ${event('callback_unreadable')} }` },
  CallbackQueued: { of: ['callback'], pattern: `{ ${event('callback_queued')} }` },
  CallbackNotStored: { of: ['callback'], pattern: `{ ${event('callback_not_stored')} }` },
  DueWorkFailed: { of: ['due-work'], pattern: `{ ${event('due_work')} }`, value: '$.message.failed' },
  DueWorkLeft: { of: ['due-work'], pattern: `{ ${event('due_work')} }`, value: '$.message.left' },
  OldestUnknownMinutes: {
    of: ['due-work'],
    pattern: `{ ${event('oldest_unknown')} }`,
    value: '$.message.ageMinutes',
  },
};

for (const [name, { of, pattern, value = '1', byReason }] of Object.entries(expected)) {
  test(`metric ${name}: from the logs of ${of.join(', ')}`, () => {
    const found = filters.filter(({ MetricTransformations }) => MetricTransformations[0].MetricName === name);
    const groups = of.map(fn => functionOf(template, fn).Properties.LoggingConfig.LogGroup.Ref);
    assert.deepEqual(found.map(({ LogGroupName }) => LogGroupName.Ref).sort(), groups.sort());
    for (const { FilterPattern, MetricTransformations } of found) {
      assert.equal(FilterPattern, pattern);
      assert.deepEqual(MetricTransformations, [
        {
          MetricName: name,
          MetricNamespace: 'zeus-payments/test',
          MetricValue: value,
          ...(byReason && { Dimensions: [{ Key: 'Reason', Value: '$.message.reason' }] }),
        },
      ]);
    }
  });
}

test('there is no filter beside these', () => {
  assert.equal(
    filters.length,
    Object.values(expected).reduce((sum, { of }) => sum + of.length, 0),
  );
});
