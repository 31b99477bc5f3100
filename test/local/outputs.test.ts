import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCommand, startStack } from '../scripts/support.ts';

const script = fileURLToPath(new URL('../../scripts/callback-urls.ts', import.meta.url));
const local = await startStack();
const outputs = fileURLToPath(new URL(`../../dist/outputs-${new URL(local.api).port}.json`, import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'outputs-'));
after(() => rmSync(folder, { recursive: true }));
const list = () => runCommand('bash', ['-c', `cd '${folder}' && node '${script}'`], '', { OUTPUTS_FILE: '' });

test('the scripts find the local stack where there is no deployment, without credentials', async () => {
  mkdirSync(path.join(folder, 'dist'));
  writeFileSync(path.join(folder, 'dist', 'outputs.json'), readFileSync(outputs));
  const { code, out, err } = await list();
  assert.deepEqual([code, err], [0, '']);
  const urls = ['card', 'carrier', 'cvs'].map(service => `${local.callbacks}/local/${service}`);
  assert.deepEqual(
    out.split(/\s+/).filter(word => word.startsWith('http')),
    urls,
  );
});

test('a deployment goes before it', async () => {
  mkdirSync(path.join(folder, 'cdk.out'));
  writeFileSync(path.join(folder, 'cdk.out', 'outputs.json'), '{}');
  const { code, err } = await list();
  assert.equal(code, 2);
  assert.match(err, /^cdk\.out\/outputs\.json has no outputs of a stack/);
});

test('the file is gone with the stack', async () => {
  assert.ok(existsSync(outputs));
  await local.stop();
  assert.ok(!existsSync(outputs));
});
