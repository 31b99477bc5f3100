import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand, startStack } from '../scripts/support.ts';
import { cardToken } from '../support/local.ts';
import { blocksOf, readDocument } from './markdown.ts';

// The examples of README.md and docs/examples.md as they stand, against the local stack. Within the project, so that they
// find its packages.

const local = await startStack();
const here = fileURLToPath(new URL('../../cdk.out', import.meta.url));
mkdirSync(here, { recursive: true });
const folder = mkdtempSync(path.join(here, 'examples-'));
after(() => rmSync(folder, { recursive: true }));
const variables = {
  API: local.api,
  AWS_REGION: 'ap-northeast-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
  AWS_SESSION_TOKEN: 'example',
};
const examplesIn = (language: string, document = 'docs/examples.md'): string[] =>
  blocksOf(readDocument(document)).flatMap(({ info, text }) => (info === language ? [text] : []));
const run = async (command: string, args: string[]) => {
  const TOKEN_KEY = await cardToken(local.gateway);
  const { code, out, err } = await runCommand(command, args, '', { ...variables, TOKEN_KEY });
  assert.equal(code, 0, out + err);
  return out;
};

test('curl charges, and finds what it charged', async () => {
  const [charge = '', list = ''] = examplesIn('sh');
  const order = JSON.parse(await run('bash', ['-ec', `cd '${folder}'\n${charge}`]));
  assert.deepEqual([order.status, order.amount, order.reference], ['paid', 8000, '4711']);
  const { orders } = JSON.parse(await run('bash', ['-ec', list]));
  assert.deepEqual(
    orders.map(({ orderId }: { orderId: string }) => orderId),
    [order.orderId],
  );
});

test('the charge of the README charges, each time under a key of its own', async () => {
  const [, charge = ''] = examplesIn('sh', 'README.md');
  const script = charge.replace('http://127.0.0.1:4100', local.api);
  const orders = [JSON.parse(await run('bash', ['-ec', script])), JSON.parse(await run('bash', ['-ec', script]))];
  assert.deepEqual(
    orders.map(({ status, reference }) => [status, reference]),
    [
      ['paid', '4711'],
      ['paid', '4711'],
    ],
  );
  assert.notEqual(orders[0].orderId, orders[1].orderId);
});

test('TypeScript charges', async () => {
  const file = path.join(folder, 'charge.ts');
  writeFileSync(file, examplesIn('ts').join(''));
  assert.match(await run(process.execPath, [file]), /^paid: [A-Za-z0-9_-]{32}\n$/);
});

test('the local stack shows the description at /docs', async () => {
  const page = await fetch(`${local.api}/docs`);
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
  const described = await fetch(`${local.api}/docs/openapi.json`);
  assert.equal(await described.text(), readDocument('docs/openapi.json'));
});

test('PHP is at least PHP', async context => {
  const file = path.join(folder, 'charge.php');
  writeFileSync(file, examplesIn('php').join(''));
  const checked = await runCommand('php', ['-l', file], '', {}).catch(() => null);
  if (!checked) context.skip('skipped: there is no php on this machine');
  else assert.equal(checked.code, 0, checked.out);
});
