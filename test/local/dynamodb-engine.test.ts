import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEngine, type Finder } from '../../local/dynamodb-engine.ts';
import { StartProblem } from '../../local/settings.ts';

const everything: Finder = { dynoxide: () => '/bin/dynoxide', dynamoDbLocal: () => '/jar', hasJdk: () => true };
const noDynoxide: Finder = { ...everything, dynoxide: () => null };
const noJava: Finder = { ...everything, hasJdk: () => false };
const nothing: Finder = { dynoxide: () => null, dynamoDbLocal: () => null, hasJdk: () => false };

test('DDB_ENGINE decides, then what is there', () => {
  assert.equal(chooseEngine({}, everything).name, 'dynoxide');
  assert.equal(chooseEngine({}, noDynoxide).name, 'dynamodb-local');
  assert.equal(chooseEngine({ DDB_ENGINE: 'dynamodb-local' }, everything).name, 'dynamodb-local');
  assert.equal(chooseEngine({ DDB_ENGINE: 'dynoxide' }, everything).name, 'dynoxide');
});

test('without an engine the message names both, and what was asked for', () => {
  const missing: [NodeJS.ProcessEnv, Finder][] = [
    [{}, nothing],
    [{}, { ...noJava, dynoxide: () => null }],
    [{ DDB_ENGINE: 'dynamodb-local' }, noJava],
    [{ DDB_ENGINE: 'dynoxide' }, noDynoxide],
  ];
  for (const [env, find] of missing) {
    assert.throws(
      () => chooseEngine(env, find),
      (error: unknown) =>
        error instanceof StartProblem &&
        /dynoxide .* DynamoDB Local/.test(error.message) &&
        error.message.endsWith(
          env.DDB_ENGINE ? `DDB_ENGINE asks for ${env.DDB_ENGINE}` : '(needs a JDK, 17 or newer, on the PATH)',
        ),
    );
  }
});

test('an engine of another name is refused', () => {
  assert.throws(
    () => chooseEngine({ DDB_ENGINE: 'dynalite' }, everything),
    /must be dynoxide or dynamodb-local, not dynalite/,
  );
});

test('both run in memory, or on a folder', () => {
  const args = (DDB_ENGINE: string, dataDir: string | null) =>
    chooseEngine({ DDB_ENGINE }, everything).run('127.1.2.3', 8000, dataDir).args.join(' ');
  assert.equal(args('dynoxide', null), '--host 127.1.2.3 --port 8000');
  assert.equal(args('dynoxide', '/data'), '--host 127.1.2.3 --port 8000 --db-path /data/dynamodb.sqlite');
  assert.match(args('dynamodb-local', null), /DynamoDbOnAddress\.java 127\.1\.2\.3 .*-port 8000 -inMemory$/);
  assert.match(args('dynamodb-local', '/data'), /-port 8000 -dbPath \/data$/);
});
