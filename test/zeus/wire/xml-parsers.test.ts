import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { parseXml as parseStrictly, XmlElement } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { parseXml, type XmlTree } from '../../../shared/zeus/wire/xml.ts';
import { fixture, folder } from '../card-fixtures.ts';

// The reader takes a lenient parser and what it lacks. A damaged response that it reads must be one that a strict parser
// reads too, and the same: anything else might be a success that the gateway never sent.

const responses = readdirSync(folder)
  .filter(name => name.endsWith('.xml'))
  .map(name => fixture(name).toString());
const mixed = '<?xml version="1.0"?>\n<a b="&lt;" c=\' x \'>1<![CDATA[2 ]]><!-- k -->4 <d/><e x="1">&amp;</e></a>\n';

const pieces = [
  ...['<', '>', '/', '</', '/>', '<a>', '</a>', '<a/>', '<!--', '-->', '--', '<![CDATA[', ']]>', ']', '<?', '?>', '!'],
  ...['<?xml version="1.0"?>', '&', ';', '&amp;', '&#65;', '&#x0;', '&foo;', '"', "'", '=', ' b="1"', ' ', '\n', '\t'],
  ...['x', 'ソ', '\ufeff', '\u0001', '\u00a0', '#text', ':@', '<a:b>', 'success', '<status>', '</status>', '<code>'],
];
const piece = fc.constantFrom('', ...pieces);
const damaged = fc
  .tuple(
    fc.constantFrom(...responses, mixed),
    fc.array(fc.tuple(fc.nat(400), fc.nat(8), piece), { minLength: 1, maxLength: 3 }),
  )
  .map(([response, edits]) =>
    edits.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), response),
  );
const assembled = fc.array(piece, { maxLength: 12 }).map(some => `<a>${some.join('')}</a>`);

test('every damaged response that is read is read by a strict parser too, and the same', () => {
  let read = 0;
  const property = fc.property(fc.oneof(damaged, assembled), text => {
    const body = Buffer.from(text);
    const tree = parseXml(body);
    if (tree === null) return;
    read++;
    assert.deepEqual(withPlainSpaces(tree), readStrictly(body));
  });
  fc.assert(property, { numRuns: 20_000, seed: 1 });
  assert.ok(read > 500, `${read} were read`);
});

function readStrictly(body: Uint8Array): XmlTree {
  const { root } = parseStrictly(new TextDecoder('utf-8', { fatal: true }).decode(body));
  assert.ok(root);
  return toTree(root);
}

function toTree({ name, attributes, children, text }: XmlElement): XmlTree {
  const elements = children.filter(child => child instanceof XmlElement);
  return {
    name,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, value.trim()])),
    text: elements.length > 0 ? '' : text.trim(),
    children: elements.map(toTree),
  };
}

/** A line end in an attribute is a space to XML; nothing here depends on it. */
function withPlainSpaces(tree: XmlTree): XmlTree {
  const attributes = Object.entries(tree.attributes).map(([key, value]) => [key, value.replace(/\s/g, ' ')]);
  return { ...tree, attributes: Object.fromEntries(attributes), children: tree.children.map(withPlainSpaces) };
}
