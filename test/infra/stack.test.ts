import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { routesOf } from '../../infra/payments-stack.ts';
import { expiryAttribute, indexes, tableKey } from '../../shared/aws/indexes.ts';
import { appWith, functionOf, type Resource, resourcesOf, source, templateWith } from './template.ts';

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

/** Who may call what (contract 1), written down a second time on purpose. */
const roleOf: Record<string, string> = {
  'POST /card/charges': 'charge',
  'POST /card/recurring-charges': 'charge',
  'POST /card/authentications': 'charge',
  'POST /card/recurring-authentications': 'charge',
  'POST /card/charges/{orderId}/completion': 'charge',
  'POST /card/deletions': 'operate',
  'POST /card/charges/{orderId}/cancel': 'operate',
  'POST /carrier/orders': 'charge',
  'POST /carrier/orders/{orderId}/settlement': 'operate',
  'DELETE /carrier/orders/{orderId}/settlement': 'operate',
  'POST /carrier/orders/{orderId}/return': 'operate',
  'POST /cvs/orders': 'charge',
  'GET /orders': 'read',
  'GET /orders/{orderId}': 'read',
  'POST /orders/{orderId}/resolution': 'operate',
};
const jwt = templateWith({ authorization: 'jwt', jwtIssuer: 'https://issuer.example', jwtAudience: 'shop' });
const routesIn = (of: typeof template) =>
  Object.values(resourcesOf(of, 'AWS::ApiGatewayV2::Route')).map(route => route.Properties);

test('closed orders expire only where the setting says so, and the functions then write when', () => {
  const expiryOf = (of: typeof template) =>
    Object.values(resourcesOf(of, 'AWS::DynamoDB::GlobalTable'))[0]?.Properties.TimeToLiveSpecification;
  const daysOf = (of: typeof template) =>
    functionOf(of, 'callback').Properties.Environment.Variables.ORDER_RETENTION_DAYS;
  assert.deepEqual([expiryOf(template), daysOf(template)], [undefined, undefined]);
  const retaining = templateWith({ orderRetentionDays: 730 });
  assert.deepEqual(expiryOf(retaining), { AttributeName: expiryAttribute, Enabled: true });
  assert.equal(daysOf(retaining), '730');
});

test('every declared route exists once, with the authorizer and one role', () => {
  assert.deepEqual(routesOf(functions), roleOf);
  const routes = routesIn(template);
  assert.deepEqual(routes.map(route => route.RouteKey).sort(), Object.keys(roleOf).sort());
  for (const route of routes) {
    assert.deepEqual([route.AuthorizationType, route.AuthorizationScopes], ['AWS_IAM', undefined], route.RouteKey);
  }
  for (const { Properties } of Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Integration'))) {
    assert.equal(Properties.PayloadFormatVersion, '2.0');
  }
});

test("a JWT issuer takes the place of IAM on every route, which asks for its role's scope", () => {
  const [authorizer, ...others] = Object.entries(resourcesOf(jwt, 'AWS::ApiGatewayV2::Authorizer'));
  assert.ok(authorizer);
  assert.equal(others.length, 0);
  assert.deepEqual(authorizer[1].Properties.JwtConfiguration, { Issuer: 'https://issuer.example', Audience: ['shop'] });
  const scopes = Object.fromEntries(
    routesIn(jwt).map(({ AuthorizationType, AuthorizerId, RouteKey, AuthorizationScopes }) => {
      assert.deepEqual([AuthorizationType, AuthorizerId], ['JWT', { Ref: authorizer[0] }]);
      return [RouteKey, AuthorizationScopes];
    }),
  );
  const expected = Object.entries(roleOf).map(([route, role]) => [route, [`payments/${role}`]]);
  assert.deepEqual(scopes, Object.fromEntries(expected));
  assert.deepEqual(Object.values(resourcesOf(jwt, 'AWS::IAM::ManagedPolicy')).map(nameOf), [
    'zeus-payments-test-table',
  ]);
});

/** What a policy allows, as method and path, from its one statement. */
function allowedBy(policy: string): string[] {
  const [statement, ...others] = policies[policy]?.PolicyDocument.Statement ?? [];
  assert.deepEqual([statement.Effect, statement.Action, others], ['Allow', 'execute-api:Invoke', []]);
  const [apiId = ''] = Object.keys(resourcesOf(template, 'AWS::ApiGatewayV2::Api'));
  const arn = (end: string) => {
    const head = ['arn:aws:execute-api:ap-northeast-1:', { Ref: 'AWS::AccountId' }, ':', { Ref: apiId }];
    return { 'Fn::Join': ['', [...head, `/$default/${end}`]] };
  };
  return [statement.Resource].flat().map(resource => {
    const end: string = resource['Fn::Join'][1].at(-1).replace('/$default/', '');
    assert.deepEqual(resource, arn(end));
    return end;
  });
}
const nameOf = ({ Properties }: Resource): string => Properties.ManagedPolicyName;
const policies = Object.fromEntries(
  Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy'))
    .filter(policy => nameOf(policy) === undefined)
    .map(({ Properties }) => [/role (\w+)$/.exec(Properties.Description)?.[1], Properties]),
);

test('the policy that keeps the table has a name that an account holds once, and is retained like the table', () => {
  const [id = ''] = Object.keys(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'));
  const [keeper, ...others] = Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).filter(nameOf);
  assert.ok(keeper);
  assert.equal(others.length, 0);
  assert.deepEqual([nameOf(keeper), keeper.DeletionPolicy], ['zeus-payments-test-table', 'RetainExceptOnCreate']);
  assert.deepEqual(keeper.Properties.PolicyDocument.Statement, [
    {
      Action: ['dynamodb:DeleteTable', 'dynamodb:UpdateContinuousBackups'],
      Effect: 'Deny',
      Resource: { 'Fn::GetAtt': [id, 'Arn'] },
    },
  ]);
});

test('with IAM there is a managed policy for each role, which allows its routes and none of another role', () => {
  assert.deepEqual(Object.keys(policies).sort(), ['charge', 'operate', 'read']);
  for (const role of Object.keys(policies)) {
    const patterns = allowedBy(role).map(end => new RegExp(`^${end.replaceAll('*', '.*')}$`));
    const allowed = Object.keys(roleOf).filter(route => {
      const call = route.replace(' ', '').replace(/\{\w+\}/, 'any-order');
      return patterns.some(pattern => pattern.test(call));
    });
    assert.deepEqual(
      allowed,
      Object.keys(roleOf).filter(route => roleOf[route] === role),
    );
    assert.equal(patterns.length, allowed.length);
  }
});

test("the access log names the caller: the IAM ARN, or the token's claims that history reads", () => {
  const actorIn = (of: typeof template) => {
    const [stage] = Object.values(resourcesOf(of, 'AWS::ApiGatewayV2::Stage'));
    return JSON.parse(stage?.Properties.AccessLogSettings.Format).actor;
  };
  assert.equal(actorIn(template), '$context.identity.userArn');
  const claims = ['username', 'client_id', 'sub'].map(claim => [claim, `$context.authorizer.claims.${claim}`]);
  assert.deepEqual(actorIn(jwt), Object.fromEntries(claims));
});

test('the one stage is throttled and its access log names no path and no query string', () => {
  const [stage, ...others] = Object.values(resourcesOf(template, 'AWS::ApiGatewayV2::Stage'));
  assert.ok(stage);
  assert.equal(others.length, 0);
  const { StageName, DefaultRouteSettings, AccessLogSettings } = stage.Properties;
  assert.equal(StageName, '$default');
  assert.deepEqual(DefaultRouteSettings, { ThrottlingBurstLimit: 10, ThrottlingRateLimit: 20 });
  const { actor: _, ...fields } = JSON.parse(AccessLogSettings.Format);
  const logged = Object.values(fields);
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

test('the secrets are retained and start with a value that is none', () => {
  const secrets = Object.values(resourcesOf(template, 'AWS::SecretsManager::Secret'));
  assert.equal(secrets.length, 4);
  for (const secret of secrets) {
    assert.equal(secret.DeletionPolicy, 'RetainExceptOnCreate');
    assert.equal(secret.Properties.SecretString, undefined);
    const { SecretStringTemplate, GenerateStringKey } = secret.Properties.GenerateSecretString;
    assert.deepEqual([SecretStringTemplate, GenerateStringKey], ['{}', 'notFilledYet']);
  }
});

test('the outputs name the API, the callback function, the bus, the table, the secrets and the policies, nothing else', () => {
  const outputs = template.toJSON().Outputs as Record<string, { Value: unknown }>;
  assert.deepEqual(Object.keys(outputs).sort(), [
    'ApiUrl',
    'CallbackFunctionUrl',
    'CardKeySecretName',
    'CarrierKeySecretName',
    'ChargePolicyArn',
    'EventBusName',
    'IpCodesSecretName',
    'OperatePolicyArn',
    'PathTokenSecretName',
    'ReadPolicyArn',
    'TableKeeperArn',
    'TableName',
  ]);
  assert.doesNotMatch(JSON.stringify(outputs), /dynamic reference|resolve:/i);
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

test('a restored table takes the place of the own one everywhere, and the own one is kept', () => {
  const tableArn = 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/orders-restored';
  const streamArn = `${tableArn}/stream/2026-12-01T00:00:00.000`;
  const restored = templateWith({ restoredTable: streamArn });
  const [own] = Object.keys(resourcesOf(restored, 'AWS::DynamoDB::GlobalTable'));
  assert.equal(own, Object.keys(resourcesOf(template, 'AWS::DynamoDB::GlobalTable'))[0]);
  for (const { name, table, publishes } of functions) {
    const { Environment, Role } = functionOf(restored, name).Properties;
    if (!publishes) assert.equal(Environment.Variables.TABLE_NAME, 'orders-restored', name);
    const role = JSON.stringify(resourcesOf(restored, 'AWS::IAM::Role')[Role['Fn::GetAtt'][0]]);
    assert.ok(!role.includes(String(own)), name);
    assert.equal(role.includes(tableArn), table.length > 0 || publishes === true, name);
  }
  const mappings = Object.values(resourcesOf(restored, 'AWS::Lambda::EventSourceMapping'));
  assert.ok(mappings.some(({ Properties }) => Properties.EventSourceArn === streamArn));
  assert.equal(restored.toJSON().Outputs.TableName.Value, 'orders-restored');
});

test('a domain of its own leads to the one stage; the endpoint of API Gateway stays', () => {
  const own = templateWith({
    apiDomain: 'payments.example.com',
    apiCertificateArn: 'arn:aws:acm:ap-northeast-1:123456789012:certificate/12ab-34cd',
  });
  const [[id = '', domain] = []] = Object.entries(resourcesOf(own, 'AWS::ApiGatewayV2::DomainName'));
  assert.equal(domain?.Properties.DomainName, 'payments.example.com');
  const [mapping, ...others] = Object.values(resourcesOf(own, 'AWS::ApiGatewayV2::ApiMapping'));
  assert.deepEqual([mapping?.Properties.DomainName, mapping?.Properties.Stage, others], [{ Ref: id }, '$default', []]);
  const outputs = own.toJSON().Outputs;
  assert.deepEqual(outputs.ApiDomainTarget.Value, { 'Fn::GetAtt': [id, 'RegionalDomainName'] });
  assert.deepEqual(outputs.ApiUrl, template.toJSON().Outputs.ApiUrl);
});

test('traces only where the setting says so', () => {
  const modes = (of: typeof template) =>
    new Set(Object.values(resourcesOf(of, 'AWS::Lambda::Function')).map(fn => fn.Properties.TracingConfig?.Mode));
  assert.deepEqual([...modes(template)], [undefined]);
  const active = templateWith({ tracing: 'active' });
  assert.deepEqual([...modes(active)], ['Active']);
  const grants = JSON.stringify(resourcesOf(active, 'AWS::IAM::Policy'));
  assert.equal(grants.split('xray:PutTraceSegments').length - 1, functions.length);
});

test('the access log has a name that needs no entry in the resource policy of logs, and another in each stack', () => {
  const names = Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')).map(group => group.Properties.LogGroupName);
  const [name, ...others] = names.filter(each => each !== undefined);
  assert.deepEqual(others, []);
  const [, [prefix, number]] = name['Fn::Join'];
  assert.equal(prefix, '/aws/vendedlogs/zeus-payments-test/');
  assert.match(JSON.stringify(number), /AWS::StackId/);
});

test('everything carries the deployment as a tag', () => {
  assert.deepEqual(appWith().stack.tags.tagValues(), { 'zeus-payments': 'test' });
});
