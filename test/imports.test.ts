import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which of our folders a folder may import from, beside itself. The longest name that fits a file is its folder. */
const allowedFolders: Record<string, string[]> = {
  functions: ['shared/lambda', 'shared/orders'],
  'shared/lambda': ['shared/aws', 'shared/orders', 'shared/store', 'shared/zeus'],
  'shared/store': ['shared/aws', 'shared/orders', 'shared/domain/masked.ts'],
  'shared/aws': [],
  'shared/orders': ['shared/zeus'],
  'shared/zeus': [],
  'shared/browser': ['shared/zeus'],
  infra: ['shared/aws/indexes.ts'],
  'infra/local': ['infra', 'shared/aws/indexes.ts', 'test/simulator'],
  'infra/local/shop': ['shared/browser', 'shared/zeus'],
  'infra/local/vendor-script': ['shared/browser', 'shared/zeus'],
  'test/simulator': [],
};

/** Packages that only these files and folders may use. */
const allowedPackages: [name: RegExp, users: string[]][] = [
  [/^(aws-cdk-lib|constructs)\b/, ['infra']],
  [/^@aws-sdk\//, ['scripts', 'shared/aws/operations.ts', 'shared/store']],
  [/^@smithy\//, ['scripts', 'shared/aws/client.ts']],
  [/^node:(http|https|http2|net|tls)$/, ['shared/zeus/wire/transport.ts', 'infra', 'test/simulator']],
  [/^esbuild$/, ['infra']],
];

const sources = globSync(['functions/**/*.ts', 'shared/**/*.ts', 'infra/**/*.ts', 'test/simulator/**/*.ts'], {
  cwd: root,
}).filter(file => !file.endsWith('.test.ts'));

test('folders import only what the design allows', () => {
  assert.ok(sources.length > 50);
  assert.deepEqual(
    sources.flatMap(file => forbiddenImports(file, read(file))),
    [],
  );
});

test('the environment is read in one file', () => {
  const readers = sources.filter(file => !/^(infra|test)\//.test(file) && read(file).includes('process.env'));
  assert.deepEqual(readers, ['shared/lambda/settings.ts']);
});

const samples: [file: string, source: string, forbidden: boolean][] = [
  ['shared/zeus/wire/form.ts', "import { order } from '../orders/order.ts';", true],
  ['shared/zeus/wire/form.ts', "import type { Order } from '../orders/order.ts';", true],
  ['shared/zeus/wire/form.ts', "import { x } from './fields.ts';", false],
  ['shared/domain/order.ts', "export * from '../store/orders-table.ts';", true],
  ['shared/domain/order.ts', "const x = await import('../lambda/log.ts');", true],
  ['shared/domain/order.ts', "import {\n  a,\n  b,\n} from '@aws-sdk/client-dynamodb';", true],
  ['shared/aws/orders-table.ts', "import { a } from '@aws-sdk/client-dynamodb';", false],
  ['shared/lambda/api.ts', "import { App } from 'aws-cdk-lib';", true],
  ['shared/lambda/api.ts', "import 'node:https';", true],
  ['functions/orders.ts', "import { x } from '../shared/aws/orders-table.ts';", true],
  ['infra/table.ts', "import { indexes } from '../shared/aws/indexes.ts';", false],
  ['infra/table.ts', "import { x } from '../shared/aws/items.ts';", true],
  ['infra/app.ts', "import { handler } from '../functions/orders.ts';", true],
  ['infra/app.ts', "import { x } from './local/runner.ts';", true],
  ['local/runner.ts', "const s = await import('../../test/simulator/simulator.ts');", false],
  ['local/simulator/form.ts', "import { x } from '../../shared/zeus/form.ts';", true],
];
for (const [file, source, forbidden] of samples) {
  test(`${forbidden ? 'forbidden' : 'allowed'} in ${file}: ${source.replaceAll('\n', ' ')}`, () => {
    assert.equal(forbiddenImports(file, source).length, forbidden ? 1 : 0);
  });
}

function forbiddenImports(file: string, source: string): string[] {
  return importsOf(source)
    .filter(name => (name.startsWith('.') ? !mayImportFile(file, name) : !mayImportPackage(file, name)))
    .map(name => `${file} imports ${name}`);
}

function importsOf(source: string): string[] {
  const found = source.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'([^'\n]+)'/g);
  return [...found].map(([, name = '']) => name);
}

function mayImportFile(file: string, name: string): boolean {
  const imported = path.posix.join(path.posix.dirname(file), name);
  const [own, other] = [folderOf(file), folderOf(imported)];
  if (own === undefined) return false;
  return own === other || (allowedFolders[own] ?? []).some(allowed => allowed === other || allowed === imported);
}

function mayImportPackage(file: string, name: string): boolean {
  const rule = allowedPackages.find(([pattern]) => pattern.test(name));
  return !rule || rule[1].some(user => isWithin(file, user));
}

function folderOf(file: string): string | undefined {
  const fitting = Object.keys(allowedFolders).filter(folder => isWithin(file, folder));
  return fitting.toSorted((a, b) => b.length - a.length)[0];
}

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}
