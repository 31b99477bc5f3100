import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Deployed, synthesise } from './assembly.ts';
import { createTable, startDynamoDb } from './dynamodb.ts';
import { lambdaEnvironment } from './environment.ts';
import { answerByFunction, MAX_EVENT_BYTES } from './function-url.ts';
import { startGuard } from './guard.ts';
import { answerByRoute, MAX_REQUEST_BYTES } from './http-api.ts';
import { type RunningFunction, startFunction } from './lambda.ts';
import { runSchedules, startSchedules } from './schedules.ts';
import { localSecrets, startSecrets } from './secrets.ts';
import { type Answer, jsonAnswer, type Request, serve } from './server.ts';
import type { LocalSettings } from './settings.ts';
import { loadShop } from './shop.ts';

export interface Runner {
  /** The line that says where everything answers. */
  ready: string;
  stop(): Promise<void>;
}

type Log = (line: string) => void;

/** Starts everything that the stack deploys, on this machine. `log` gets the functions' lines. */
export async function startRunner(settings: LocalSettings, log: Log): Promise<Runner> {
  const urls = urlsOf(settings);
  const ground = await startGround(settings, urls);
  const functions = startFunctions(ground, log);
  const front = await startFront(settings, urls, ground.deployed, functions);
  return {
    ready: [
      `ready: shop and merchant API http://127.0.0.1:${settings.ports.API_PORT}/`,
      `gateway ${urls.gateway}/`,
      `DynamoDB (${ground.dynamodb.engine}) ${ground.dynamodb.endpoint}/`,
      `callbacks ${Object.values(urls.callbacks).join(' ')}`,
    ].join(', '),
    stop: async () => {
      await front.stop();
      await Promise.all([...functions.values()].map(fn => fn.close()));
      await ground.stop();
    },
  };
}

function urlsOf({ ports, gatewayBaseUrl }: LocalSettings) {
  const callbacks = `http://127.0.0.1:${ports.CALLBACK_PORT}/${localSecrets.callback.pathToken}`;
  return {
    gateway: gatewayBaseUrl ?? `http://127.0.0.1:${ports.GATEWAY_PORT}`,
    callbacks: { card: `${callbacks}/card`, carrier: `${callbacks}/carrier`, cvs: `${callbacks}/cvs` },
  };
}
type Urls = ReturnType<typeof urlsOf>;

/** What the functions stand on: their bundles, the tables, the secret, and the gateway. */
async function startGround({ ports, gatewayBaseUrl, dataDir }: LocalSettings, urls: Urls) {
  const outdir = fileURLToPath(new URL(`../../cdk.out/local-${ports.API_PORT}`, import.meta.url));
  const context = { deploymentId: 'local', callbackSources: ['127.0.0.1'], gatewayBaseUrl: urls.gateway };
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const [deployed, dynamodb, secrets, simulator] = await Promise.all([
    synthesise(context, outdir),
    startDynamoDb({ port: ports.DYNAMODB_PORT, ...(dataDir && { dataDir }) }),
    startSecrets(),
    gatewayBaseUrl ? null : startGateway(ports.GATEWAY_PORT, urls.callbacks),
  ]);
  await Promise.all(deployed.tables.map(table => createTable(dynamodb.endpoint, table)));
  const grants = new Map(deployed.functions.map(fn => [fn.name, fn.grants]));
  const guard = await startGuard(
    grants,
    { dynamodb: dynamodb.endpoint, secretsManager: secrets.endpoint },
    console.error,
  );
  const stop = async () => {
    await Promise.all([simulator?.close(), guard.close(), secrets.stop(), dynamodb.stop()]);
  };
  return { deployed, dynamodb, servicesUrl: guard.url, stop };
}
type Ground = Awaited<ReturnType<typeof startGround>>;

/** Loaded only where it is used: another gateway needs no simulator. */
async function startGateway(port: number, callbacks: Urls['callbacks']) {
  const { startSimulator } = await import('../../test/simulator/simulator.ts');
  return startSimulator({ port, callbacks });
}

function startFunctions({ deployed, servicesUrl }: Ground, log: Log): Map<string, RunningFunction> {
  const start = (fn: Deployed['functions'][number]) =>
    startFunction({ ...fn, environment: lambdaEnvironment(fn, servicesUrl) }, log);
  return new Map(deployed.functions.map(fn => [fn.name, start(fn)]));
}

/** What calls the functions: the two servers and the clock. */
async function startFront(
  { ports }: LocalSettings,
  urls: Urls,
  deployed: Deployed,
  functions: Map<string, RunningFunction>,
) {
  const withInvoke = <T extends { functionName: string }>(it: T) => {
    const fn = functions.get(it.functionName);
    if (!fn) throw new Error(`the template has no function ${it.functionName}`);
    return { ...it, invoke: fn.invoke };
  };
  const routes = deployed.routes.map(withInvoke);
  const schedules = deployed.schedules.map(withInvoke);
  const [callback, ...others] = deployed.publicUrls.map(withInvoke);
  if (!callback || others.length > 0) throw new Error('the stack must have exactly one function URL');
  const shop = loadShop(fileURLToPath(new URL('./shop', import.meta.url)));

  const answerHere = async ({ method, path, rawQuery }: Request): Promise<Answer | null> => {
    if (method === 'POST' && path === '/_local/schedule') return runSchedules(schedules, rawQuery);
    if (method !== 'GET') return null;
    return path === '/_local/settings' ? jsonAnswer(200, pageSettings(urls)) : (shop.get(path) ?? null);
  };
  const servers = await Promise.all([
    serve(ports.API_PORT, MAX_REQUEST_BYTES, async request => {
      const answer = (await answerByRoute(routes, request)) ?? (await answerHere(request));
      return answer ?? jsonAnswer(404, { message: 'Not Found' });
    }),
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
  return { gatewayUrl: urls.gateway, cardIpCode: localSecrets.card.clientip };
}
