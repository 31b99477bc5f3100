import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf, readIdentity } from './identity.ts';
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
