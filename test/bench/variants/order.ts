/** The item that an order of ours takes when its charge begins, and when it is paid. */
export function newOrder(id: string, amountYen: number) {
  const shard = String(id.charCodeAt(0) % 4);
  const at = new Date().toISOString();
  return {
    pk: `order#${id}`,
    method: 'card',
    operation: 'token_charge',
    amountYen,
    card: { installments: '01' },
    request: id,
    updatedAt: at,
    version: 1,
    numbers: [] as { number: string; version: number }[],
    steps: [{ kind: 'send', number: 1, at, operation: 'create', claim: { id, at } }] as object[],
    history: [{ at, source: 'api', event: 'token_charge', to: 'sending', actor: 'local' }] as object[],
    shard,
    monthShard: `${at.slice(0, 7)}#${shard}`,
    statusShard: `sending#${shard}`,
    createdSort: `${at}#${id}`,
    dueAt: at,
    writeId: 'aaaaaaaaaaaa',
  };
}

export type Item = ReturnType<typeof newOrder>;

/** The next version, with the gateway's answer. */
export function paid({ dueAt: _, ...order }: Item, orderNumber: string) {
  const at = new Date().toISOString();
  return {
    ...order,
    ...moved(order, at),
    orderNumber,
    numbers: [{ number: orderNumber, version: 2 }],
    steps: [{ kind: 'send', number: 1, at, operation: 'create', answer: { at, kind: 'done', orderNumber } }],
    history: [...order.history, { at, source: 'gateway', event: 'done', from: 'sending', to: 'paid' }],
  };
}

/** The next version, with a callback. */
export function told({ dueAt: _, ...order }: Item, orderNumber: string, amountYen: number) {
  const at = new Date().toISOString();
  return {
    ...order,
    ...moved(order, at),
    orderNumber,
    numbers: [{ number: orderNumber, version: 2 }],
    callbacks: [{ orderNumber, status: 'OK', amountYen, ipCode: 'right', at }],
    history: [...order.history, { at, source: 'callback', event: 'card_ok', from: 'sending', to: 'paid' }],
  };
}

const moved = ({ shard, version }: Omit<Item, 'dueAt'>, at: string) => ({
  statusShard: `paid#${shard}`,
  updatedAt: at,
  version: version + 1,
});
