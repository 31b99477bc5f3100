/** What a function of the explorer is given: the real stores over the double, a clock and a gateway of the world. */
import type { Callback } from '../../local/simulator/gateway.ts';
import { LOCAL_CONTRACTS } from '../../local/simulator/simulator.ts';
import { cardsTable } from '../../shared/aws/cards-table.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { Masked } from '../../shared/domain/masked.ts';
import type { Clock } from '../../shared/orders/ports.ts';
import type { Send } from '../../shared/zeus/wire/transport.ts';
import { dynamoOf, type Rewrite, request } from './faulty-dynamo.ts';
import { sendOf } from './faulty-gateway.ts';
import type { ApiFunctions, Deps } from './functions.ts';
import { publishTo } from './stream.ts';
import { enter, type Invocation, silence, Unavailable, type World } from './world.ts';

/** What a mutant changes at the seams of our functions. */
export interface Variant {
  functions?: (world: World) => Partial<ApiFunctions>;
  deps?: (deps: Deps, world: World, me: Invocation) => Deps;
  /** Changes a request to the table before it leaves. */
  rewrite?: Rewrite;
  send?: (send: Send) => Send;
  /** Puts back what it changed. */
  end?: () => void;
}

/** `delivery`: the callback that an invocation is for, by its number in the history. */
export interface Surroundings {
  deliver(callbacks: Callback[]): void;
  delivery: number | null;
}

export const deploymentId = 'test';
const tableName = 'orders';

const { card, carrier, cvs } = LOCAL_CONTRACTS;
const secrets = {
  ipCodes: async () => ({ card: card.clientip, carrier: carrier.clientip, cvs: cvs.clientip }),
  cardKey: async () => new Masked(card.key),
  carrierKey: async () => new Masked(carrier.zkey),
  pathTokens: async () => [new Masked('local')],
};

export function depsOf(
  world: World,
  me: Invocation,
  { rewrite, send: wrap, deps: change }: Variant,
  { deliver, delivery }: Surroundings,
): Deps {
  const dynamo = dynamoOf(world, me, rewrite);
  const send = sendOf(world, me, deliver);
  const deps: Deps = {
    ...clockOf(world, me),
    store: ordersTable(dynamo, tableName),
    cards: cardsTable(dynamo, tableName),
    send: wrap ? wrap(send) : send,
    ...secrets,
    deploymentId,
    testsAccepted: false,
    strictCallbacks: false,
    gatewayBaseUrl: 'http://gateway',
    callbackSources: ['127.0.0.1'],
    threeDSecure: 'optional',
    threeDSecureOutside: world.threeDSecureOutside,
    queue: body => request(world, me, 'queue', true, () => enqueue(world, me, delivery, body)),
    publish: publishTo(world, me),
  };
  return change ? change(deps, world, me) : deps;
}

/** The queue may keep a message twice. */
function enqueue({ queue, scheduler, recorder }: World, me: Invocation, delivery: number | null, body: string): void {
  recorder.add({ kind: 'queued', run: me.id, delivery });
  queue.push({ messageId: `message-${scheduler.fired()}-${queue.length}`, body, sentAt: scheduler.now(), delivery });
}

function clockOf(world: World, me: Invocation): Clock {
  return {
    now: () => new Date(world.scheduler.now() + me.clockOff),
    async sleep(milliseconds) {
      if (!me.isAlive) return silence;
      if (enter(world, me, 'sleep')) {
        me.die('asleep');
        return silence;
      }
      await world.scheduler.sleep(milliseconds);
      return me.isAlive ? undefined : silence;
    },
    async within(milliseconds, work) {
      const { promise, reject } = Promise.withResolvers<never>();
      const stop = world.scheduler.timer(milliseconds, () => reject(new Unavailable(`not in ${milliseconds} ms`)));
      try {
        return await Promise.race([work, promise]);
      } finally {
        stop();
      }
    },
  };
}
