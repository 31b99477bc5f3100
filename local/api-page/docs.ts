import {
  type Content,
  type Description,
  follow,
  limits,
  type Operation,
  type Parameter,
  type Schema,
} from './description.ts';

type Child = Node | string;

/** An element; text goes in as text. */
function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const answer = await fetch('/docs/openapi.json');
const description = (await answer.json()) as Description;
const calls = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, operation })),
);
const groups = description.tags.map(tag => ({
  tag,
  own: calls.filter(({ operation }) => operation.tags.includes(tag.name)),
}));

function article(route: string, operation: Operation): HTMLElement {
  const parameters = (operation.parameters ?? []).map(each => follow<Parameter>(description, each));
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  return h(
    'article',
    { id: operation.operationId },
    h('h3', {}, operation.summary),
    h('pre', {}, route),
    h('p', {}, operation.description),
    ...(parameters.length > 0 ? [parameterTable(parameters)] : []),
    ...(body
      ? [h('h4', {}, 'Request'), ...schemaTable(follow<Schema>(description, body.schema)), ...examplesOf(body)]
      : []),
    h('h4', {}, 'Answers'),
    ...Object.entries(operation.responses).flatMap(([status, { description: says, content }]) => [
      h('p', {}, h('strong', {}, status), ` ${says}`),
      ...Object.values(content).flatMap(examplesOf),
    ]),
  );
}

const parameterTable = (parameters: Parameter[]): HTMLElement =>
  table(
    ['parameter', 'in', 'value', ''],
    parameters.map(({ name, in: place, required, schema, description: says = '' }) => [
      required ? name : `${name} (optional)`,
      place,
      limits(schema),
      says,
    ]),
  );

/** The fields of an object, those of objects in it by their dotted names. */
function schemaTable(schema: Schema): HTMLElement[] {
  const rows = fieldsOf(schema);
  const says = schema.description ? [h('p', {}, schema.description)] : [];
  return rows.length > 0
    ? [...says, table(['field', 'value', ''], rows)]
    : [h('p', {}, 'Nothing, or an empty object.')];
}

function fieldsOf({ properties = {}, required = [] }: Schema, before = ''): string[][] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const isNeeded = required.includes(name);
    const row = [`${before}${name}${isNeeded ? '' : ' (optional)'}`, limits(schema), schema.description ?? ''];
    return [row, ...fieldsOf(schema, `${before}${name}.`)];
  });
}

function table(head: string[], rows: string[][]): HTMLElement {
  const line = (cell: 'th' | 'td', cells: string[]) => h('tr', {}, ...cells.map(each => h(cell, {}, each)));
  return h('table', {}, h('thead', {}, line('th', head)), h('tbody', {}, ...rows.map(cells => line('td', cells))));
}

const examplesOf = ({ examples = {} }: Content): HTMLElement[] =>
  Object.values(examples).map(({ summary, value }) =>
    h('details', {}, h('summary', {}, summary), h('pre', {}, JSON.stringify(value, null, 2))),
  );

document
  .getElementById('contents')
  ?.replaceChildren(
    h('a', { href: '/' }, 'The shop'),
    h('a', { href: '/docs/openapi.json' }, 'openapi.json'),
    ...groups.flatMap(({ tag, own }) => [
      h('h2', {}, tag.name),
      ...own.map(({ route, operation }) => h('a', { href: `#${operation.operationId}` }, route)),
    ]),
  );
document
  .getElementById('page')
  ?.replaceChildren(
    h('h1', {}, description.info.title),
    h('p', {}, description.info.description),
    ...groups.flatMap(({ tag, own }) => [
      h('h2', {}, tag.name),
      h('p', {}, tag.description),
      ...own.map(({ route, operation }) => article(route, operation)),
    ]),
  );
document.getElementById(location.hash.slice(1))?.scrollIntoView();
