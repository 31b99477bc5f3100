import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { type FunctionSpec, functions } from '../../infra/functions.ts';
import { partNames, secretParts } from '../../infra/secret-parts.ts';
import { functionOf, resourcesOf, source, templateWith } from './template.ts';

const template = templateWith({ gatewayBaseUrl: 'https://gateway.example' });
const [tableId = ''] = Object.keys(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));
const secretIds = Object.keys(resourcesOf(template, 'AWS::SecretsManager::Secret'));
const secretOf = (part: string) => ({ Ref: secretIds.find(id => id.startsWith(`${part}Secret`)) });
const queueId = Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).find(id => id.startsWith('CallbackQueue'));
const busId = Object.keys(resourcesOf(template, 'AWS::Events::EventBus'))[0];
const failuresId = Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).find(id => id.startsWith('PublishFailures'));
const tableArn = { 'Fn::GetAtt': [tableId, 'Arn'] };

test('functions/ is exactly what is deployed', () => {
  const files = readdirSync(new URL('../../functions', import.meta.url));
  assert.deepEqual(files.sort(), functions.map(({ name }) => `${name}.ts`).sort());
});

/** The parts of the secret and the variables that name them, as the template and the functions call them. */
const variables = {
  IpCodes: 'IP_CODES_SECRET_ID',
  CardKey: 'CARD_KEY_SECRET_ID',
  CarrierKey: 'CARRIER_KEY_SECRET_ID',
  PathToken: 'PATH_TOKEN_SECRET_ID',
} as const;

/** What each function may do with the table and the secrets, written down a second time on purpose. */
const granted: Record<
  string,
  { table: string[]; queries: string[]; secrets: (keyof typeof variables)[]; seconds: number; queue?: string[] }
> = {
  'token-charge': { table: ['GetItem', 'PutItem', 'UpdateItem'], queries: [], secrets: ['IpCodes'], seconds: 125 },
  'recurring-charge': { table: ['PutItem'], queries: [], secrets: ['IpCodes'], seconds: 125 },
  'card-authentication': {
    table: ['PutItem', 'UpdateItem'],
    queries: [],
    secrets: ['IpCodes', 'CardKey'],
    seconds: 130,
  },
  'card-completion': { table: ['GetItem', 'PutItem'], queries: [], secrets: [], seconds: 130 },
  'card-deletion': { table: ['GetItem', 'PutItem'], queries: [], secrets: ['IpCodes'], seconds: 125 },
  cancel: { table: ['GetItem', 'PutItem'], queries: [], secrets: ['IpCodes', 'CardKey'], seconds: 125 },
  'carrier-order': { table: ['PutItem'], queries: [], secrets: ['IpCodes'], seconds: 28 },
  'carrier-settle': { table: ['GetItem', 'PutItem'], queries: [], secrets: ['IpCodes', 'CarrierKey'], seconds: 125 },
  'carrier-return': { table: ['GetItem', 'PutItem'], queries: [], secrets: ['IpCodes', 'CarrierKey'], seconds: 125 },
  'cvs-order': { table: ['PutItem'], queries: [], secrets: ['IpCodes'], seconds: 125 },
  orders: {
    table: ['BatchGetItem', 'GetItem', 'PutItem'],
    queries: ['byAttention', 'byCard', 'byMonth', 'byOrderNumber', 'byReference', 'byStatus'],
    secrets: [],
    seconds: 28,
  },
  callback: {
    table: ['GetItem', 'PutItem'],
    queries: [],
    secrets: ['IpCodes', 'PathToken'],
    seconds: 35,
    queue: ['SendMessage'],
  },
  'callback-retry': {
    table: ['GetItem', 'PutItem'],
    queries: [],
    secrets: ['IpCodes'],
    seconds: 20,
    queue: ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'],
  },
  'due-work': {
    table: ['BatchGetItem', 'GetItem', 'PutItem'],
    queries: ['byAttention', 'byDue'],
    secrets: ['IpCodes', 'CardKey', 'CarrierKey'],
    seconds: 300,
  },
  publish: { table: [], queries: [], secrets: [], seconds: 60 },
};

for (const spec of functions) {
  test(`${spec.name}: runtime, time and environment`, () => {
    const { Properties } = functionOf(template, spec.name);
    assert.equal(Properties.Runtime, 'nodejs24.x');
    assert.deepEqual(Properties.Architectures, ['arm64']);
    assert.equal(Properties.Timeout, granted[spec.name]?.seconds);
    assert.equal(Properties.LoggingConfig.LogFormat, 'JSON');
    assert.equal(Properties.ReservedConcurrentExecutions, undefined);
    const ofOrders = {
      TABLE_NAME: { Ref: tableId },
      DEPLOYMENT_ID: 'test',
      ZEUS_BASE_URL: 'https://gateway.example',
      TEST_PAYMENTS: 'refuse',
      ...Object.fromEntries((granted[spec.name]?.secrets ?? []).map(part => [variables[part], secretOf(part)])),
      ...(spec.name === 'token-charge' && { THREE_D_SECURE: 'optional' }),
      ...(['card-authentication', 'card-completion'].includes(spec.name) && { THREE_D_SECURE_OUTSIDE: 'refuse' }),
      ...(spec.name === 'callback' && { CALLBACK_SOURCES: source, CALLBACK_QUEUE_URL: { Ref: queueId } }),
    };
    const expected = spec.name === 'publish' ? { EVENT_BUS_NAME: { Ref: busId } } : ofOrders;
    assert.deepEqual(Properties.Environment.Variables, expected);
  });

  test(`${spec.name}: a role of its own with exactly these grants`, () => {
    const { Properties } = functionOf(template, spec.name);
    const logGroup = { 'Fn::GetAtt': [Properties.LoggingConfig.LogGroup.Ref, 'Arn'] };
    assert.deepEqual(statementsOf(Properties.Role['Fn::GetAtt'][0]), expectedStatements(spec, logGroup));
  });
}

test('no two functions share a role or a log group', () => {
  const all = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).map(fn => fn.Properties);
  assert.equal(new Set(all.map(fn => fn.Role['Fn::GetAtt'][0])).size, functions.length);
  assert.equal(new Set(all.map(fn => fn.LoggingConfig.LogGroup.Ref)).size, functions.length);
});

test('no grant of a function is made outside its role, and none is a wildcard', () => {
  assert.deepEqual(resourcesOf(template, 'AWS::IAM::Policy'), {});
  for (const { Properties } of Object.values(resourcesOf(template, 'AWS::IAM::Role'))) {
    assert.equal(Properties.ManagedPolicyArns, undefined);
    for (const { PolicyDocument } of Properties.Policies) assert.doesNotMatch(JSON.stringify(PolicyDocument), /\*/);
  }
});

test('every value of the secret lies in one secret, which those read who need it', () => {
  const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret');
  assert.equal(Object.keys(secrets).length, Object.keys(variables).length);
  const held = partNames.flatMap(part => secretParts[part].holds);
  assert.equal(new Set(held).size, held.length);
  const readers = (part: keyof typeof variables) =>
    functions.filter(({ name }) => granted[name]?.secrets.includes(part)).map(({ name }) => name);
  assert.deepEqual(readers('CardKey'), ['card-authentication', 'cancel', 'due-work']);
  assert.deepEqual(readers('CarrierKey'), ['carrier-settle', 'carrier-return', 'due-work']);
  assert.deepEqual(readers('PathToken'), ['callback']);
});

function statementsOf(roleId: string): object[] {
  const role = resourcesOf(template, 'AWS::IAM::Role')[roleId]?.Properties;
  assert.equal(role?.Policies.length, 1);
  return role.Policies[0].PolicyDocument.Statement;
}

const onDynamoDb = (actions: string[]) => actions.map(action => `dynamodb:${action}`);
const onQueue = (actions: string[]) => actions.map(action => `sqs:${action}`);

/** What Lambda does in the name of a stream's function. */
const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

function expectedStatements(spec: FunctionSpec, logGroup: object): object[] {
  const expected = granted[spec.name];
  assert.ok(expected, `say in this test what ${spec.name} may do`);
  const allow = (actions: string[], resources: unknown[]) => ({
    Action: actions.length === 1 ? actions[0] : actions,
    Effect: 'Allow',
    Resource: resources.length === 1 ? resources[0] : resources,
  });
  const index = (name: string) => ({ 'Fn::Join': ['', [tableArn, `/index/${name}`]] });
  return [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup]),
    ...(expected.table.length > 0 ? [allow(onDynamoDb(expected.table), [tableArn])] : []),
    ...(expected.queries.length > 0 ? [allow(['dynamodb:Query'], expected.queries.map(index))] : []),
    ...(expected.secrets.length > 0
      ? [allow(['secretsmanager:GetSecretValue'], expected.secrets.toSorted().map(secretOf))]
      : []),
    ...(expected.queue ? [allow(onQueue(expected.queue), [{ 'Fn::GetAtt': [queueId, 'Arn'] }])] : []),
    ...(spec.name === 'publish'
      ? [
          allow(['events:PutEvents'], [{ 'Fn::GetAtt': [busId, 'Arn'] }]),
          allow(onDynamoDb(streamActions), [{ 'Fn::GetAtt': [tableId, 'StreamArn'] }]),
          allow(['sqs:SendMessage'], [{ 'Fn::GetAtt': [failuresId, 'Arn'] }]),
        ]
      : []),
  ];
}
