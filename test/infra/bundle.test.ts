/** What a deployed bundle holds, and that it runs alone: in a folder without packages, with a function's environment. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { bundleFunctions, bundleOptions } from '../../infra/bundle.ts';
import { functions } from '../../infra/functions.ts';
import { answered, startService } from '../support/service.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-bundle-test-'));
after(() => rmSync(folder, { recursive: true }));
bundleFunctions(['orders'], folder);
writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}');

const service = await startService();
/** The SDK's clients, in the words of infra/functions.ts. */
const clientsOf = (spec: (typeof functions)[number]): string[] => [
  ...(spec.table.length > 0 || spec.queries ? ['client-dynamodb'] : []),
  ...(spec.publishes ? ['client-eventbridge'] : []),
  ...(spec.secret ? ['client-secrets-manager'] : []),
  ...(spec.queue ? ['client-sqs'] : []),
];

for (const spec of functions) {
  test(`${spec.name} holds the AWS clients that it uses and no other`, () => {
    const onlyLook = { write: false, metafile: true, outfile: 'unwritten.js' } as const;
    const { metafile } = buildSync({ ...bundleOptions, entryPoints: [`functions/${spec.name}.ts`], ...onlyLook });
    const held = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
        const [, client] = /node_modules\/@aws-sdk\/(client-[^/]+)\//.exec(file) ?? [];
        return client && bytesInOutput > 0 ? [client] : [];
      }),
    );
    assert.deepEqual([...new Set(held)].toSorted(), clientsOf(spec).toSorted());
  });
}

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
