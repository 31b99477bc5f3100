/**
 * The same charge, wrapped as AWS Lambda Powertools for TypeScript has it: `makeIdempotent` round the function that
 * sends, over the package's own DynamoDB layer, whose requests a table in memory answers. One record a key: in progress
 * until the function's time is over, complete with its answer, deleted where it throws.
 */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context } from 'aws-lambda';
import { type Answer, answerSubmitted } from '../../shared/lambda/api.ts';
import { persist } from '../../shared/orders/persist.ts';
import { withOutcome } from '../../shared/orders/submit-once.ts';
import { tokenCharge } from '../../shared/zeus/operations/token-charge.ts';
import { chargeOf } from './charge-request.ts';
import { read, write } from './faulty-store.ts';
import { type Call, timeoutOf } from './handlers.ts';
import type { Town, Variant } from './town.ts';
import { type Invocation, Unavailable } from './world.ts';

type Item = Record<string, unknown>;
interface Command {
  constructor: { name: string };
  // biome-ignore lint/suspicious/noExplicitAny: requests as the package makes them
  input: any;
}

const realNow = Date.now;

export const powertools: Variant = {
  handlers: town => {
    const records = new Map<string, Item>();
    return { 'token-charge': (call, me) => charge(town, records, call, me) };
  },
  end: () => {
    Date.now = realNow;
  },
};

async function charge(town: Town, records: Map<string, Item>, call: Call, me: Invocation): Promise<Answer> {
  // The package reads the clock itself.
  Date.now = town.world.scheduler.now;
  const deadline = town.world.scheduler.now() + 1000 * timeoutOf('token-charge');
  const getRemainingTimeInMillis = () => deadline - town.world.scheduler.now();
  const idempotent = makeIdempotent((_payload: object) => sendOnce(call), {
    persistenceStore: new DynamoDBPersistenceLayer({
      tableName: 'records',
      awsSdkV3Client: clientOf(town, records, me),
    }),
    config: new IdempotencyConfig({ lambdaContext: { getRemainingTimeInMillis } as Context }),
  });
  try {
    return (await idempotent({ key: call.event.headers['idempotency-key'] })) as Answer;
  } catch {
    throw new Unavailable('answered 500');
  }
}

/** Without an answer it throws, as an HTTP client does. */
async function sendOnce(call: Call): Promise<Answer> {
  const { deps } = call;
  const { order, wire } = chargeOf(call);
  await deps.store.create(order);
  const outcome = await tokenCharge(deps.send, wire);
  if (outcome.kind === 'unknown') throw new TimeOut();
  const answered = await persist(deps, async () => {
    const latest = (await deps.store.find(order.orderId)) ?? order;
    return (await deps.store.replace(withOutcome(latest, outcome, deps.now()))).stored ?? latest;
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
function clientOf(town: Town, records: Map<string, Item>, me: Invocation): DynamoDBClient {
  const send = (command: Command): Promise<unknown> => {
    const { input } = command;
    switch (command.constructor.name) {
      case 'PutItemCommand':
        return write(town.world, me, 'put record', () => put(records, input));
      case 'UpdateItemCommand':
        return write(town.world, me, 'update record', () => update(records, input));
      case 'DeleteItemCommand':
        return write(town.world, me, 'delete record', () => records.delete(input.Key.id.S));
      default:
        return read(town.world, me, 'get record', () => ({ Item: records.get(input.Key.id.S) }));
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
