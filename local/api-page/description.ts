/** As much of OpenAPI 3.1 as docs/openapi.json uses. */
export interface Description {
  info: { title: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, Schema & Parameter>>;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: (Parameter | Reference)[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content: Record<string, Content> }>;
}

export interface Content {
  schema: Schema | Reference;
  examples?: Record<string, { summary: string; value: unknown }>;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: string[];
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

interface Reference {
  $ref: string;
}

/** What a reference within the description points to; anything else is itself. */
export function follow<T extends object>(description: Description, it: T | Reference): T {
  if (!('$ref' in it) || typeof it.$ref !== 'string') return it as T;
  const [kind = '', name = ''] = it.$ref.split('/').slice(-2);
  return description.components[kind]?.[name] as unknown as T;
}

/** What a value must be, in a few words. */
export function limits(schema: Schema): string {
  const { type, format, minimum, maximum, minLength, maxLength, pattern } = schema;
  const range = (from: number | undefined, to: number | undefined, unit: string) =>
    from === undefined && to === undefined ? [] : [`${from ?? 0} to ${to ?? '…'}${unit}`];
  return [
    format ?? type ?? '',
    ...range(minimum, maximum, ''),
    ...(maxLength === undefined ? [] : range(minLength, maxLength, ' characters')),
    ...(schema.enum ? [schema.enum.join(' | ')] : []),
    ...(pattern ? [pattern] : []),
  ].join(', ');
}
