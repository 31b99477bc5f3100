import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { FunctionSpec } from './functions.ts';
import type { Settings } from './settings.ts';

/** What every function stands on. */
export interface Ground {
  settings: Settings;
  table: TableV2;
  secret: Secret;
  /** The bundle of `functions/<name>.ts`, its entry in index.js. */
  code: (name: string) => Code;
}

/** A function with its own log group and a role that may do exactly what its entry says. */
export function createFunction(scope: Construct, spec: FunctionSpec, ground: Ground): LambdaFunction {
  const home = new Construct(scope, spec.name);
  const { settings } = ground;
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
    ...(settings.reservedConcurrency !== null && { reservedConcurrentExecutions: settings.reservedConcurrency }),
  });
}

function grants(spec: FunctionSpec, { table, secret }: Ground, logGroup: LogGroup): PolicyStatement[] {
  const allow = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
  const statements = [
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
    allow(
      spec.table.map(action => `dynamodb:${action}`),
      [table.tableArn],
    ),
  ];
  if (spec.queries) {
    const indexArns = spec.queries.map(name => `${table.tableArn}/index/${name}`);
    statements.push(allow(['dynamodb:Query'], indexArns));
  }
  if (spec.secret) statements.push(allow(['secretsmanager:GetSecretValue'], [secret.secretArn]));
  return statements;
}

/** The functions' only seams beside the AWS SDK's own variables; nothing in it is secret. */
function environment(spec: FunctionSpec, { settings, table, secret }: Ground): Record<string, string> {
  return {
    TABLE_NAME: table.tableName,
    SECRET_ID: secret.secretArn,
    DEPLOYMENT_ID: settings.deploymentId,
    ZEUS_BASE_URL: settings.gatewayBaseUrl,
    ...(spec.sources && { CALLBACK_SOURCES: settings.callbackSources.join(',') }),
  };
}
