import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Invoke, Result } from '../../local/lambda.ts';
import { type DeliveryRules, deliver } from '../../local/stream-delivery.ts';

const rules: DeliveryRules = { bisect: true, retryAttempts: 2, maxRecordAgeSeconds: 3600, reportsFailures: true };
const failed: Result = { kind: 'failed', errorType: 'Error', errorMessage: 'boom' };
const returned = (value: unknown): Result => ({ kind: 'returned', payload: JSON.stringify(value) });
const reported = (...names: string[]) =>
  returned({ batchItemFailures: names.map(itemIdentifier => ({ itemIdentifier })) });

/** Delivers records 1 to `count`; answers the batches of every run and what was given up, as texts. */
async function run(
  count: number,
  answer: (batch: string[], run: number) => Result,
  {
    more = {},
    pauseMs = 0,
    stopAfter = Infinity,
  }: { more?: Partial<DeliveryRules>; pauseMs?: number; stopAfter?: number } = {},
) {
  const runs: string[] = [];
  const givenUp: string[] = [];
  let time = 0;
  let pauses = 0;
  const namesOf = (records: DynamoDBRecord[]) => records.map(record => record.dynamodb?.SequenceNumber ?? '');
  const invoke: Invoke = async event => {
    const batch = namesOf((event as DynamoDBStreamEvent).Records);
    runs.push(batch.join(' '));
    return answer(batch, runs.length);
  };
  const delivery = {
    rules: { ...rules, ...more },
    invoke,
    giveUp: async (records: DynamoDBRecord[], reason: string) =>
      givenUp.push(`${namesOf(records).join(' ')}: ${reason}`),
    pause: async () => {
      pauses += 1;
      time += pauseMs;
    },
    now: () => time,
    isStopped: () => runs.length >= stopAfter,
  };
  const records = Array.from({ length: count }, (_, i) => ({ dynamodb: { SequenceNumber: String(i + 1) } }));
  await deliver(delivery, records);
  return { runs, givenUp, pauses };
}

test('a batch that is taken is delivered once', async () => {
  for (const answer of [null, {}, { batchItemFailures: [] }, { batchItemFailures: null }]) {
    assert.deepEqual(await run(3, () => returned(answer)), { runs: ['1 2 3'], givenUp: [], pauses: 0 });
  }
});

test('from the first record that is reported on, the batch is delivered again', async () => {
  const { runs, givenUp, pauses } = await run(4, (_, n) => (n === 1 ? reported('4', '3') : reported()));
  assert.deepEqual({ runs, givenUp, pauses }, { runs: ['1 2 3 4', '3 4'], givenUp: [], pauses: 0 });
});

test('a batch that fails as a whole is split, and its parts keep their order', async () => {
  const poisoned = (batch: string[]) => (batch.includes('2') ? failed : reported());
  const { runs, givenUp, pauses } = await run(5, poisoned);
  assert.deepEqual(runs, ['1 2 3 4 5', '1 2 3', '1 2', '1', '2', '2', '2', '3', '4 5']);
  assert.deepEqual(givenUp, ['2: RetryAttemptsExhausted']);
  assert.equal(pauses, 2);
});

test('a record that is reported first is repeated with all that follows, and all of it is given up', async () => {
  const { runs, givenUp } = await run(3, () => reported('1'));
  assert.deepEqual(runs, ['1 2 3', '1 2 3', '1 2 3']);
  assert.deepEqual(givenUp, ['1 2 3: RetryAttemptsExhausted']);
});

test('an identifier that is none of the batch fails it as a whole', async () => {
  for (const name of ['', '9']) {
    const { givenUp } = await run(1, () => reported(name));
    assert.deepEqual(givenUp, ['1: RetryAttemptsExhausted']);
  }
  const { runs } = await run(2, (_, n) => (n === 1 ? reported('') : reported()));
  assert.deepEqual(runs, ['1 2', '1', '2']);
});

test('without the rules a batch is repeated whole, and no report is read', async () => {
  const whole = await run(2, () => failed, { more: { bisect: false } });
  assert.deepEqual([whole.runs, whole.givenUp], [['1 2', '1 2', '1 2'], ['1 2: RetryAttemptsExhausted']]);
  const deaf = await run(2, () => reported('1'), { more: { reportsFailures: false } });
  assert.deepEqual([deaf.runs, deaf.givenUp], [['1 2'], []]);
});

test('what has been tried for longer than a record may be old is given up before its tries are', async () => {
  const { runs, givenUp } = await run(1, () => failed, { more: { retryAttempts: 100 }, pauseMs: 1_500_000 });
  assert.equal(runs.length, 4);
  assert.deepEqual(givenUp, ['1: RecordAgeExceeded']);
});

test('when it is stopped, nothing more is begun and nothing given up', async () => {
  const { runs, givenUp } = await run(1, () => failed, { more: { retryAttempts: 100 }, stopAfter: 2 });
  assert.deepEqual([runs.length, givenUp], [2, []]);
});
