/** The size of an item by DynamoDB's own rules: names and texts in UTF-8, 3 bytes a list or map and 1 for each in it. */
export function itemBytes(item: Record<string, unknown>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value), 0);
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  if (!Array.isArray(value)) return 3 + Object.keys(value).length + itemBytes(value as Record<string, unknown>);
  return 3 + value.length + value.reduce((sum: number, each) => sum + bytesOf(each), 0);
}
