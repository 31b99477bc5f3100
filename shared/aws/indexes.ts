/** The table's keys, all strings: the stack and the local engine create it from this, and `orders-table.ts` reads and writes by it. */
export const tableKey = 'pk';

/** Sparse or sharded, keys only: a page of a list is read from an index, its orders then from the table. */
export const indexes = [
  { name: 'byMonth', partitionKey: 'monthShard', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byStatus', partitionKey: 'statusShard', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byReference', partitionKey: 'reference', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byOrderNumber', partitionKey: 'orderNumber', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byCard', partitionKey: 'cardId', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byAttention', partitionKey: 'attentionShard', sortKey: 'createdSort', projection: 'KEYS_ONLY' },
  { name: 'byDue', partitionKey: 'shard', sortKey: 'dueAt', projection: 'KEYS_ONLY' },
] as const;

/** Seconds since 1970, on closed orders where the setting `orderRetentionDays` is set. */
export const expiryAttribute = 'expiresAtSeconds';

/** Spreads each month, status and due time over this many index partitions of 1,000 writes a second each. */
export const shardCount = 4;
