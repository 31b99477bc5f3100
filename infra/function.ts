import { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { reservedFor } from './concurrency.ts';
import type { EventsOut } from './event-bus.ts';
import { deployedFunctions, type FunctionSpec } from './functions.ts';
import { type SecretPart, secretParts } from './secret-parts.ts';
import type { Settings } from './settings.ts';
import { streamArnOf } from './stream.ts';
import type { PaymentsTable } from './table.ts';

/** What every function stands on. */
export interface Ground {
  settings: Settings;
  table: PaymentsTable;
  secrets: ReadonlyMap<SecretPart, Secret>;
  eventsOut: EventsOut;
  /** Callbacks that could not be stored when they came in. */
  callbackQueue: Queue;
  /** The bundle of `functions/<name>.ts`, its entry in index.js. */
  code: (name: string) => Code;
}

/** A function with its own log group and a role that may do exactly what its entry says. */
export function createFunction(scope: Construct, spec: FunctionSpec, ground: Ground): LambdaFunction {
  const home = new Construct(scope, spec.name);
  const { settings } = ground;
  const reserved = reservedFor(spec, deployedFunctions(settings), settings.accountConcurrency);
  const logGroup = new LogGroup(home, 'Logs', { retention: settings.logRetentionDays });
  return new LambdaFunction(home, 'Function', {
    description: `functions/${spec.name}.ts`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: ground.code(spec.name),
    handler: 'index.handler',
    timeout: Duration.seconds(spec.timeoutSeconds),
    memorySize: spec.memoryMb,
    loggingFormat: LoggingFormat.JSON,
    logGroup,
    role: new Role(home, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { own: new PolicyDocument({ statements: grants(spec, ground, logGroup) }) },
    }),
    environment: environment(spec, ground),
    // Brings the grant to write traces.
    ...(settings.tracing === 'active' && { tracing: Tracing.ACTIVE }),
    ...(reserved !== null && { reservedConcurrentExecutions: reserved }),
  });
}

/** What Lambda does in the name of a function that runs on a stream. */
const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];

/** What Lambda itself does with a function's queue, in the function's name. */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

function grants(spec: FunctionSpec, ground: Ground, logGroup: LogGroup): PolicyStatement[] {
  const { table, eventsOut, callbackQueue } = ground;
  const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
  const onDynamoDb = (actions: readonly string[], resource: string) =>
    allow(
      actions.map(action => `dynamodb:${action}`),
      [resource],
    );
  const statements = [allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn])];
  if (spec.table.length > 0) statements.push(onDynamoDb(spec.table, table.tableArn));
  if (spec.queries) {
    const indexArns = spec.queries.map(name => `${table.tableArn}/index/${name}`);
    statements.push(allow(['dynamodb:Query'], indexArns));
  }
  if (spec.secrets.length > 0) {
    const arns = secretsOf(spec, ground).map(([, secret]) => secret.secretArn);
    statements.push(allow(['secretsmanager:GetSecretValue'], arns));
  }
  if (spec.queue) statements.push(allow(['sqs:SendMessage'], [callbackQueue.queueArn]));
  if ('callbackQueue' in spec.trigger) statements.push(allow(CONSUME, [callbackQueue.queueArn]));
  if (spec.publishes) statements.push(allow(['events:PutEvents'], [eventsOut.bus.eventBusArn]));
  if ('stream' in spec.trigger) {
    statements.push(onDynamoDb(STREAM_ACTIONS, streamArnOf(table)));
    statements.push(allow(['sqs:SendMessage'], [eventsOut.failures.queueArn]));
  }
  return statements;
}

/** What `readSettings` and its neighbours read, beside the variables that Lambda itself sets; nothing in it is secret. */
function environment(spec: FunctionSpec, ground: Ground): Record<string, string> {
  const { settings, table, eventsOut, callbackQueue } = ground;
  if (spec.publishes) return { EVENT_BUS_NAME: eventsOut.bus.eventBusName };
  return {
    TABLE_NAME: table.tableName,
    DEPLOYMENT_ID: settings.deploymentId,
    ZEUS_BASE_URL: settings.gatewayBaseUrl,
    TEST_PAYMENTS: settings.testPayments,
    ...(settings.strictCallbacks && { STRICT_CALLBACKS: 'true' }),
    ...(settings.orderRetentionDays !== null && { ORDER_RETENTION_DAYS: String(settings.orderRetentionDays) }),
    ...(spec.chargesWithout && { THREE_D_SECURE: settings.threeDSecure }),
    ...(spec.authenticates && { THREE_D_SECURE_OUTSIDE: settings.threeDSecureOutside }),
    ...Object.fromEntries(
      secretsOf(spec, ground).map(([part, { secretArn }]) => [secretParts[part].variable, secretArn]),
    ),
    ...(spec.sources && { CALLBACK_SOURCES: settings.callbackSources.join(',') }),
    ...(spec.queue && { CALLBACK_QUEUE_URL: callbackQueue.queueUrl }),
  };
}

function secretsOf(spec: FunctionSpec, { secrets }: Ground): [SecretPart, Secret][] {
  return [...secrets].filter(([part]) => spec.secrets.includes(part));
}
