import type { Route } from '../../infra/functions.ts';
import { type AnswerName, answerSchemas } from './answer-schemas.ts';
import { bodySchemas, listQuery } from './body-schemas.ts';
import { type Example, examples } from './examples.ts';
import { type AnswerSpec, type OperationSpec, operations } from './operations.ts';

const tags = {
  card: 'Cards by token, and stored cards. Without 3-D Secure.',
  carrier: 'Carrier billing: docomo, au, SoftBank.',
  cvs: 'Payment at a convenience store’s counter.',
  orders: 'Orders, lists and operators’ decisions.',
};

/** The whole description, from the validators that the functions use and from recorded examples. */
export function openApiDocument(): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'zeus-payments merchant API',
      version: '1',
      description:
        'Without 3-D Secure. Every POST and DELETE carries an Idempotency-Key: the same key and the same request never charge twice, they answer the order as it is now. `unknown` is never sent again. Amounts are yen, days are those of Japan.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [
      {
        url: 'https://{apiId}.execute-api.{region}.amazonaws.com',
        description: 'Deployed: the output ApiUrl',
        variables: { apiId: { default: 'abcdefghij' }, region: { default: 'ap-northeast-1' } },
      },
      { url: 'http://127.0.0.1:4100', description: 'npm start, which asks for no authorization' },
    ],
    security: [{ iam: [] }, { jwt: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: paths(),
    components: {
      securitySchemes,
      parameters: { 'Idempotency-Key': idempotencyKey, orderId },
      headers,
      schemas: { ...bodySchemas(), ...answerSchemas() },
    },
  };
}

const securitySchemes = {
  iam: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description: 'AWS Signature Version 4 of the service `execute-api`: the default.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Where the setting `authorization` is `jwt`.',
  },
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'One for each attempt, made at random, for example a UUID; the shop’s own order number is `reference`.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]*$' },
  example: '0d4f7f3a-6c0b-4f5e-9d43-2b8f1c6a7e90',
};

const orderId = {
  name: 'orderId',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{32}$' },
};

const headers = {
  'Retry-After': { description: 'Seconds.', schema: { type: 'string' } },
  'Idempotent-Replayed': { description: '`true`: nothing was sent.', schema: { type: 'string', const: 'true' } },
};

function paths(): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [route, spec] of Object.entries(operations)) {
    const [method = '', path = ''] = route.split(' ');
    found[path] = { ...found[path], [method.toLowerCase()]: operationOf(route as Route, spec) };
  }
  return found;
}

function operationOf(route: Route, { operationId, tag, summary, description, body, answers }: OperationSpec) {
  const own = examples.filter(example => example.route === route);
  const changes = !route.startsWith('GET');
  const parameters = [
    ...(changes ? [ref('parameters', 'Idempotency-Key')] : []),
    ...(route.includes('{orderId}') ? [ref('parameters', 'orderId')] : []),
    ...(route === 'GET /orders' ? queryParameters() : []),
  ];
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== null && {
      requestBody: {
        required: body !== 'Empty',
        content: { 'application/json': { schema: ref('schemas', body), ...requestExamples(own) } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, spec]) => [
        status,
        responseOf(
          spec,
          own.filter(each => each.status === Number(status)),
        ),
      ]),
    ),
  };
}

const queryParameters = () => Object.entries(listQuery()).map(([name, schema]) => ({ name, in: 'query', schema }));

/** Requests that the API refuses as malformed would not fit their schema. */
function requestExamples(own: Example[]) {
  const shown = own.filter(({ body, status }) => body !== undefined && status !== 400);
  return withExamples(shown.map(({ name, summary, body }) => [name, { summary, value: body }]));
}

function responseOf({ description, schemas, headers: names = [] }: AnswerSpec, own: Example[]) {
  const typeOf = (schema: AnswerName) => (schema === 'Problem' ? 'application/problem+json' : 'application/json');
  const types = [...new Set(schemas.map(typeOf))];
  const content = types.map(type => {
    const fitting = schemas.filter(schema => typeOf(schema) === type).map(schema => ref('schemas', schema));
    const shown = own.filter(({ contentType }) => contentType === type);
    return [
      type,
      {
        schema: fitting.length === 1 ? fitting[0] : { anyOf: fitting },
        ...withExamples(shown.map(({ name, summary, answer }) => [name, { summary, value: answer }])),
      },
    ];
  });
  return {
    description,
    ...(names.length > 0 && { headers: Object.fromEntries(names.map(name => [name, ref('headers', name)])) }),
    content: Object.fromEntries(content),
  };
}

const withExamples = (entries: [string, object][]) =>
  entries.length > 0 ? { examples: Object.fromEntries(entries) } : {};

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

/** As docs/openapi.json holds it. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), null, 2)}\n`;
