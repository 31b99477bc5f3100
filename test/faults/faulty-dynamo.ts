import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Command } from './dynamo-double.ts';
import type { StoreFault } from './policy.ts';
import { enter, frozen, type Invocation, silence, Unavailable, type World } from './world.ts';

/** What the store's client waits for in all: three attempts with time-outs of their own. */
const clientTimeout = 12_000;

/** Changes a request before it leaves, for mutants. */
export type Rewrite = (command: Command) => Command;

/** The table's client as one invocation has it: each request takes its time, and may go wrong in every way a request can. */
export function dynamoOf(world: World, me: Invocation, rewrite: Rewrite = command => command): DynamoDBDocumentClient {
  const send = (asked: Command) => {
    const command = rewrite(asked);
    return request(world, me, labelOf(command), isWrite(command), () =>
      world.dynamo.execute(command, command instanceof QueryCommand ? behind(world) : 0),
    );
  };
  return { send } as unknown as DynamoDBDocumentClient;
}

/** An index follows its table within a moment, not at once. */
function behind({ policy, isCalm, dynamo }: World): number {
  const changes = isCalm ? 0 : Math.min(policy.indexBehind(), dynamo.changes.length);
  if (changes > 0) policy.hits.add('index behind');
  return changes;
}

const isWrite = (command: Command): boolean => command instanceof PutCommand || command instanceof UpdateCommand;

/** As the story and the coverage name a request: `put order`, `get card`. */
function labelOf(command: Command): string {
  const kind = command.constructor.name.replace('Command', '').toLowerCase();
  const { Item: item, Key: key } = command.input as { Item?: { pk: string }; Key?: { pk: string } };
  const [table = ''] = (item ?? key)?.pk.split('#') ?? [];
  return `${kind} ${table}`.trim();
}

/** A request that answers from `apply`, or ends as an unreachable service does. `apply` may take effect more than once. */
export async function request<T>(
  world: World,
  me: Invocation,
  label: string,
  isWrite: boolean,
  apply: () => T,
): Promise<T> {
  if (!me.isAlive) return silence;
  const crash = enter(world, me, label);
  if (crash === 'before') {
    me.die(`before ${label}`);
    return silence;
  }
  const still = world.isCalm ? 0 : world.policy.freeze(me);
  if (still > 0) await frozen(world, me, still);
  if (!me.isAlive) return silence;
  const fault = world.isCalm ? 'none' : world.policy.storeFault(label, isWrite, world.scheduler.now());
  if (fault !== 'none') world.policy.hits.add(`store ${fault}`);
  if (fault !== 'none' || crash)
    world.tell(() => `  ${me.name} #${me.id} ${label}: ${fault}${crash ? ', then dies' : ''}`);
  if (fault !== 'none') world.recorder.add({ kind: 'store_failed', run: me.id, label });
  const isAtOnce = !isWrite && fault === 'none' && world.policy.readsAtOnce;
  const result = isAtOnce
    ? resultOf(apply)
    : await new Promise<Result<T>>(resolve => travel(world, label, fault, apply, resolve));
  if (crash) me.die(`after ${label}`);
  if (!me.isAlive) return silence;
  if ('error' in result) throw result.error;
  return result.value;
}

type Result<T> = { value: T } | { error: unknown };

function resultOf<T>(apply: () => T): Result<T> {
  try {
    return { value: apply() };
  } catch (error) {
    return { error };
  }
}

function travel<T>(
  world: World,
  label: string,
  fault: StoreFault,
  apply: () => T,
  hear: (result: Result<T>) => void,
): void {
  const { scheduler, policy } = world;
  const way = () => (world.isCalm ? 5 : policy.travel('store'));
  const later = () => policy.roll() * (policy.roll() < 0.2 ? 300_000 : 8000);
  const giveUp = () => hear({ error: new Unavailable(label) });
  // When its caller reads a response makes no difference to the others: small worlds need not tell those orders apart.
  const answer = (result: Result<T>) => (policy.pickNext ? hear(result) : scheduler.after(way(), () => hear(result)));
  const effect = () => resultOf(apply);
  const arrive = (then: (result: Result<T>) => void) => scheduler.after(way(), () => then(effect()));
  const courses: Record<StoreFault, () => void> = {
    none: () => arrive(answer),
    refused: () => scheduler.after(way(), giveUp),
    unheard: () => arrive(() => scheduler.after(policy.roll() * clientTimeout, giveUp)),
    repeated: () => arrive(() => scheduler.after(1000 + policy.roll() * 6000, () => answer(effect()))),
    overtaken() {
      scheduler.after(3000, () => answer(effect()));
      scheduler.after(3000 + later(), effect);
    },
    late() {
      scheduler.after(policy.roll() * clientTimeout, giveUp);
      scheduler.after(clientTimeout + later(), effect);
    },
  };
  courses[fault]();
}
