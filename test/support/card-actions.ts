import { mock } from 'node:test';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keyOf } from '../../shared/aws/items.ts';
import { ordersTable } from '../../shared/aws/orders-table.ts';
import { type ChargeOptions, cardCalls } from './card.ts';
import { type Answered, invoke, type startLocal } from './local.ts';
import { clientOf, dynamoOf, tableName } from './table.ts';

type Local = Awaited<ReturnType<typeof startLocal>>;

/** When the charges of `paid` succeeded, as their orders say. */
export const longAgo = '2020-01-01T00:00:00.000Z';

/** The calls about stored cards and paid charges, as the shop's server sends them, and due work as the scheduler starts it. */
export function cardActions(local: Local) {
  const { call, engine, gateway } = local;
  const calls = cardCalls(local);
  const client = clientOf(engine.endpoint);

  /** Answers the order's id. Its charge and callback are done, and the wait before a cancel is over. */
  async function paid(key: string, options: ChargeOptions = {}): Promise<string> {
    const { body } = await calls.charge(key, options);
    if (body.status !== 'paid') throw new Error(`The charge ended ${body.status}`);
    await gateway.idle();
    await succeededLongAgo(body.orderId);
    return body.orderId;
  }

  /** Ends the wait that a cancel makes after a charge. */
  const succeededLongAgo = (orderId: string) =>
    DynamoDBDocumentClient.from(client).send(
      new UpdateCommand({
        TableName: tableName,
        Key: keyOf(orderId),
        UpdateExpression: 'SET steps[0].answer.#at = :longAgo',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':longAgo': longAgo },
      }),
    );

  const cancel = (orderId: string, key: string, body?: unknown): Promise<Answered> =>
    call('POST', `/card/charges/${orderId}/cancel`, { key, body });
  const resolve = (orderId: string, key: string, body: unknown): Promise<Answered> =>
    call('POST', `/orders/${orderId}/resolution`, { key, body });
  const recurring = (key: string, more: Record<string, unknown> = {}): Promise<Answered> =>
    call('POST', '/card/recurring-charges', { key, body: recurringBody(more) });
  const remove = (key: string, body: unknown): Promise<Answered> => call('POST', '/card/deletions', { key, body });
  const runDueWork = (remainingMilliseconds = 300_000) =>
    invoke('due-work', {}, { getRemainingTimeInMillis: () => remainingMilliseconds });
  /** Due work so much later, by every clock of this process. */
  const runDueWorkAfter = async (minutes: number) => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() + minutes * 60_000 });
    await runDueWork().finally(() => mock.timers.reset());
  };
  /** What reached an endpoint of the gateway since it was last reset. */
  const at = (endpoint: string) => gateway.requests().filter(request => request.endpoint === endpoint);
  const effects = (kind: string) => gateway.ledger().filter(entry => entry.kind === kind);

  return {
    ...calls,
    client,
    store: ordersTable(dynamoOf(engine.endpoint), tableName),
    paid,
    succeededLongAgo,
    cancel,
    resolve,
    recurring,
    remove,
    runDueWork,
    runDueWorkAfter,
    at,
    effects,
  };
}

export const recurringBody = (more: Record<string, unknown> = {}) => ({
  cardId: 'CARD-1',
  amount: 3000,
  phone: '09012345678',
  email: 'taro@example.com',
  ...more,
});

/** A token that carries a security code alone, for a stored card. */
export async function quickToken(gatewayUrl: string): Promise<string> {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><request service="token" action="quick"><authentication><clientip>2019000001</clientip></authentication><card><cvv>123</cvv></card></request>';
  const headers = { 'content-type': 'text/xml' };
  const answer = await fetch(`${gatewayUrl}/cgi-bin/token/token.cgi`, { method: 'POST', headers, body });
  const key = /<token_key>([^<]+)<\/token_key>/.exec(await answer.text())?.[1];
  if (!key) throw new Error('The gateway gave no token');
  return key;
}
