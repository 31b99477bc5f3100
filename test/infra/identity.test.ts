import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { identityOf, LASTING, readIdentity } from './identity.ts';
import type { TemplateBody } from './resource-schemas.ts';
import { templateWith } from './template.ts';

const template = templateWith().toJSON() as TemplateBody;

test('an update replaces nothing that holds money, secrets, callbacks or a registered address', () => {
  assert.deepEqual(identityOf(template), readIdentity());
});

test('no setting that may change later replaces one of them', () => {
  const settings = {
    accountConcurrency: 1000,
    alarmEmail: 'alarm@example.com',
    logRetentionDays: 30,
    callbackSources: ['127.0.0.8'],
    gatewayBaseUrl: 'https://gateway.example',
    tracing: 'active',
    restoredTable: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/restored/stream/2026-12-01T00:00:00.000',
  };
  for (const [name, value] of Object.entries(settings)) {
    assert.deepEqual(identityOf(templateWith({ [name]: value }).toJSON() as TemplateBody), readIdentity(), name);
  }
});

test('the check sees a renamed construct and a changed key', () => {
  const changed = structuredClone(template);
  const [id = ''] = Object.keys(changed.Resources).filter(
    each => changed.Resources[each]?.Type === 'AWS::DynamoDB::GlobalTable',
  );
  const table = changed.Resources[id];
  assert.ok(table);
  (table.Properties as { KeySchema: unknown }).KeySchema = [{ AttributeName: 'id', KeyType: 'HASH' }];
  assert.notDeepEqual(identityOf(changed), readIdentity());
  const renamed: TemplateBody = { ...template, Resources: { ...template.Resources, Other: table } };
  delete renamed.Resources[id];
  assert.notDeepEqual(Object.keys(identityOf(renamed)), Object.keys(readIdentity()));
});

test('the stack policy refuses to replace what lasts, and to delete what no setting takes away', () => {
  const file = new URL('../../infra/stack-policy.json', import.meta.url);
  const [allowed, ...denied] = JSON.parse(readFileSync(file, 'utf8')).Statement;
  assert.deepEqual([allowed.Effect, allowed.Action, denied.length], ['Allow', 'Update:*', 2]);
  const typesOf = (action: string) => {
    const found = denied.find((each: { Action: string }) => each.Action === action);
    assert.deepEqual([found.Effect, found.Principal, found.Resource], ['Deny', '*', '*']);
    return found.Condition.StringEquals.ResourceType;
  };
  assert.deepEqual(typesOf('Update:Replace'), LASTING);
  const bySettings = ['AWS::IAM::ManagedPolicy', 'AWS::SecretsManager::Secret'];
  assert.deepEqual(
    typesOf('Update:Delete'),
    LASTING.filter(type => !bySettings.includes(type)),
  );
});
