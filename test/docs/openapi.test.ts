import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import fc from 'fast-check';
import { functions } from '../../infra/functions.ts';
import { bodies, bodySchemas, type JsonSchema, listQuery } from '../../scripts/openapi/body-schemas.ts';
import { openApiText } from '../../scripts/openapi/document.ts';
import { operations } from '../../scripts/openapi/operations.ts';
import type { Body } from '../../shared/lambda/bodies/body.ts';
import { check } from '../../shared/lambda/request.ts';

const file = new URL('../../docs/openapi.json', import.meta.url);

test('docs/openapi.json is current (`npm run openapi` writes it)', () => {
  assert.equal(readFileSync(file, 'utf8'), openApiText());
});

test('it describes every route of the stack and no other', () => {
  const routes = functions.flatMap(({ trigger }) => ('routes' in trigger ? Object.keys(trigger.routes) : []));
  assert.deepEqual(Object.keys(operations).toSorted(), routes.toSorted());
});

const lint = async (source: string): Promise<string[]> => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source, config });
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
};

test('the linter finds nothing in it, and its examples fit their schemas', async () => {
  assert.deepEqual(await lint(openApiText()), []);
});

test('the linter would find an example that does not fit, and a reference to nothing', async () => {
  const odd = await lint(openApiText().replace('"amount": 8000,', '"amount": "8000",'));
  assert.match(odd.join('\n'), /^no-invalid-media-type-examples: /);
  const dangling = await lint(openApiText().replace('schemas/TokenCharge"', 'schemas/Nothing"'));
  assert.match(dangling.join('\n'), /no-unresolved-refs: /);
});

/** The few words of JSON Schema that texts are described with. */
function fits(schema: JsonSchema, value: string): boolean {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, enum: words } = schema;
  const length = [...value].length;
  if (length < Number(minLength) || length > Number(maxLength)) return false;
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value)) return false;
  return !Array.isArray(words) || words.includes(value);
}

const accepts = (body: Body<unknown>, path: string[], value: string): boolean => {
  const wrapped = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  try {
    check(wrapped, { schema: body.schema });
    return true;
  } catch (error) {
    const { answer } = error as { answer: { body: string } };
    const { errors } = JSON.parse(answer.body) as { errors: { field: string }[] };
    return !errors.some(({ field }) => field === path.join('.'));
  }
};

/** Every text of a body's schema with the way to it. */
const textsOf = (schema: JsonSchema, path: string[] = []): [string[], JsonSchema][] =>
  Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([name, each]) =>
    each.type === 'object' ? textsOf(each, [...path, name]) : each.type === 'string' ? [[[...path, name], each]] : [],
  );

const pieces = [
  '0',
  '0312345678',
  '12345678',
  '01',
  '-',
  ' ',
  '\t',
  'a',
  'A',
  '@',
  'example.com',
  'https://shop.example/',
  '¥',
  '\\',
  '&',
  'ｶﾞ',
  'か',
  'カ',
  'ー',
  '　',
  '髙',
  '😀',
  '〜',
  '£',
  'é',
  '\n',
  '(',
  'D',
  'docomo',
  'lawson',
  'paid',
  '2026-12-01',
  'x'.repeat(50),
  '9'.repeat(32),
  'カ'.repeat(20),
];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map(parts => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);

for (const [name, schema] of Object.entries(bodySchemas())) {
  for (const [path, text] of textsOf(schema)) {
    test(`the schema of ${name} ${path.join('.')} refuses nothing that the function takes`, () => {
      const body = bodies[name as keyof typeof bodies];
      const property = fc.property(anyText, value => !accepts(body, path, value) || fits(text, value));
      fc.assert(property, { numRuns: 300 });
    });
  }
}

test('widths and character classes are those of the manuals', () => {
  const { TokenCharge, CarrierOrder, CvsOrder, Resolution, Settlement } = bodySchemas();
  const texts = (schema: JsonSchema) =>
    Object.fromEntries(textsOf(schema).map(([path, each]) => [path.join('.'), each]));
  const of = (schema: JsonSchema, name: string, ...words: string[]) => words.map(word => texts(schema)[name]?.[word]);
  assert.deepEqual(of(TokenCharge, 'tokenKey', 'minLength', 'maxLength', 'pattern'), [1, 86, '^[ -~]*$']);
  assert.deepEqual(of(TokenCharge, 'cardId', 'maxLength', 'pattern'), [
    25,
    '^[A-Za-z0-9 \\\\¥!#$%()~|\\-@[:\\]./`{*}?_]*$',
  ]);
  assert.deepEqual(of(TokenCharge, 'email', 'maxLength'), [50]);
  assert.deepEqual(of(TokenCharge, 'phone', 'pattern'), ['^(?:[-\\s]*[0-9]){7,32}[-\\s]*$']);
  assert.deepEqual(of(CarrierOrder, 'name', 'x-minBytes', 'x-maxBytes', 'pattern'), [2, 50, undefined]);
  assert.deepEqual(of(CarrierOrder, 'success.text', 'x-maxBytes'), [256]);
  assert.deepEqual(of(CvsOrder, 'name', 'x-maxBytes'), [40]);
  assert.deepEqual(of(CvsOrder, 'phone', 'pattern'), ['^(?:[-\\s]*[0-9]){9,11}[-\\s]*$']);
  assert.deepEqual(of(Resolution, 'note', 'maxLength'), [500]);
  assert.deepEqual(of(Settlement, 'on', 'format'), ['date']);
  const { amount } = (TokenCharge.properties ?? {}) as Record<string, JsonSchema>;
  assert.deepEqual(amount, { type: 'integer', minimum: 0, maximum: 9_999_999 });
  assert.equal(listQuery().date?.format, 'date');
});
