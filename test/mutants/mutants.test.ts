/** What is changed, how a process gets it, and that every mutant listed as equivalent still is one of the code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { root } from './draw.ts';
import { equivalents } from './equivalent.ts';
import { mutationsOf } from './mutations.ts';
import { asMutant, node } from './processes.ts';

/** Each mutation of one line of code. */
function mutated(line: string, otherValues: readonly string[] = []): string[] {
  const fs = createVirtualFileSystem({ '/tsconfig.json': '{}', '/a.ts': line });
  using api = Object.assign(new API({ cwd: '/', fs }), { [Symbol.dispose]: () => api.close() });
  const project = api.updateSnapshot({ openProjects: ['/tsconfig.json'] }).getProject('/tsconfig.json');
  const file = project?.program.getSourceFile('/a.ts') ?? assert.fail('no source');
  return mutationsOf(file, () => otherValues).map(
    ({ start, end, text }) => line.slice(0, start) + text + line.slice(end),
  );
}

const samples: [line: string, ...mutated: string[]][] = [
  ['if (a(b)) c();', 'if (!(a(b))) c();', 'if (false) c();', 'if (true) c();', 'if (a(b)) ;'],
  [
    'x = a < 1 ? b : c;',
    ';',
    'x = true ? b : c;',
    'x = false ? b : c;',
    'x = a <= 1 ? b : c;',
    'x = a >= 1 ? b : c;',
    'x = a < 2 ? b : c;',
  ],
  ['const x = a ?? b;', 'const x = a;', 'const x = b;'],
  ['const x = a && !b;', 'const x = !b;', 'const x = a;', 'const x = a || !b;', 'const x = a && b;'],
  ['await a();', ';', 'a();'],
  ['const x = a.some(b);', 'const x = a.every(b);'],
  ['const x = a.filter(b).sort();', 'const x = a.sort();', 'const x = a.filter(b);'],
  ['const x = { ...a, b: true };', 'const x = {  b: true };', 'const x = { ...a,  };', 'const x = { ...a, b: false };'],
  ["const x = ['a', b];", 'const x = [ b];', "const x = ['', b];", "const x = ['a', ];"],
];

for (const [line, ...expected] of samples) {
  test(`mutations of: ${line}`, () => assert.deepEqual(mutated(line).toSorted(), expected.toSorted()));
}

test('a word becomes the next word of its type; types, imports and names are left alone', () => {
  assert.deepEqual(mutated("f('a');", ['b', 'a', 'c']), [';', "f('c');"]);
  assert.deepEqual(mutated("import a from 'a'; type B = 'b' | 1; interface C { d: true }"), []);
  assert.deepEqual(mutated("const x = { 'a': b };"), ['const x = {  };']);
});

test('what spans lines is left alone', () => assert.deepEqual(mutated('f(\n  a,\n);'), []));

test('a process gets the mutant of a file, which itself stays as it is', async () => {
  const file = 'shared/domain/days.ts';
  const source = readFileSync(path.join(root, file), 'utf8');
  const start = source.indexOf('9 * 3_600_000');
  const mutant = { ...asMutant({ file, line: 2, start, end: start + 1, text: '0', before: '', after: '' }) };
  const code = `import { dayOf } from './${file}'; console.log(dayOf(new Date('2026-11-20T16:00:00Z')))`;
  const args = ['--input-type=module', '--eval', code];
  assert.deepEqual(await node(args, mutant, 60_000), { code: 0, text: '2026-11-20' });
  assert.deepEqual(await node(args, {}, 60_000), { code: 0, text: '2026-11-21' });
  assert.equal(readFileSync(path.join(root, file), 'utf8'), source);
});

test('every mutant listed as equivalent is one of a line as it stands, once, with its reason', () => {
  for (const { file, before, after, why } of equivalents) {
    const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
    assert.ok(
      lines.some(line => line.trim() === before),
      `${file}: ${before}`,
    );
    assert.ok(before !== after && why.length > 20, `${file}: ${after}`);
  }
  assert.equal(new Set(equivalents.map(({ file, after }) => `${file} ${after}`)).size, equivalents.length);
});
