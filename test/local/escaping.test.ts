import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { html } from '../../local/simulator/html.ts';

// Payment numbers, names and URLs come from others: pages show them as text, wherever they stand.

const hostile = `"><img src=x onerror='alert(1)'>&`;
const escaped = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;';

test("the simulator's pages escape what is put into them, in text and in attributes", () => {
  assert.equal(html`<b title="${hostile}">${hostile}</b>`.markup, `<b title="${escaped}">${escaped}</b>`);
  assert.equal(html`<ul>${[html`<li>${hostile}</li>`]}</ul>`.markup, `<ul><li>${escaped}</li></ul>`);
});

/** What would read text as markup or as a script. */
const unsafe =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|setHTMLUnsafe)\b|document\.write|\beval\(|new Function\(/;

test('no page of the shop and no client in a browser makes markup from text', () => {
  const sources = globSync(['local/shop/**/*.ts', 'local/api-page/*.ts', 'web/**/*.ts']);
  assert.ok(sources.includes('local/shop/instructions.ts'));
  assert.deepEqual(
    sources.filter(file => unsafe.test(readFileSync(file, 'utf8'))),
    [],
  );
  assert.match('list.innerHTML = name', unsafe);
});

test('only html.ts says what is safe markup in the simulator', () => {
  const sources = globSync('local/simulator/*.ts').filter(file => /\{ markup: /.test(readFileSync(file, 'utf8')));
  assert.deepEqual(sources, ['local/simulator/html.ts']);
});
