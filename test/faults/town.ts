import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Callback } from '../../local/simulator/gateway.ts';
import { LOCAL_CONTRACTS } from '../../local/simulator/simulator.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Answer } from '../../shared/lambda/api.ts';
import { InvalidInput } from '../../shared/lambda/problem.ts';
import type { Send } from '../../shared/zeus/wire/transport.ts';
import { sendOf } from './faulty-gateway.ts';
import { cardStoreOf, orderStoreOf } from './faulty-store.ts';
import {
  type AllDeps,
  answerCall,
  answerCallback,
  type CallbackHandler,
  type FunctionName,
  type Handlers,
  handlers,
  retryCallback,
  runDueWork,
  timeoutOf,
} from './handlers.ts';
import { enter, type Invocation, invoke, silence, Unavailable, type World } from './world.ts';

/** What a mutant has in place of ours. */
export interface Variant {
  handlers?: (town: Town) => Partial<Handlers>;
  answerCallback?: CallbackHandler;
  /** Changes what a function is given. */
  deps?: (deps: AllDeps, town: Town, me: Invocation) => AllDeps;
  send?: (send: Send) => Send;
  /** Puts back what it changed. */
  end?: () => void;
}

/** Our functions, with those who call them: shop, gateway, schedule, operator. */
export interface Town {
  world: World;
  /** A call of the merchant API; null: no answer came. */
  call(name: FunctionName, path: string, key: string, body: unknown): Promise<Answered | null>;
  /** The gateway's call, once; whether it was answered `successok`. */
  callBack(callback: Callback): Promise<boolean>;
  /** What the gateway calls after it did something; set by whoever plays the gateway's courier. */
  deliver(callbacks: Callback[]): void;
  /** The calls in the queue, each once more. */
  retryWaiting(): Promise<void>;
  dueWork(): Promise<void>;
  /** Calls that the gateway has made or wants to make, and whether one of each was stored. */
  callbacks: { callback: Callback; isStored: boolean }[];
}

export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at, not typed
  body: any;
}

export type Service = 'card' | 'carrier' | 'cvs';
export const deploymentId = 'test';
const services: Partial<Record<FunctionName, Service>> = {
  'carrier-order': 'carrier',
  'carrier-settle': 'carrier',
  'carrier-withdraw': 'carrier',
  'carrier-return': 'carrier',
  'cvs-order': 'cvs',
};
const apiPatience = 30_000;
const dueWorkSeconds = 300;

// The functions' own log lines: `logOrder` and the like.
console.info = () => {};

export function createTown(world: World, variant: Variant = {}): Town {
  const town: Town = {
    world,
    callbacks: [],
    deliver: callbacks => {
      for (const callback of callbacks) town.callbacks.push({ callback, isStored: false });
    },
    async call(name, path, key, body) {
      const event = eventOf(path, key, body);
      const answer = invoke(world, name, timeoutOf(name), me =>
        answerCall(all, name, { deps: depsOf(me, services[name] ?? 'card'), event }, me, noteBug),
      );
      return heard(world, name, answer);
    },
    async callBack(callback) {
      const { service, sendpoint, orderNumber, status } = callback;
      const wire = world.gateway.wireOf(callback);
      world.tell(() => `the gateway calls ${service} ${status} of ${orderNumber} for ${sendpoint.slice(0, 6)}`);
      const answer = await invoke(world, 'callback', 35, me =>
        (variant.answerCallback ?? answerCallback)(depsOf(me, service), service, wire, town, me),
      );
      const isStored = answer.kind === 'returned' && answer.value === 'successok';
      world.deliveries.push({ service, sendpoint, orderNumber, status, wire, isStored });
      for (const each of town.callbacks) if (each.callback === callback && isStored) each.isStored = true;
      if (world.queue.length > 0) world.scheduler.after(60_000, () => void town.retryWaiting());
      return isStored;
    },
    async retryWaiting() {
      for (const waiting of world.queue.splice(0)) {
        const tried = await invoke(world, 'callback-retry', 20, me =>
          retryCallback(depsOf(me, waiting.service), waiting, world),
        );
        if (tried.kind === 'returned') continue;
        world.queue.push(waiting);
        world.scheduler.after(60_000, () => void town.retryWaiting());
      }
    },
    async dueWork() {
      await invoke(world, 'due-work', dueWorkSeconds, async me => {
        const { failed } = await runDueWork(service => depsOf(me, service), dueWorkSeconds, noteBug);
        if (failed > 0) throw new Unavailable(`${failed} failed`);
      });
    },
  };
  const all: Handlers = { ...handlers, ...variant.handlers?.(town) };

  function noteBug(error: unknown): void {
    if (error instanceof Unavailable || error instanceof InvalidInput) return;
    world.bugs.push(String((error as Error).stack));
  }

  function depsOf(me: Invocation, service: Service): AllDeps {
    const send = sendOf(world, me, callbacks => town.deliver(callbacks));
    const deps: AllDeps = {
      store: orderStoreOf(world, me),
      cards: cardStoreOf(world, me),
      send: variant.send ? variant.send(send) : send,
      now: world.now,
      sleep: milliseconds => sleepOf(world, me, milliseconds),
      deploymentId,
      ipCode: LOCAL_CONTRACTS[service].clientip,
      key: new Masked(LOCAL_CONTRACTS.card.key),
      zkey: new Masked(LOCAL_CONTRACTS.carrier.zkey),
      gatewayBaseUrl: 'http://gateway',
    };
    return variant.deps ? variant.deps(deps, town, me) : deps;
  }

  return town;
}

async function sleepOf(world: World, me: Invocation, milliseconds: number): Promise<void> {
  if (!me.isAlive) return silence;
  const crash = enter(world, me, 'sleep');
  if (crash) {
    me.die('asleep');
    return silence;
  }
  await world.scheduler.sleep(milliseconds);
  return me.isAlive ? undefined : silence;
}

/** API Gateway answers a crash, and after 30 s whatever comes. */
async function heard(world: World, name: string, answer: ReturnType<typeof invoke<Answer>>): Promise<Answered | null> {
  let stop = () => {};
  const cut = new Promise<null>(resolve => {
    stop = world.scheduler.timer(apiPatience, () => resolve(null));
  });
  const first = await Promise.race([answer, cut]);
  stop();
  const answered =
    first?.kind === 'returned'
      ? { status: first.value.statusCode ?? 0, body: JSON.parse(first.value.body ?? 'null') }
      : null;
  world.tell(
    () =>
      `${name} answers ${answered ? `${answered.status} ${answered.body?.status ?? answered.body?.code ?? ''}` : 'nothing'}`,
  );
  return answered;
}

function eventOf(path: string, key: string, body: unknown): APIGatewayProxyEventV2 {
  const [orderId] = /[A-Za-z0-9_-]{32}/.exec(path) ?? [];
  return {
    headers: { 'idempotency-key': key },
    body: body === undefined ? '' : JSON.stringify(body),
    isBase64Encoded: false,
    ...(orderId && { pathParameters: { orderId } }),
    requestContext: { http: { method: 'POST', path } },
  } as unknown as APIGatewayProxyEventV2;
}
