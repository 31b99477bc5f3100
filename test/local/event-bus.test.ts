import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEventBus } from '../../local/event-bus.ts';

const bus = await startEventBus(({ Source }) => (Source === 'refused' ? 'InternalFailure' : null));
after(() => bus.stop());

async function call(body: object, target = 'AWSEvents.PutEvents') {
  const answer = await fetch(bus.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared, not typed
  return { status: answer.status, body: (await answer.json()) as any };
}
const entry = { Source: 'shop', DetailType: 'told', Detail: '{"n":1}' };

test('each entry is taken or refused for itself, and what is taken is kept in its order', async () => {
  const Entries = [
    { ...entry, Time: 1_795_211_643.5 },
    { ...entry, Source: 'refused' },
    { ...entry, Detail: '[1]' },
    { ...entry, Detail: 'no JSON' },
    { ...entry, DetailType: '' },
    { ...entry, Detail: '{"n":2}', Resources: ['a'] },
  ];
  const { status, body } = await call({ Entries });
  assert.equal(status, 200);
  assert.equal(body.FailedEntryCount, 4);
  assert.deepEqual(
    body.Entries.map((each: { ErrorCode?: string }) => each.ErrorCode),
    [undefined, 'InternalFailure', 'MalformedDetail', 'MalformedDetail', 'InvalidArgument', undefined],
  );
  const [first, second, ...others] = bus.events;
  assert.equal(others.length, 0);
  assert.deepEqual([first?.id, second?.id], [body.Entries[0].EventId, body.Entries[5].EventId]);
  assert.deepEqual([first?.detail, second?.detail], [{ n: 1 }, { n: 2 }]);
  assert.equal(first?.time, '2026-11-20T21:54:03Z');
  assert.match(second?.time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(second?.resources, ['a']);
});

test('a request with none, too many or too large entries is refused whole, and so is another operation', async () => {
  const before = bus.events.length;
  const large = { ...entry, Detail: JSON.stringify({ text: 'あ'.repeat(60_000) }) };
  for (const Entries of [[], Array.from({ length: 11 }, () => entry), [large, large]]) {
    const { status, body } = await call({ Entries });
    assert.deepEqual([status, body.__type], [400, 'ValidationException']);
  }
  assert.equal((await call({ Entries: [entry] }, 'AWSEvents.PutRule')).status, 400);
  assert.equal(bus.events.length, before);
});
