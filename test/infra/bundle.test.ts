/** What a deployed bundle holds, and that it runs alone: in a folder without packages, with a function's environment. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { bundleFunctions, bundleOptions } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import { partNames, type SecretPart } from '../../infra/secret-parts.ts';
import { answered, startService } from '../support/service.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-bundle-test-'));
after(() => rmSync(folder, { recursive: true }));
bundleFunctions(['orders'], folder);
writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');

/** The one file that reads a part; a part without one is read by no function yet. */
const readerOf: Partial<Record<SecretPart, string>> = {
  ipCodes: 'shared/lambda/live/ip-codes.ts',
  cardKey: 'shared/lambda/live/card-key.ts',
  carrierKey: 'shared/lambda/live/carrier-key.ts',
  pathToken: 'shared/lambda/live/path-tokens.ts',
};

const service = await startService();
/** The SDK's clients, in the words of infra/functions.ts. */
const clientsOf = (spec: (typeof functions)[number]): string[] => [
  ...(spec.table.length > 0 || spec.queries ? ['client-dynamodb'] : []),
  ...(spec.publishes ? ['client-eventbridge'] : []),
  ...(spec.secrets.length > 0 ? ['client-secrets-manager'] : []),
  ...(spec.queue ? ['client-sqs'] : []),
];

/** The files of which something is in a function's bundle. */
function filesIn(name: string): string[] {
  const onlyLook = { write: false, metafile: true, outfile: 'unwritten.js' } as const;
  const { metafile } = buildSync({ ...bundleOptions, entryPoints: [`functions/${name}.ts`], ...onlyLook });
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.entries(output.inputs));
  return inputs.flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
}

for (const spec of functions) {
  const files = filesIn(spec.name);

  test(`${spec.name} holds the AWS clients that it uses and no other`, () => {
    const held = files.flatMap(file => /node_modules\/@aws-sdk\/(client-[^/]+)\//.exec(file)?.[1] ?? []);
    assert.deepEqual([...new Set(held)].toSorted(), clientsOf(spec).toSorted());
  });

  test(`${spec.name} reads the parts of the secret that it is granted and no other`, () => {
    const read = partNames.filter(part => files.includes(readerOf[part] ?? ''));
    assert.deepEqual(read.toSorted(), spec.secrets.toSorted());
  });
}

test('nothing else reads a secret', () => {
  const readers = globSync('shared/**/*.ts').filter(file =>
    readFileSync(file, 'utf8').includes("from './secrets-manager.ts'"),
  );
  assert.deepEqual(readers.toSorted(), Object.values(readerOf).toSorted());
});

const role = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };

/** The status of one call of the bundle, in a process of its own; the last of what it prints. */
async function call(environment: Record<string, string>): Promise<string | undefined> {
  const event = { routeKey: 'GET /orders/{orderId}', pathParameters: { orderId: 'a'.repeat(32) }, headers: {} };
  const script = `require('./orders').handler(${JSON.stringify(event)}).then(({ statusCode }) => console.log(statusCode))`;
  const env = {
    ...environment,
    AWS_REGION: 'eu-west-9',
    AWS_ENDPOINT_URL_DYNAMODB: service.url,
    DEPLOYMENT_ID: 'test',
    HOME: folder,
    TABLE_NAME: 'orders',
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { cwd: folder, env });
  return stdout.trim().split('\n').at(-1);
}

test('the bundle calls with the credentials, region and endpoint of its environment', async () => {
  service.behave(answered(200, {}));
  assert.equal(await call(role), '404');
  const { authorization, 'x-amz-security-token': token } = service.received[0]?.headers ?? {};
  assert.match(authorization ?? '', /Credential=AKID\/\d{8}\/eu-west-9\/dynamodb\/aws4_request/);
  assert.equal(token, 'session');
});

test('without credentials in its environment the bundle fails, and calls nothing', async () => {
  service.behave(answered(200, {}));
  assert.equal(await call({ AWS_EC2_METADATA_DISABLED: 'true' }), '500');
  assert.deepEqual(service.received, []);
});
