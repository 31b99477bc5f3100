import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { functions } from '../../infra/functions.ts';
import { synthesise } from '../../local/assembly.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outdir = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-app-test-'));
after(() => rmSync(outdir, { recursive: true }));

test('a fresh clone synthesises: every function bundled, and a template that refuses to be deployed', async () => {
  const deployed = await synthesise({}, outdir);
  assert.equal(deployed.functions.length, functions.length);
  for (const { file } of deployed.functions) assert.ok(existsSync(file), file);
  const template = readFileSync(path.join(outdir, 'zeus-payments-demo.template.json'), 'utf8');
  assert.ok(JSON.parse(template).Rules.RefuseDocumentationAddresses);
  assert.doesNotMatch(template, new RegExp(root), 'a path of this machine is in the template');
});

test('wrong settings stop the app, all of them named', () => {
  const context = { callbackSources: '192.0.2.1,192.0.2', methods: 'cash' };
  const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.deepEqual(
    stderr
      .trim()
      .split('\n')
      .map(line => line.trim()),
    [
      'Settings (cdk.json, stages/<stage>.json, or -c name=value):',
      'deploymentId: is required, e.g. "shop-1"; it can never be changed later',
      'callbackSources: not an IPv4 or IPv6 address: "192.0.2"',
      'methods: must be of card, carrier, cvs, not "cash"',
    ],
  );
});
