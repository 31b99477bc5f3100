import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { stageContext } from '../../infra/stages.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-stages-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(path.join(folder, 'stages'));
const inFile = { deploymentId: 'demo', methods: ['card'], alarmEmail: 'demo@example.com' };
writeFileSync(path.join(folder, 'cdk.json'), JSON.stringify({ context: inFile }));
writeFileSync(path.join(folder, 'stages', 'live.json'), '{ "deploymentId": "shop-1", "methods": ["cvs"] }');

/** What CDK hands to the app: cdk.json with the command line on top. */
const read = (typed: Record<string, unknown>, names: string[]) => {
  const given: Record<string, unknown> = { ...inFile, ...typed };
  const context = stageContext(name => given[name], pathToFileURL(`${folder}/`));
  return names.map(context);
};
const names = ['deploymentId', 'methods', 'alarmEmail', 'account'];

test('without a stage the settings are those of cdk.json and of the command line', () => {
  assert.deepEqual(read({ methods: 'carrier' }, names), ['demo', 'carrier', 'demo@example.com', undefined]);
});

test("a stage's file goes before cdk.json, and the command line before both", () => {
  assert.deepEqual(read({ stage: 'live' }, names), ['shop-1', ['cvs'], 'demo@example.com', undefined]);
  assert.deepEqual(read({ stage: 'live', methods: 'carrier' }, names), [
    'shop-1',
    'carrier',
    'demo@example.com',
    undefined,
  ]);
});

test('a stage without a file is refused, and so is a path', () => {
  for (const stage of ['test', '../cdk', 'Live']) assert.throws(() => read({ stage }, names), /There is no /, stage);
});
