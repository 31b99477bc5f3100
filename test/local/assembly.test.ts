import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTemplate } from '../../local/assembly.ts';
import { lambdaEnvironment } from '../../local/environment.ts';
import { resolve, urlOfQueue } from '../../local/intrinsics.ts';

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
  Stream: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: arnOf('Failures') } },
      EventSourceArn: { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      FunctionName: { Ref: 'Fn' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 3600,
      MaximumRetryAttempts: 5,
      StartingPosition: 'TRIM_HORIZON',
    },
  },
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
      streams: [
        {
          functionName: 'Fn',
          tableName: 'Table',
          streamArn: 'Table.StreamArn',
          batchSize: 100,
          bisect: true,
          retryAttempts: 5,
          maxRecordAgeSeconds: 3600,
          reportsFailures: true,
          failureQueue: 'arn:aws:local:ap-northeast-1:000000000000::Failures',
        },
      ],
      queues: [],
      queueMappings: [],
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

test('a stream that is read from elsewhere than its oldest record is not passed over', () => {
  const Stream = { ...resources.Stream, Properties: { ...resources.Stream.Properties, StartingPosition: 'LATEST' } };
  assert.throws(() => readTemplate({ ...resources, Stream }, String), /LATEST/);
});

test('a queue and the mapping that drives its function are read as they are deployed', () => {
  const queue = (properties: object) => ({ Type: 'AWS::SQS::Queue', Properties: { ...properties } });
  const redrive = { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 7 };
  const mapping = { BatchSize: 10, EventSourceArn: arnOf('Calls'), FunctionName: { Ref: 'Fn' } };
  const reporting = { ...mapping, FunctionResponseTypes: ['ReportBatchItemFailures'] };
  const { queues, queueMappings } = readTemplate(
    {
      Fn: resources.Fn,
      Role: resources.Role,
      Table: resources.Table,
      Secret: resources.Secret,
      Dead: queue({}),
      Calls: queue({ VisibilityTimeout: 120, RedrivePolicy: redrive }),
      First: { Type: 'AWS::Lambda::EventSourceMapping', Properties: reporting },
      Second: { Type: 'AWS::Lambda::EventSourceMapping', Properties: mapping },
    },
    String,
  );
  assert.deepEqual(queues, [
    { name: 'Dead', visibilitySeconds: 30, deadLetters: null },
    { name: 'Calls', visibilitySeconds: 120, deadLetters: { queue: 'Dead', maxReceives: 7 } },
  ]);
  const common = { functionName: 'Fn', queueName: 'Calls', batchSize: 10 };
  assert.deepEqual(queueMappings, [
    { ...common, reportsFailures: true },
    { ...common, reportsFailures: false },
  ]);
});

test("a queue's name is its URL, its ARN ends with its logical ID", () => {
  const Calls = { Type: 'AWS::SQS::Queue', Properties: {} };
  assert.equal(resolve({ Ref: 'Calls' }, { Calls }), urlOfQueue('Calls'));
  assert.equal(resolve(arnOf('Calls'), { Calls }), 'arn:aws:sqs:ap-northeast-1:000000000000:queue:Calls');
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
  assert.equal(environment.AWS_ENDPOINT_URL_SQS, 'http://127.0.0.1:1');
  assert.equal(environment.AWS_ENDPOINT_URL_EVENTBRIDGE, 'http://127.0.0.1:1');
  assert.equal(environment.AWS_EXECUTION_ENV, 'AWS_Lambda_nodejs24.x');
  assert.equal(environment.AWS_ACCESS_KEY_ID, 'Fn');
  assert.equal(environment.TABLE_NAME, 'Table');
});
