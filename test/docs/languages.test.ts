import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { test } from 'node:test';
import { blocksOf, codeOf, outlineOf, readDocument } from './markdown.ts';

const documents = [
  'README.md',
  'docs/cost.md',
  'docs/go-live.md',
  'docs/guarantees.md',
  'docs/order-states.md',
  'docs/running-locally.md',
  'docs/security.md',
  'docs/three-d-secure.md',
];

for (const english of documents) {
  const japanese = english.replace(/md$/, 'ja.md');
  const [en, ja] = [readDocument(english), readDocument(japanese)];

  test(`${japanese} has the sections, tables and lists of ${english}`, () => {
    assert.deepEqual(outlineOf(ja), outlineOf(en));
  });

  test(`${japanese} has the commands of ${english}`, () => {
    const commands = (markdown: string) => blocksOf(markdown).filter(({ info }) => info !== 'mermaid');
    assert.deepEqual(commands(ja), commands(en));
  });

  test(`${japanese} names the same statuses, fields and files as ${english}`, () => {
    assert.deepEqual(codeOf(ja).toSorted(), codeOf(en).toSorted());
  });
}

test('the first line after the title says what 3-D Secure rests on', () => {
  assert.match(readDocument('README.md').split('\n')[2] ?? '', /\*\*3-D Secure was never tried at the gateway\*\*/);
  assert.match(readDocument('README.ja.md').split('\n')[2] ?? '', /\*\*3-D セキュアは実環境で未検証です\*\*/);
});

const written = globSync(['README*.md', 'docs/*.md'], { cwd: new URL('../..', import.meta.url) }).toSorted();
for (const document of written) {
  test(`the links of ${document} lead somewhere`, () => {
    const text = readDocument(document).replace(/^```[\s\S]*?^```$/gm, '');
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)]
      .map(([, link = '']) => link)
      .filter(link => !/^https?:/.test(link));
    const missing = links.filter(
      link => !existsSync(new URL(link.split('#')[0] ?? '', new URL(`../../${document}`, import.meta.url))),
    );
    assert.deepEqual(missing, []);
  });
}

test('every test that docs/security.md and docs/guarantees.md name is there', () => {
  const named = ['docs/security.md', 'docs/guarantees.md'].flatMap(document =>
    [...readDocument(document).matchAll(/`((?:test|infra)\/[^`]+\.ts)`/g)].map(([, file = '']) => file),
  );
  assert.ok(named.includes('test/local/same-machine.test.ts'));
  assert.deepEqual(
    named.filter(file => !existsSync(new URL(`../../${file}`, import.meta.url))),
    [],
  );
});

test('the confidential facts of the callbacks are in none of them', () => {
  for (const document of written) {
    const addresses = readDocument(document).match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
    assert.deepEqual(
      addresses.filter(each => !/^(127\.0\.0\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/.test(each)),
      [],
      document,
    );
  }
});
