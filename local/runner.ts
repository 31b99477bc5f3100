import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDocs } from './api-page.ts';
import { type Deployed, synthesise } from './assembly.ts';
import { createTable, startDynamoDb } from './dynamodb.ts';
import { lambdaEnvironment } from './environment.ts';
import { type LocalEventBus, startEventBus } from './event-bus.ts';
import { forward } from './forward.ts';
import { answerByFunction, MAX_EVENT_BYTES } from './function-url.ts';
import { findMissing, startGuard } from './guard.ts';
import { answerByRoute, MAX_REQUEST_BYTES } from './http-api.ts';
import { type RunningFunction, startFunction } from './lambda.ts';
import { outputsOf } from './outputs.ts';
import { startQueueMapping } from './queue-mapping.ts';
import { type Queues, startQueues } from './queues.ts';
import { runSchedules, startSchedules } from './schedules.ts';
import { localSecrets, secretsOf, startSecrets } from './secrets.ts';
import { type Answer, jsonAnswer, type Request, serve } from './server.ts';
import type { LocalSettings } from './settings.ts';
import { loadShop } from './shop.ts';
import { createShopServer } from './shop-server.ts';
import { neededForStream, type RunningStream, startStream } from './stream.ts';
import { buildVendorScript } from './vendor-script.ts';

export interface Runner {
  /** The line that says where everything answers. */
  ready: string;
  deployed: Deployed;
  queues: Queues;
  /** For the scripts. */
  outputs: object;
  stop(): Promise<void>;
}

/** A batch's items come to 16 MB at most. */
const MAX_DYNAMODB_BYTES = 16 * 1024 * 1024;

type Log = (line: string) => void;

/** Starts everything that the stack deploys, on this machine. `log` gets the functions' lines. */
export async function startRunner(settings: LocalSettings, log: Log): Promise<Runner> {
  const urls = urlsOf(settings);
  const ground = await startGround(settings, urls);
  const functions = startFunctions(ground, log);
  const streams = startStreams(ground, functions);
  const consumers = ground.deployed.queueMappings.map(mapping =>
    startQueueMapping(ground.servicesUrl, mapping, find(functions, mapping.functionName).invoke),
  );
  const front = await startFront(settings, urls, { ...ground, streams }, functions);
  const outputs = outputsOf(ground.deployed, {
    api: `http://127.0.0.1:${settings.ports.API_PORT}`,
    callbacks: `http://127.0.0.1:${settings.ports.CALLBACK_PORT}`,
    secrets: ground.secretsUrl,
    dynamoDb: ground.dynamodb.endpoint,
  });
  return {
    deployed: ground.deployed,
    queues: ground.queues,
    outputs,
    ready: [
      `ready: shop and merchant API http://127.0.0.1:${settings.ports.API_PORT}/`,
      `gateway ${urls.gateway}/`,
      `DynamoDB (${ground.dynamodb.engine}) http://127.0.0.1:${settings.ports.DYNAMODB_PORT}/`,
      `callbacks ${Object.values(urls.callbacks).join(' ')}`,
    ].join(', '),
    stop: async () => {
      await front.stop();
      // The sources first: they must begin nothing while the functions end.
      const sources = [...streams, ...consumers].map(source => source.stop());
      await Promise.all([...sources, ...[...functions.values()].map(fn => fn.close())]);
      await ground.stop();
    },
  };
}

function urlsOf({ ports, gatewayBaseUrl }: LocalSettings) {
  const callbacks = `http://127.0.0.1:${ports.CALLBACK_PORT}/${localSecrets.callback.pathToken}`;
  return {
    gateway: gatewayBaseUrl ?? `http://127.0.0.1:${ports.GATEWAY_PORT}`,
    simulated: gatewayBaseUrl === null,
    callbacks: { card: `${callbacks}/card`, carrier: `${callbacks}/carrier`, cvs: `${callbacks}/cvs` },
  };
}
type Urls = ReturnType<typeof urlsOf>;

/** What the functions stand on: their bundles, the tables, the secrets, and the gateway. */
async function startGround({ ports, gatewayBaseUrl, dataDir, testPayments }: LocalSettings, urls: Urls) {
  const outdir = fileURLToPath(new URL(`../cdk.out/local-${ports.API_PORT}`, import.meta.url));
  // Where the shop's own cdk.json deploys to is nothing to this machine.
  const elsewhere = { account: null, region: null, restoredTable: null };
  const context = {
    ...elsewhere,
    deploymentId: 'local',
    callbackSources: ['127.0.0.1'],
    gatewayBaseUrl: urls.gateway,
    testPayments,
  };
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const [deployed, dynamodb, eventBus, simulator] = await Promise.all([
    synthesise(context, outdir),
    startDynamoDb({ port: 0, ...(dataDir && { dataDir }) }),
    startEventBus(),
    gatewayBaseUrl ? null : startGateway(ports.GATEWAY_PORT, urls.callbacks),
  ]);
  const secrets = await startSecrets(secretsOf(deployed.functions.map(({ environment }) => environment)));
  await Promise.all(deployed.tables.map(table => createTable(dynamodb.endpoint, table)));
  const queues = await startQueues(deployed.queues, { file: dataDir && path.join(dataDir, 'queues.json') });
  const front = await serve(ports.DYNAMODB_PORT, MAX_DYNAMODB_BYTES, request => forward(request, dynamodb.endpoint));
  const grants = new Map(deployed.functions.map(fn => [fn.name, fn.grants]));
  const guard = await startGuard(
    grants,
    {
      dynamodb: dynamodb.endpoint,
      eventBridge: eventBus.endpoint,
      secretsManager: secrets.endpoint,
      sqs: queues.endpoint,
    },
    console.error,
  );
  const stop = async () => {
    const services = [secrets, eventBus, queues, dynamodb];
    await Promise.all([simulator?.close(), guard.close(), front.close(), ...services.map(service => service.stop())]);
  };
  return { deployed, dynamodb, eventBus, queues, secretsUrl: secrets.endpoint, servicesUrl: guard.url, stop };
}
type Ground = Awaited<ReturnType<typeof startGround>>;

/** Loaded only where it is used: another gateway needs no simulator. */
async function startGateway(port: number, callbacks: Urls['callbacks']) {
  const { startSimulator } = await import('./simulator/simulator.ts');
  return startSimulator({ port, callbacks, vendorScript: buildVendorScript });
}

function startFunctions({ deployed, servicesUrl }: Ground, log: Log): Map<string, RunningFunction> {
  const start = (fn: Deployed['functions'][number]) =>
    startFunction({ ...fn, environment: lambdaEnvironment(fn, servicesUrl) }, log);
  return new Map(deployed.functions.map(fn => [fn.name, start(fn)]));
}

function startStreams(
  { deployed, dynamodb, servicesUrl }: Ground,
  functions: Map<string, RunningFunction>,
): RunningStream[] {
  return deployed.streams.map(mapping => {
    const { grants } = deployed.functions.find(fn => fn.name === mapping.functionName) ?? {};
    const missing = findMissing(grants, neededForStream(mapping));
    if (missing) throw new Error(`the role of ${mapping.functionName} lacks ${missing.action} on ${missing.resource}`);
    const { invoke } = find(functions, mapping.functionName);
    return startStream(mapping, { dynamodb: dynamodb.endpoint, servicesUrl, invoke, complain: console.error });
  });
}

/** Once what happened before has reached the bus, or has not within this time. */
const CATCH_UP_MS = 5_000;

async function publishedEvents(bus: LocalEventBus, streams: readonly RunningStream[]): Promise<Answer> {
  const caughtUp = Promise.all(streams.map(stream => stream.caughtUp()));
  await Promise.race([caughtUp, new Promise(resolve => setTimeout(resolve, CATCH_UP_MS))]);
  return jsonAnswer(200, bus.events);
}

function find(functions: Map<string, RunningFunction>, name: string): RunningFunction {
  const fn = functions.get(name);
  if (!fn) throw new Error(`the template has no function ${name}`);
  return fn;
}

/** What calls the functions: the two servers and the clock. */
async function startFront(
  { ports }: LocalSettings,
  urls: Urls,
  { deployed, eventBus, streams }: Ground & { streams: RunningStream[] },
  functions: Map<string, RunningFunction>,
) {
  const withInvoke = <T extends { functionName: string }>(it: T) => {
    return { ...it, invoke: find(functions, it.functionName).invoke };
  };
  const routes = deployed.routes.map(withInvoke);
  const schedules = deployed.schedules.map(withInvoke);
  const [callback, ...others] = deployed.publicUrls.map(withInvoke);
  if (!callback || others.length > 0) throw new Error('the stack must have exactly one function URL');
  const shop = new Map([
    ...loadShop(fileURLToPath(new URL('./shop', import.meta.url)), urls.gateway),
    ...loadDocs(urls.gateway),
  ]);

  const answerHere = async ({ method, path, rawQuery }: Request): Promise<Answer | null> => {
    if (method === 'POST' && path === '/_local/schedule') return runSchedules(schedules, rawQuery);
    if (method !== 'GET') return null;
    if (path === '/_local/events') return publishedEvents(eventBus, streams);
    return path === '/_local/settings' ? jsonAnswer(200, pageSettings(urls)) : (shop.get(path) ?? null);
  };
  const shopServer = createShopServer(request => answerByRoute(routes, request));
  const servers = await Promise.all([
    serve(
      ports.API_PORT,
      MAX_REQUEST_BYTES,
      async request => {
        const answer =
          (await answerByRoute(routes, request)) ?? (await shopServer(request)) ?? (await answerHere(request));
        return answer ?? jsonAnswer(404, { message: 'Not Found' });
      },
      { links: true },
    ),
    serve(ports.CALLBACK_PORT, MAX_EVENT_BYTES, request => answerByFunction(callback.invoke, request)),
  ]);
  const stopSchedules = startSchedules(schedules);
  const stop = async () => {
    stopSchedules();
    await Promise.all(servers.map(server => server.close()));
  };
  return { stop };
}

/** What a payment page must know to get a token straight from the gateway. */
function pageSettings(urls: Urls): object {
  return { gatewayUrl: urls.gateway, cardIpCode: localSecrets.card.clientip, simulated: urls.simulated };
}
