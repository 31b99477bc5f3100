/**
 * The same charge, wrapped as AWS Lambda Powertools for TypeScript has it: `makeIdempotent` round the function that
 * sends, over the package's own DynamoDB layer, whose requests a table in memory answers. One record a key: in progress
 * until the function's time is over, complete with its answer, deleted where it throws.
 */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { attemptOf } from '../../shared/domain/facts.ts';
import type { Order } from '../../shared/domain/order.ts';
import { recordAnswer } from '../../shared/domain/sends.ts';
import { type Answer, answerSubmitted } from '../../shared/lambda/api.ts';
import { persist } from '../../shared/orders/write.ts';
import { tokenCharge } from '../../shared/zeus/operations/token-charge.ts';
import { chargeOf } from './charge-request.ts';
import type { Variant } from './deps.ts';
import { request } from './faulty-dynamo.ts';
import { type Deps, timeoutOf } from './functions.ts';
import { type Invocation, Unavailable, type World } from './world.ts';

type Item = Record<string, unknown>;
interface Command {
  constructor: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: requests as the package makes them
  input: any;
}

const realNow = Date.now;

const invocations = new WeakMap<Deps, Invocation>();

export const powertools: Variant = {
  // A function's dependencies are made right before it, so its invocation is known by them.
  deps: (deps, _world, me) => {
    invocations.set(deps, me);
    return deps;
  },
  functions: world => {
    const records = new Map<string, Item>();
    return { 'token-charge': deps => event => charge(world, records, deps, event) };
  },
  end: () => {
    Date.now = realNow;
  },
};

async function charge(
  world: World,
  records: Map<string, Item>,
  deps: Deps,
  event: APIGatewayProxyEventV2,
): Promise<Answer> {
  const me = invocations.get(deps);
  if (!me) throw new Error('Dependencies of no invocation.');
  // The package reads the clock itself.
  Date.now = world.scheduler.now;
  const deadline = world.scheduler.now() + 1000 * timeoutOf('token-charge');
  const getRemainingTimeInMillis = () => deadline - world.scheduler.now();
  const idempotent = makeIdempotent((_payload: object) => sendOnce(deps, event), {
    persistenceStore: new DynamoDBPersistenceLayer({
      tableName: 'records',
      awsSdkV3Client: clientOf(world, records, me),
    }),
    config: new IdempotencyConfig({ lambdaContext: { getRemainingTimeInMillis } as Context }),
  });
  try {
    return (await idempotent({ key: event.headers['idempotency-key'] })) as Answer;
  } catch {
    throw new Unavailable('answered 500');
  }
}

/** Without an answer it throws, as an HTTP client does. */
async function sendOnce(deps: Deps, event: APIGatewayProxyEventV2): Promise<Answer> {
  const { order, wire } = chargeOf(deps, (await deps.ipCodes()).card ?? '', event);
  await deps.store.create(order);
  const outcome = await tokenCharge(deps.send, wire);
  if (outcome.kind === 'unknown') throw new TimeOut();
  const answered = await persist(deps, async (): Promise<Order> => {
    const latest = (await deps.store.find(order.orderId)) ?? order;
    const step = attemptOf(latest);
    const next = step && recordAnswer(latest, { step, bySchedule: false, testsAccepted: false }, outcome, deps.now());
    return (next && (await deps.store.replace(next)).stored) ?? latest;
  });
  const { statusCode = 0, body = '' } = answerSubmitted(
    { kind: 'answered', order: answered, replayed: false },
    deps.now(),
  );
  return { statusCode, body };
}

class TimeOut extends Error {}

const base = new DynamoDBClient({ region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });

/** The layer's four requests, answered from the records under the world's faults. */
function clientOf(world: World, records: Map<string, Item>, me: Invocation): DynamoDBClient {
  const send = (command: Command): Promise<unknown> => {
    const { input } = command;
    switch (command.constructor.name) {
      case 'PutItemCommand':
        return request(world, me, 'put record', true, () => put(records, input));
      case 'UpdateItemCommand':
        return request(world, me, 'update record', true, () => update(records, input));
      case 'DeleteItemCommand':
        return request(world, me, 'delete record', true, () => records.delete(input.Key.id.S));
      default:
        return request(world, me, 'get record', false, () => ({ Item: records.get(input.Key.id.S) }));
    }
  };
  return Object.assign(Object.create(base), { send: async (command: Command) => thrown(await send(command)) });
}

function put(records: Map<string, Item>, { Item: item, ExpressionAttributeValues }: Command['input']): object {
  const existing = records.get(item.id.S);
  const { expiration, status, in_progress_expiration } = existing ? unmarshall(existing as never) : {};
  const values = unmarshall(ExpressionAttributeValues);
  const isFree =
    !existing ||
    expiration < values[':now'] ||
    (status === values[':inprogress'] && in_progress_expiration < values[':now_in_millis']);
  if (!isFree) return new ConditionalCheckFailedException({ message: '', $metadata: {}, Item: existing as never });
  records.set(item.id.S, item);
  return {};
}

function update(records: Map<string, Item>, input: Command['input']): object {
  const { Key, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const set = Object.keys(names).map(name => [names[name], values[name.replace('#', ':')]]);
  records.set(Key.id.S, { ...records.get(Key.id.S), ...Key, ...Object.fromEntries(set) });
  return {};
}

function thrown(result: unknown): unknown {
  if (result instanceof Error) throw result;
  return result;
}
