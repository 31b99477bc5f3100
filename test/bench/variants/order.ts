/** What an order holds when its charge begins, and what lists it. */
export function newOrder(id: string, amountYen: number) {
  const shard = id.at(-1) ?? '';
  const at = new Date().toISOString();
  return {
    pk: `order#${id}`,
    method: 'card',
    operation: 'token_charge',
    status: 'sending',
    amountYen,
    card: { installments: '01' },
    keys: {},
    claim: { id, at },
    request: id,
    updatedAt: at,
    dueAt: at,
    version: 1,
    history: [{ at, source: 'api', event: 'token_charge', from: null, to: 'sending' }],
    shard,
    dayShard: `${at.slice(0, 10)}#${shard}`,
    statusShard: `sending#${shard}`,
    createdSort: `${at}#${id}`,
    writeId: 'aaaaaaaaaaaa',
  };
}

/** What becomes of it when it is paid. */
export const paidUpdate = {
  UpdateExpression: [
    'SET #status = :paid, statusShard = :shard, gatewayStatus = :ok, orderNumber = :number, numberBound = :true',
    'paidAt = :at, updatedAt = :at, version = :two, history = list_append(history, :entry) REMOVE claim, dueAt',
  ].join(', '),
  ExpressionAttributeNames: { '#status': 'status' },
};

export function paidValues({ shard }: ReturnType<typeof newOrder>, orderNumber: string) {
  const at = new Date().toISOString();
  return {
    ':paid': 'paid',
    ':shard': `paid#${shard}`,
    ':ok': 'OK',
    ':number': orderNumber,
    ':true': true,
    ':at': at,
    ':two': 2,
    ':entry': [{ at, source: 'gateway', event: 'done', from: 'sending', to: 'paid' }],
  };
}
