import { functions as specs } from '../../infra/functions.ts';
import { matchRoute } from '../../local/http-api.ts';
import type { Callback } from '../../local/simulator/gateway.ts';
import type { Answer } from '../../shared/lambda/api.ts';
import type { Trouble } from './campaigns.ts';
import { depsOf, type Variant } from './deps.ts';
import { type ApiFunction, type ApiFunctions, apiFunctions, callbackRetry, dueWork, timeoutOf } from './functions.ts';
import { createStream } from './stream.ts';
import { type Exchange, type Invocation, invoke, Unavailable, type World } from './world.ts';

/** Our functions, with those who call them: shop, gateway, schedule, operator. */
export interface Town {
  world: World;
  /** A call of the merchant API. */
  call(method: string, path: string, key: string | null, body?: object): Promise<Exchange>;
  /** Delivers a callback once; whether it was answered `successok`. `wrong`: what in it is not the gateway's. */
  callBack(callback: Callback, wrong?: WrongCallback | null): Promise<boolean>;
  /** Takes the callbacks of something that the gateway did; set by those who play its delivery. */
  deliver(callbacks: Callback[]): void;
  /** One attempt to store what waits in the queue. */
  retryWaiting(): Promise<void>;
  dueWork(): Promise<void>;
  /** Publishes every change that was not published yet. */
  publishAll(): Promise<void>;
  /** Callbacks that the gateway has sent or wants to send, and whether each was answered `successok` once. */
  callbacks: { callback: Callback; isStored: boolean }[];
}

export type WrongCallback = Extract<
  Trouble,
  'wrong amount' | 'wrong IP code' | "another order's number" | 'two values'
>;

/** After so long API Gateway answers by itself. */
const apiTimeout = 30_000;
const retryAfter = 60_000;
const pathToken = 'local';

export function createTown(world: World, variant: Variant = {}): Town {
  const functions: ApiFunctions = { ...apiFunctions, ...variant.functions?.(world) };
  const { recorder } = world;
  const deps = (me: Invocation, delivery: number | null = null) =>
    depsOf(world, me, variant, { deliver: callbacks => town.deliver(callbacks), delivery });
  const stream = createStream(world, deps);
  watchLog(world);

  const town: Town = {
    world,
    callbacks: [],
    deliver: callbacks => {
      for (const callback of callbacks) town.callbacks.push({ callback, isStored: false });
    },
    async call(method, path, key, body) {
      const { name, event } = eventOf(method, path, key, body);
      const id = recorder.next();
      recorder.add({ kind: 'called', call: id, method, path, key, body: { ...body } });
      const answer = invoke(world, name, timeoutOf(name), me => functions[name](deps(me))(event), { call: id });
      const answered = await heard(world, `${method} ${path}`, answer);
      recorder.add({ kind: 'answered', call: id, ...answered });
      const exchange = { path, request: { ...body }, ...answered };
      return exchange;
    },
    async callBack(callback, wrong = null) {
      const { service, sendpoint, orderNumber, status } = callback;
      const wire = world.gateway.wireOf(callback);
      world.tell(
        () => `the gateway sends ${service} ${status} of ${orderNumber} for ${sendpoint.slice(0, 6)} ${wrong ?? ''}`,
      );
      const event = {
        rawPath: `/${pathToken}/${service}`,
        rawQueryString: wire,
        requestContext: { http: { sourceIp: '127.0.0.1' } },
      } as Parameters<ReturnType<ApiFunctions['callback']>>[0];
      const delivery = recorder.next();
      recorder.add({ kind: 'delivered', delivery, service, wire });
      const run = (me: Invocation) => functions.callback(deps(me, delivery))(event);
      const answer = await invoke(world, 'callback', timeoutOf('callback'), run, { deliveries: [delivery] });
      const body = answer.kind === 'returned' ? (answer.value.body ?? null) : null;
      recorder.add({ kind: 'delivery_answered', delivery, body });
      const isStored = body === 'successok';
      for (const each of town.callbacks)
        if (each.callback === callback && isStored && wrong === null) each.isStored = true;
      if (world.queue.length > 0) world.scheduler.after(retryAfter, () => void town.retryWaiting());
      return isStored;
    },
    async retryWaiting() {
      const batch = world.queue.splice(0);
      if (batch.length === 0) return;
      const Records = batch.map(({ messageId, body, sentAt }) => ({
        messageId,
        body,
        attributes: { SentTimestamp: String(sentAt) },
      }));
      const deliveries = batch.flatMap(({ delivery }) => delivery ?? []);
      let runId = 0;
      const run = (me: Invocation) => {
        runId = me.id;
        return callbackRetry(deps(me))({ Records });
      };
      const tried = await invoke(world, 'callback-retry', timeoutOf('callback-retry'), run, { deliveries });
      const failed = tried.kind === 'returned' ? tried.value.batchItemFailures : null;
      const isLeft = ({ messageId }: (typeof batch)[number]) =>
        failed?.some(({ itemIdentifier }) => itemIdentifier === messageId) ?? true;
      for (const each of batch)
        if (!isLeft(each)) recorder.add({ kind: 'dequeued', run: runId, delivery: each.delivery });
      // A standard queue may deliver a message again that was dealt with.
      const isAgain = () => {
        const again = !world.isCalm && world.policy.queueAgain();
        if (again) world.policy.hits.add('queue delivers again');
        return again;
      };
      world.queue.push(...batch.filter(each => isLeft(each) || isAgain()));
      if (world.queue.length > 0) world.scheduler.after(retryAfter, () => void town.retryWaiting());
    },
    async dueWork() {
      const seconds = timeoutOf('due-work');
      const end = world.scheduler.now() + 1000 * seconds;
      const context = { getRemainingTimeInMillis: () => end - world.scheduler.now() };
      await invoke(world, 'due-work', seconds, async me => {
        await dueWork(deps(me))({}, context).catch(failedRun);
      });
    },
    publishAll: stream.publishAll,
  };
  return town;
}

/** It throws so that a failed run is seen; what failed was logged before. */
function failedRun(error: unknown): never {
  throw (error as Error).message.startsWith('Due work: ') ? new Unavailable('due work failed') : error;
}

/** Functions log what they catch: errors that no schedule may cause are findings. */
function watchLog(world: World): void {
  console.info = ({ event, error, stack = '' }: { event: string; error?: string; stack?: string }) => {
    // `publish` logs so that the bus did not take all.
    const isExpected = error === 'Unavailable' || stack.includes('publishLeft');
    if (event === 'error' && !isExpected) world.bugs.push(`${error}\n${stack}`);
  };
}

/** API Gateway answers a crash, and after 30 s by itself. */
async function heard(world: World, what: string, answer: ReturnType<typeof invoke<Answer>>) {
  const { promise: cut, resolve } = Promise.withResolvers<null>();
  const stop = world.scheduler.timer(apiTimeout, () => resolve(null));
  const first = await Promise.race([answer, cut]);
  stop();
  const value = first?.kind === 'returned' ? first.value : null;
  const status = value?.statusCode ?? null;
  const response = JSON.parse(value?.body ?? 'null');
  world.tell(() => `${what} is answered ${status ?? 'by nothing'} ${response?.status ?? ''} ${response?.code ?? ''}`);
  return { status, isReplayed: value?.headers?.['idempotent-replayed'] === 'true', response };
}

const routes = specs.flatMap(({ name, trigger }) =>
  'routes' in trigger ? Object.keys(trigger.routes).map(route => ({ name: name as ApiFunction, route })) : [],
);

/** The event as the HTTP API makes it, as far as our functions look at it. */
function eventOf(method: string, path: string, key: string | null, body: object | undefined) {
  const [pathname = '', query = ''] = path.split('?');
  for (const { name, route } of routes) {
    const matched = matchRoute(route, { method, path: pathname } as Parameters<typeof matchRoute>[1]);
    if (!matched) continue;
    const event = {
      ...matched,
      headers: key === null ? {} : { 'idempotency-key': key },
      ...(query && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
      ...(body && { body: JSON.stringify(body) }),
      isBase64Encoded: false,
      requestContext: { http: { method, path: pathname } },
    };
    return { name, event: event as unknown as Parameters<ReturnType<ApiFunctions['orders']>>[0] };
  }
  throw new Error(`No route for ${method} ${path}`);
}
