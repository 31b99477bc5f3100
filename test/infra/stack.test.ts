import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { indexes, tableKey } from '../../shared/aws/indexes.ts';
import { resourcesOf, source, templateWith } from './template.ts';

const template = templateWith();

test('the table outlives the stack and can be restored; its keys and indexes are those of the store', () => {
  const [table, ...others] = Object.values(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));
  assert.equal(others.length, 0);
  assert.ok(table);
  assert.equal(table.DeletionPolicy, 'RetainExceptOnCreate');
  const { BillingMode, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification, Replicas } =
    table.Properties;
  assert.equal(BillingMode, 'PAY_PER_REQUEST');
  assert.deepEqual(StreamSpecification, { StreamViewType: 'NEW_AND_OLD_IMAGES' });
  assert.equal(Replicas.length, 1);
  assert.equal(Replicas[0].DeletionProtectionEnabled, true);
  assert.deepEqual(Replicas[0].PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
  assert.deepEqual(KeySchema, [{ AttributeName: tableKey, KeyType: 'HASH' }]);
  const attributes = new Set([tableKey, ...indexes.flatMap(index => [index.partitionKey, index.sortKey])]);
  assert.deepEqual(
    AttributeDefinitions.toSorted(byName),
    [...attributes].map(name => ({ AttributeName: name, AttributeType: 'S' })).sort(byName),
  );
  assert.deepEqual(
    GlobalSecondaryIndexes,
    indexes.map(index => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partitionKey, KeyType: 'HASH' },
        { AttributeName: index.sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: index.projection },
    })),
  );
});

test('every declared route exists once, with the authorizer', () => {
  const routes = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Route')).map(route => route.Properties);
  const declared = functions.flatMap(({ trigger }) => ('routes' in trigger ? trigger.routes : []));
  assert.deepEqual(routes.map(route => route.RouteKey).sort(), declared.toSorted());
  for (const route of routes) assert.equal(route.AuthorizationType, 'AWS_IAM', route.RouteKey);
  for (const { Properties } of Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'))) {
    assert.equal(Properties.PayloadFormatVersion, '2.0');
  }
});

test('a JWT issuer takes the place of IAM on every route', () => {
  const jwt = templateWith({ authorization: 'jwt', jwtIssuer: 'https://issuer.example', jwtAudience: 'shop' });
  const [authorizer, ...others] = Object.entries(resourcesOf(jwt, 'AWS::ApiGatewayV2::Authorizer'));
  assert.ok(authorizer);
  assert.equal(others.length, 0);
  assert.deepEqual(authorizer[1].Properties.JwtConfiguration, { Issuer: 'https://issuer.example', Audience: ['shop'] });
  for (const { Properties } of Object.values(resourcesOf(jwt, 'AWS::ApiGatewayV2::Route'))) {
    assert.equal(Properties.AuthorizationType, 'JWT');
    assert.deepEqual(Properties.AuthorizerId, { Ref: authorizer[0] });
  }
});

test('the one stage is throttled and its access log names no path and no query string', () => {
  const [stage, ...others] = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
  assert.ok(stage);
  assert.equal(others.length, 0);
  const { StageName, DefaultRouteSettings, AccessLogSettings } = stage.Properties;
  assert.equal(StageName, '$default');
  assert.deepEqual(DefaultRouteSettings, { ThrottlingBurstLimit: 10, ThrottlingRateLimit: 20 });
  const logged = Object.values(JSON.parse(AccessLogSettings.Format));
  assert.ok(logged.includes('$context.requestId'));
  for (const field of logged) assert.doesNotMatch(String(field), /path|query|uri|protocol|body|header/i);
});

test('one public URL, with both permissions that it needs', () => {
  const urls = Object.values(resourcesOf(template, 'AWS::Lambda::Url')).map(url => url.Properties);
  assert.equal(urls.length, 1);
  const FunctionName = urls[0]?.TargetFunctionArn;
  assert.equal(urls[0]?.AuthType, 'NONE');
  const open = Object.values(resourcesOf(template, 'AWS::Lambda::Permission'))
    .map(permission => permission.Properties)
    .filter(permission => permission.Principal === '*');
  assert.deepEqual(open, [
    { Action: 'lambda:InvokeFunctionUrl', FunctionName, FunctionUrlAuthType: 'NONE', Principal: '*' },
    { Action: 'lambda:InvokeFunction', FunctionName, InvokedViaFunctionUrl: true, Principal: '*' },
  ]);
});

test('the secret is retained and starts with a value that is none', () => {
  const [secret, ...others] = Object.values(resourcesOf(template, 'AWS::SecretsManager::Secret'));
  assert.ok(secret);
  assert.equal(others.length, 0);
  assert.equal(secret.DeletionPolicy, 'RetainExceptOnCreate');
  assert.equal(secret.Properties.SecretString, undefined);
  const { SecretStringTemplate, GenerateStringKey } = secret.Properties.GenerateSecretString;
  assert.deepEqual([SecretStringTemplate, GenerateStringKey], ['{}', 'notFilledYet']);
});

test('the outputs name the API, the callback function, the bus, the table and the secret, and nothing else', () => {
  const outputs = template.toJSON().Outputs as Record<string, { Value: unknown }>;
  assert.deepEqual(Object.keys(outputs).sort(), [
    'ApiUrl',
    'CallbackFunctionUrl',
    'EventBusName',
    'SecretName',
    'TableName',
  ]);
  assert.doesNotMatch(JSON.stringify(outputs), /token|dynamic reference|resolve:/i);
});

test('every log group keeps its lines as long as the settings say', () => {
  const groups = Object.values(resourcesOf(templateWith({ logRetentionDays: 90 }), 'AWS::Logs::LogGroup'));
  assert.equal(groups.length, functions.length + 1);
  for (const { Properties } of groups) assert.equal(Properties.RetentionInDays, 90);
});

test('a method without a contract is not deployed', () => {
  const without = templateWith({ methods: 'cvs' });
  const deployed = Object.values(resourcesOf(without, 'AWS::Lambda::Function')).map(fn => fn.Properties.Description);
  const expected = functions.filter(({ method }) => method === null || method === 'cvs');
  assert.deepEqual(deployed.sort(), expected.map(({ name }) => `functions/${name}.ts`).sort());
});

test('documentation addresses cannot be deployed, real ones can', () => {
  const { Rules, Parameters } = templateWith({ callbackSources: ['192.0.2.1', source] }).toJSON();
  assert.deepEqual(Rules.RefuseDocumentationAddresses.Assertions[0].Assert, {
    'Fn::Equals': [{ Ref: 'CallbackSourcesKind' }, 'real'],
  });
  assert.match(
    Rules.RefuseDocumentationAddresses.Assertions[0].AssertDescription,
    /documentation addresses \(192\.0\.2\.1\)/,
  );
  assert.deepEqual(Parameters.CallbackSourcesKind.AllowedValues, ['documentation']);
  assert.equal(template.toJSON().Rules.RefuseDocumentationAddresses, undefined);
});

function byName(a: { AttributeName: string }, b: { AttributeName: string }): number {
  return a.AttributeName.localeCompare(b.AttributeName);
}
