import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTemplate } from '../../../infra/local/assembly.ts';
import { lambdaEnvironment } from '../../../infra/local/environment.ts';
import { resolve } from '../../../infra/local/intrinsics.ts';

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const tableArn = 'arn:aws:dynamodb:ap-northeast-1:000000000000:globaltable:Table';
const resources = {
  Fn: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: 'abc.zip' },
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 35,
      Role: arnOf('Role'),
      Environment: {
        Variables: { TABLE_NAME: { Ref: 'Table' }, SECRET_ID: { Ref: 'Secret' }, DEPLOYMENT_ID: 'local' },
      },
    },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              { Action: ['dynamodb:GetItem', 'dynamodb:PutItem'], Effect: 'Allow', Resource: arnOf('Table') },
              {
                Action: 'dynamodb:Query',
                Effect: 'Allow',
                Resource: [
                  { 'Fn::Join': ['', [arnOf('Table'), '/index/a']] },
                  { 'Fn::Join': ['', [arnOf('Table'), '/index/b']] },
                ],
              },
            ],
          },
        },
      ],
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { RouteKey: 'POST /a', Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] } },
  },
  Integration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { IntegrationUri: arnOf('Fn') } },
  Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: arnOf('Fn') } },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression: 'rate(5 minutes)', Target: { Arn: arnOf('Fn') } },
  },
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      GlobalSecondaryIndexes: [],
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    },
  },
  Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
};

test('a template is read into what runs here', () => {
  assert.deepEqual(
    readTemplate(resources, hash => `/out/asset.${hash}`),
    {
      functions: [
        {
          name: 'Fn',
          grants: [
            { action: 'dynamodb:GetItem', resource: tableArn },
            { action: 'dynamodb:PutItem', resource: tableArn },
            { action: 'dynamodb:Query', resource: `${tableArn}/index/a` },
            { action: 'dynamodb:Query', resource: `${tableArn}/index/b` },
          ],
          file: '/out/asset.abc/index.js',
          handler: 'handler',
          timeoutSeconds: 35,
          memoryMb: 512,
          environment: {
            TABLE_NAME: 'Table',
            SECRET_ID: 'arn:aws:secretsmanager:ap-northeast-1:000000000000:secret:Secret',
            DEPLOYMENT_ID: 'local',
          },
        },
      ],
      routes: [{ routeKey: 'POST /a', functionName: 'Fn' }],
      publicUrls: [{ functionName: 'Fn' }],
      schedules: [{ everyMinutes: 5, functionName: 'Fn' }],
      tables: [
        {
          TableName: 'Table',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          GlobalSecondaryIndexes: [],
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        },
      ],
    },
  );
});

test('a schedule of another kind is not passed over', () => {
  const Schedule = {
    ...resources.Schedule,
    Properties: { ...resources.Schedule.Properties, ScheduleExpression: 'cron(0 0 * * ? *)' },
  };
  assert.throws(() => readTemplate({ ...resources, Schedule }, String), /cron\(0 0/);
});

test('an intrinsic function that is not known here is not guessed', () => {
  assert.equal(resolve({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, {}), 'a-ap-northeast-1-1');
  assert.throws(() => resolve({ 'Fn::ImportValue': 'x' }, {}), /Fn::ImportValue/);
});

test("a function's own variables stand beside Lambda's, which lead the SDK to the engine and the secret", () => {
  const [fn] = readTemplate(resources, hash => `/out/asset.${hash}`).functions;
  assert.ok(fn);
  const environment = lambdaEnvironment(fn, 'http://127.0.0.1:1');
  assert.equal(environment.AWS_ENDPOINT_URL_DYNAMODB, 'http://127.0.0.1:1');
  assert.equal(environment.AWS_ENDPOINT_URL_SECRETS_MANAGER, 'http://127.0.0.1:1');
  assert.equal(environment.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs24.x');
  assert.equal(environment.AWS_ACCESS_KEY_ID, 'Fn');
  assert.equal(environment.TABLE_NAME, 'Table');
});
