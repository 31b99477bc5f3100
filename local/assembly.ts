import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TableDefinition } from './dynamodb.ts';
import type { Grant } from './guard.ts';
import { logicalIdOf, type Resource, type Resources, resolve } from './intrinsics.ts';
import type { FunctionDefinition } from './lambda.ts';
import type { QueueMapping } from './queue-mapping.ts';
import type { QueueDefinition } from './queues.ts';
import { StartProblem } from './settings.ts';
import type { StreamMapping } from './stream.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the stack deploys, as far as it can run here. Functions are named by their logical IDs. */
export interface Deployed {
  functions: DeployedFunction[];
  routes: { routeKey: string; functionName: string }[];
  publicUrls: { functionName: string }[];
  schedules: { everyMinutes: number; functionName: string }[];
  streams: StreamMapping[];
  queues: QueueDefinition[];
  queueMappings: QueueMapping[];
  tables: TableDefinition[];
}

export type DeployedFunction = FunctionDefinition & { grants: Grant[] };

/**
 * Runs the CDK app with this context on top of cdk.json's, into `outdir`. Without CDK's own rules for templates, which take
 * most of the time of a start: "npm run synth", every deployment and test/infra/nag.test.ts apply them.
 */
export async function synthesise(context: Record<string, unknown>, outdir: string): Promise<Deployed> {
  const { context: inFile } = readJson(path.join(root, 'cdk.json')) as { context: object };
  rmSync(outdir, { recursive: true, force: true });
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...inFile, ...context }),
      CDK_VALIDATION: 'false',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  process.once('exit', () => app.kill());
  let complaint = '';
  app.stderr.on('data', chunk => {
    complaint += chunk;
  });
  const code = await new Promise((done, failed) => app.once('close', done).once('error', failed));
  if (code !== 0) throw new StartProblem(`the CDK app failed:\n${complaint}`);
  // The bundles are CJS, as on Lambda, whatever package.json lies above this folder.
  writeFileSync(path.join(outdir, 'package.json'), '{"type":"commonjs"}');
  return readAssembly(outdir);
}

export function readAssembly(outdir: string): Deployed {
  const { artifacts } = readJson(path.join(outdir, 'manifest.json')) as Manifest;
  const [stack] = Object.entries(artifacts).filter(([, artifact]) => artifact.type === 'aws:cloudformation:stack');
  if (!stack) throw new Error('the CDK app synthesised no stack');
  const { Resources } = readJson(path.join(outdir, stack[1].properties.templateFile)) as { Resources: Resources };
  const assets = readJson(path.join(outdir, `${stack[0]}.assets.json`)) as Assets;
  const bundleFolder = (hash: string) => path.join(outdir, assets.files[hash]?.source.path ?? '');
  return readTemplate(Resources, bundleFolder);
}

/** `bundleFolder` finds an asset's folder by its hash. */
export function readTemplate(resources: Resources, bundleFolder: (hash: string) => string): Deployed {
  const value = (of: unknown) => resolve(of, resources);
  const functionName = (arn: unknown) => logicalIdOf(value(arn));
  const integrationTarget = (target: unknown) => {
    const integration = resources[value(target).replace('integrations/', '')];
    return functionName(integration?.Properties.IntegrationUri);
  };
  return {
    functions: ofType(resources, 'AWS::Lambda::Function', (it, id) => ({
      ...readFunction(it, id, bundleFolder, value),
      grants: readGrants(resources[logicalIdOf(value(it.Role))]?.Properties, value),
    })),
    routes: ofType(resources, 'AWS::ApiGatewayV2::Route', ({ RouteKey, Target }) => ({
      routeKey: String(RouteKey),
      functionName: integrationTarget(Target),
    })),
    publicUrls: ofType(resources, 'AWS::Lambda::Url', it => ({ functionName: functionName(it.TargetFunctionArn) })),
    schedules: ofType(resources, 'AWS::Scheduler::Schedule', it => ({
      everyMinutes: readRate(String(it.ScheduleExpression)),
      functionName: functionName((it.Target as { Arn: unknown }).Arn),
    })),
    streams: ofType(resources, 'AWS::Lambda::EventSourceMapping', it => readStream(it, value)).flat(),
    queues: ofType(resources, 'AWS::SQS::Queue', (it, id) => readQueue(it, id, value)),
    queueMappings: ofType(resources, 'AWS::Lambda::EventSourceMapping', it => readQueueMapping(it, value)).flat(),
    tables: ofType(resources, 'AWS::DynamoDB::GlobalTable', readTable),
  };
}

type Properties = Resource['Properties'];
interface Manifest {
  artifacts: Record<string, { type: string; properties: { templateFile: string } }>;
}
interface Assets {
  files: Record<string, { source: { path: string } }>;
}

function ofType<T>(resources: Resources, type: string, read: (properties: Properties, id: string) => T): T[] {
  return Object.entries(resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => read(resource.Properties, id));
}

function readFunction(
  properties: Properties,
  id: string,
  bundleFolder: (hash: string) => string,
  value: (of: unknown) => string,
): FunctionDefinition {
  const { Code, Environment, Handler, MemorySize, Timeout } = properties;
  const [file = '', handler = ''] = String(Handler).split('.');
  const hash = (Code as { S3Key: string }).S3Key.replace(/\.zip$/, '');
  const variables = (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  return {
    name: id,
    file: path.join(bundleFolder(hash), `${file}.js`),
    handler,
    environment: Object.fromEntries(Object.entries(variables).map(([name, of]) => [name, value(of)])),
    timeoutSeconds: Number(Timeout),
    memoryMb: Number(MemorySize),
  };
}

interface Policy {
  PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
}

/** The stack writes every grant into the role itself, and only allows. */
function readGrants(role: Properties | undefined, value: (of: unknown) => string): Grant[] {
  const statements = ((role?.Policies ?? []) as Policy[]).flatMap(policy => policy.PolicyDocument.Statement);
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap(action => [Resource].flat().map(resource => ({ action, resource: value(resource) }))),
  );
}

function readTable(properties: Properties, id: string): TableDefinition {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, StreamSpecification } = properties;
  return {
    TableName: id,
    KeySchema,
    AttributeDefinitions,
    GlobalSecondaryIndexes,
    StreamSpecification: { StreamEnabled: true, ...(StreamSpecification as object) },
  } as TableDefinition;
}

/** None where the source is no stream: only streams have a position to start from. */
function readStream(properties: Properties, value: (of: unknown) => string): StreamMapping[] {
  const { StartingPosition, FunctionResponseTypes, DestinationConfig } = properties;
  if (StartingPosition === undefined) return [];
  if (StartingPosition !== 'TRIM_HORIZON')
    throw new Error(`a stream is read from TRIM_HORIZON, not ${StartingPosition}`);
  const streamArn = value(properties.EventSourceArn);
  const { OnFailure } = DestinationConfig as { OnFailure: { Destination: unknown } };
  return [
    {
      functionName: value(properties.FunctionName),
      tableName: streamArn.replace(/\.StreamArn$/, ''),
      streamArn,
      batchSize: Number(properties.BatchSize),
      bisect: properties.BisectBatchOnFunctionError === true,
      retryAttempts: Number(properties.MaximumRetryAttempts),
      maxRecordAgeSeconds: Number(properties.MaximumRecordAgeInSeconds),
      reportsFailures: (FunctionResponseTypes as string[]).includes('ReportBatchItemFailures'),
      failureQueue: value(OnFailure.Destination),
    },
  ];
}

function readQueue({ RedrivePolicy, VisibilityTimeout }: Properties, id: string, value: (of: unknown) => string) {
  const redrive = RedrivePolicy as { deadLetterTargetArn: unknown; maxReceiveCount: number } | undefined;
  return {
    name: id,
    // SQS's own where the template says nothing.
    visibilitySeconds: Number(VisibilityTimeout ?? 30),
    deadLetters: redrive
      ? { queue: logicalIdOf(value(redrive.deadLetterTargetArn)), maxReceives: redrive.maxReceiveCount }
      : null,
  };
}

function readQueueMapping(properties: Properties, value: (of: unknown) => string): QueueMapping[] {
  const { StartingPosition, FunctionName, EventSourceArn, BatchSize, FunctionResponseTypes = [] } = properties;
  if (StartingPosition !== undefined) return [];
  return [
    {
      functionName: value(FunctionName),
      queueName: logicalIdOf(value(EventSourceArn)),
      batchSize: Number(BatchSize),
      reportsFailures: (FunctionResponseTypes as string[]).includes('ReportBatchItemFailures'),
    },
  ];
}

function readRate(expression: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes === undefined) throw new Error(`a schedule of another kind than rate(… minutes): ${expression}`);
  return Number(minutes);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
