import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Which of our folders or files a folder may import, beside itself. The longest name that fits a file is its folder.
 * `type `: only by `import type`, of which nothing is left when the code runs.
 */
const allowedFolders: Record<string, string[]> = {
  functions: ['shared/lambda', 'shared/orders', 'shared/domain'],
  'shared/lambda': ['shared/aws', 'shared/orders', 'shared/zeus', 'shared/domain'],
  'shared/orders': ['shared/zeus', 'shared/domain'],
  'shared/aws': ['shared/domain', 'type shared/orders/ports.ts', 'type shared/orders/events.ts'],
  'shared/zeus': ['shared/domain'],
  'shared/domain': [],
  infra: ['shared/aws/indexes.ts'],
  web: ['shared/zeus'],
  local: ['infra', 'shared/aws/indexes.ts', 'local/shop', 'local/simulator', 'local/vendor-script'],
  'local/shop': ['web', 'shared/zeus'],
  'local/vendor-script': ['web', 'shared/zeus'],
  'local/simulator': [],
  scripts: [
    'infra/concurrency.ts',
    'infra/functions.ts',
    'shared/aws/indexes.ts',
    'infra/secret-parts.ts',
    'shared/lambda',
    'shared/domain',
  ],
};

/** Packages that only these files and folders may use. */
const allowedPackages: [name: RegExp, users: string[]][] = [
  [/^(aws-cdk-lib|constructs)\b/, ['infra']],
  // Stream records come in DynamoDB's own notation.
  [/^@aws-sdk\/util-dynamodb$/, ['shared/aws', 'shared/lambda/publish.ts']],
  [/^@aws-sdk\//, ['shared/aws', 'scripts', 'local']],
  [/^@smithy\//, ['scripts']],
  [/^node:(http|https|http2|net|tls)$/, ['shared/zeus/wire/transport.ts', 'infra', 'local', 'scripts']],
  [/^esbuild$/, ['infra', 'local']],
  // Two parsers, so that one mistake is not on both sides of the wire.
  [/^fast-xml-parser$/, ['shared/zeus/wire/xml.ts']],
  [/^@rgrove\/parse-xml$/, ['local/simulator']],
];

const folders = ['functions', 'shared', 'infra', 'local', 'web', 'scripts'];
const sources = globSync(
  folders.map(folder => `${folder}/**/*.ts`),
  { cwd: root },
);
const deployed = sources.filter(file => /^(functions|shared)\//.test(file));

test('folders import only what the design allows', () => {
  for (const folder of Object.keys(allowedFolders)) {
    assert.ok(
      sources.some(file => folderOf(file) === folder),
      folder,
    );
  }
  assert.deepEqual(
    sources.flatMap(file => forbiddenImports(file, read(file))),
    [],
  );
});

test('what is deployed reads the environment in one file', () => {
  const readers = deployed.filter(file => read(file).includes('process.env'));
  assert.deepEqual(readers, ['shared/lambda/settings.ts']);
});

const longest = 200;

test(`no file that is deployed has more than ${longest} lines`, () => {
  const lengths = deployed.map(file => [file, read(file).trimEnd().split('\n').length] as const);
  assert.deepEqual(
    lengths.filter(([, lines]) => lines > longest),
    [],
  );
});

const samples: [file: string, source: string, forbidden: boolean][] = [
  ['functions/orders.ts', "import { x } from '../shared/domain/days.ts';", false],
  ['functions/orders.ts', "import { x } from '../shared/aws/orders-table.ts';", true],
  ['functions/orders.ts', "import { x } from '../shared/zeus/wire/form.ts';", true],
  ['shared/lambda/api.ts', "import { x } from '../aws/orders-table.ts';", false],
  ['shared/lambda/api.ts', "import { App } from 'aws-cdk-lib';", true],
  ['shared/lambda/api.ts', "import 'node:https';", true],
  ['shared/orders/cancel.ts', "import { x } from '../zeus/operations/card-cancel.ts';", false],
  ['shared/orders/cancel.ts', "const x = await import('../lambda/log.ts');", true],
  ['shared/orders/cancel.ts', "export * from '../aws/orders-table.ts';", true],
  ['shared/aws/orders-table.ts', "import { x } from '../domain/order.ts';", false],
  ['shared/aws/orders-table.ts', "import type { OrderStore } from '../orders/ports.ts';", false],
  ['shared/aws/orders-table.ts', "import { x } from '../orders/ports.ts';", true],
  ['shared/aws/event-bus.ts', "import type { OrderEvent } from '../orders/events.ts';", false],
  ['shared/aws/event-bus.ts', "import type { x } from '../orders/engine.ts';", true],
  [
    'shared/aws/event-bus.ts',
    "import { eventsOf } from '../orders/events.ts';\nimport type { x } from './items.ts';",
    true,
  ],
  ['shared/aws/orders-table.ts', "import { a } from '@aws-sdk/client-dynamodb';", false],
  ['shared/aws/orders-table.ts', "import { a } from '@smithy/core/retry';", true],
  ['shared/lambda/publish.ts', "import { unmarshall } from '@aws-sdk/util-dynamodb';", false],
  ['shared/lambda/log.ts', "import { unmarshall } from '@aws-sdk/util-dynamodb';", true],
  ['shared/lambda/publish.ts', "import { a } from '@aws-sdk/client-dynamodb';", true],
  ['shared/zeus/wire/form.ts', "import { x } from '../../orders/engine.ts';", true],
  ['shared/zeus/wire/form.ts', "import type { x } from '../../orders/engine.ts';", true],
  ['shared/zeus/wire/form.ts', "import { x } from './fields.ts';", false],
  ['shared/zeus/wire/form.ts', "import { x } from '../../domain/masked.ts';", false],
  ['shared/zeus/wire/form.ts', "import { XMLParser } from 'fast-xml-parser';", true],
  ['shared/zeus/wire/xml.ts', "import { XMLParser } from 'fast-xml-parser';", false],
  ['shared/zeus/wire/xml.ts', "import { parseXml } from '@rgrove/parse-xml';", true],
  ['shared/domain/order.ts', "import type { x } from '../zeus/callbacks/callback.ts';", true],
  ['shared/domain/order.ts', "import type { x } from '../orders/ports.ts';", true],
  ['shared/domain/identity.ts', "import { createHash } from 'node:crypto';", false],
  ['shared/domain/order.ts', "import {\n  a,\n  b,\n} from '@aws-sdk/client-dynamodb';", true],
  ['infra/table.ts', "import { indexes } from '../shared/aws/indexes.ts';", false],
  ['infra/table.ts', "import { x } from '../shared/aws/items.ts';", true],
  ['infra/app.ts', "import { handler } from '../functions/orders.ts';", true],
  ['infra/app.ts', "import { x } from '../local/runner.ts';", true],
  ['web/token-client/read-xml.ts', "import { x } from '../../shared/zeus/operations/token.ts';", false],
  ['web/token-client/read-xml.ts', "import { x } from '../../shared/domain/order.ts';", true],
  ['local/runner.ts', "const s = await import('./simulator/simulator.ts');", false],
  ['local/runner.ts', "import { x } from '../shared/aws/items.ts';", true],
  ['local/runner.ts', "import { App } from 'aws-cdk-lib';", true],
  ['scripts/order-states.ts', "import { lines } from '../shared/domain/tables.ts';", false],
  ['scripts/api.ts', "import { x } from '../shared/aws/orders-table.ts';", true],
  ['local/shop/order.ts', "import { x } from '../../web/token-client/token-client.ts';", false],
  ['local/shop/order.ts', "import { x } from '../../shared/domain/order.ts';", true],
  ['local/simulator/form.ts', "import { x } from '../../shared/zeus/wire/form.ts';", true],
  ['local/simulator/form.ts', "import { x } from '../server.ts';", true],
  ['local/simulator/xml.ts', "import { XMLParser } from 'fast-xml-parser';", true],
];
for (const [file, source, forbidden] of samples) {
  test(`${forbidden ? 'forbidden' : 'allowed'} in ${file}: ${source.replaceAll('\n', ' ')}`, () => {
    assert.equal(forbiddenImports(file, source).length, forbidden ? 1 : 0);
  });
}

interface Import {
  name: string;
  isType: boolean;
}

function forbiddenImports(file: string, source: string): string[] {
  return importsOf(source)
    .filter(found => (found.name.startsWith('.') ? !mayImportFile(file, found) : !mayImportPackage(file, found.name)))
    .map(({ name }) => `${file} imports ${name}`);
}

function importsOf(source: string): Import[] {
  const found = source.matchAll(/(?:\b(?:import|export)\s+(type\s)?[^;'()]*?\bfrom\s*|\bimport\s*\(?\s*)'([^'\n]+)'/g);
  return [...found].map(([, type, name = '']) => ({ name, isType: type !== undefined }));
}

function mayImportFile(file: string, { name, isType }: Import): boolean {
  const imported = path.posix.join(path.posix.dirname(file), name);
  const [own, other] = [folderOf(file), folderOf(imported)];
  if (own === undefined || other === undefined) return false;
  const allowed = allowedFolders[own] ?? [];
  const isAllowed = (prefix: string) => [other, imported].some(each => allowed.includes(`${prefix}${each}`));
  return own === other || isAllowed('') || (isType && isAllowed('type '));
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
