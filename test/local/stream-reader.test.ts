import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { jsonAnswer, serve } from '../../local/server.ts';
import { streamReader } from '../../local/stream-reader.ts';

interface FakeShard {
  ShardId: string;
  ParentShardId?: string;
  numbers: number[];
  isClosed?: boolean;
}

/** An engine with these shards, two to a description. An iterator is `<shard>:<index>`, and good until `expire` is called. */
async function fakeEngine(shards: FakeShard[]) {
  let era = 0;
  const asked: string[] = [];
  const server = await serve(0, 1 << 20, async ({ headers, body }) => {
    const operation = headers['x-amz-target']?.split('.')[1] ?? '';
    const input = JSON.parse(body.toString());
    asked.push(operation);
    const shardOf = (id: string) =>
      shards.find(({ ShardId }) => ShardId === id) ?? { numbers: [] as number[], isClosed: true };
    if (operation === 'DescribeTable') return jsonAnswer(200, { Table: { LatestStreamArn: 'arn' } });
    if (operation === 'DescribeStream') {
      const start = shards.findIndex(({ ShardId }) => ShardId === input.ExclusiveStartShardId) + 1;
      const Shards = shards.slice(start, start + 2).map(({ ShardId, ParentShardId }) => ({ ShardId, ParentShardId }));
      const more = start + 2 < shards.length;
      return jsonAnswer(200, {
        StreamDescription: { Shards, ...(more && { LastEvaluatedShardId: Shards.at(-1)?.ShardId }) },
      });
    }
    if (operation === 'GetShardIterator') {
      const index = shardOf(input.ShardId).numbers.indexOf(Number(input.SequenceNumber)) + 1;
      return jsonAnswer(200, { ShardIterator: `${input.ShardId}:${index}:${era}` });
    }
    const [id = '', index, madeIn] = input.ShardIterator.split(':');
    if (Number(madeIn) !== era) return jsonAnswer(400, { __type: 'ExpiredIteratorException' });
    const { numbers, isClosed } = shardOf(id);
    const end = Math.min(Number(index) + input.Limit, numbers.length);
    const Records = numbers.slice(Number(index), end).map(n => ({ dynamodb: { SequenceNumber: String(n) } }));
    const isRead = isClosed && end === numbers.length;
    return jsonAnswer(200, { Records, ...(!isRead && { NextShardIterator: `${id}:${end}:${era}` }) });
  });
  after(() => server.close());
  const mapping = { tableName: 'Table', streamArn: 'Table.StreamArn', batchSize: 2 };
  const read = streamReader(server.url, mapping, new AbortController().signal);
  const readAll = async () => {
    const numbers: string[] = [];
    for (let found = await read(); found; found = await read()) {
      numbers.push(...found.records.map(record => `${found?.shardId} ${record.dynamodb?.SequenceNumber}`));
    }
    return numbers;
  };
  return { read, readAll, asked, expire: () => (era += 1) };
}

test('a shard is read after the one that it came from, however they are listed', async () => {
  const { readAll } = await fakeEngine([
    { ShardId: 'c', ParentShardId: 'b', numbers: [5] },
    { ShardId: 'b', ParentShardId: 'a', numbers: [4], isClosed: true },
    { ShardId: 'a', ParentShardId: 'trimmed', numbers: [1, 2, 3], isClosed: true },
  ]);
  assert.deepEqual(await readAll(), ['a 1', 'a 2', 'a 3', 'b 4', 'c 5']);
});

test('a shard that comes later is found when its parent ends', async () => {
  const shards: FakeShard[] = [{ ShardId: 'a', numbers: [1] }];
  const { readAll } = await fakeEngine(shards);
  assert.deepEqual(await readAll(), ['a 1']);
  Object.assign(shards[0] ?? {}, { numbers: [1, 2], isClosed: true });
  shards.push({ ShardId: 'b', ParentShardId: 'a', numbers: [3] });
  assert.deepEqual(await readAll(), ['a 2', 'b 3']);
  Object.assign(shards[1] ?? {}, { isClosed: true });
  shards.push({ ShardId: 'c', ParentShardId: 'b', numbers: [4] });
  assert.deepEqual(await readAll(), ['c 4']);
});

test('an iterator that has expired is replaced, and nothing is read twice', async () => {
  const shard = { ShardId: 'a', numbers: [1, 2, 3] };
  const { read, readAll, expire } = await fakeEngine([shard]);
  assert.deepEqual(await readAll(), ['a 1', 'a 2', 'a 3']);
  expire();
  shard.numbers.push(4);
  await assert.rejects(read(), /ExpiredIterator/);
  assert.deepEqual(await readAll(), ['a 4']);
});

test('shards are looked for now and then, not at every read', async () => {
  const { read, asked } = await fakeEngine([{ ShardId: 'a', numbers: [] }]);
  for (let n = 0; n < 41; n++) await read();
  assert.equal(asked.filter(operation => operation === 'DescribeStream').length, 3);
  assert.equal(asked.filter(operation => operation === 'DescribeTable').length, 1);
});
