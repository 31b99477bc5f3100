import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeXml, parseXml, textAt, xmlBody } from '../../../shared/zeus/wire/xml.ts';

const parse = (xml: string | Uint8Array) => parseXml(typeof xml === 'string' ? Buffer.from(xml) : xml);
const text = (xml: string, ...path: string[]) => {
  const tree = parse(xml);
  assert.ok(tree, xml);
  return textAt(tree, ...path);
};

test('a document becomes names, attributes, text and children', () => {
  const leaf = (name: string, value: string) => ({ name, attributes: {}, text: value, children: [] });
  assert.deepEqual(parse('<?xml version="1.0" encoding="utf-8"?>\r\n<a b="1" c=" x "><d> 007 </d><e/><f></f></a>\n'), {
    name: 'a',
    attributes: { b: '1', c: 'x' },
    text: '',
    children: [leaf('d', '007'), leaf('e', ''), leaf('f', '')],
  });
});

test('entities of XML itself and numbered characters are read, in attributes too', () => {
  assert.equal(text('<a>&lt;&gt;&amp;&quot;&apos;&amp;lt;&#65;&#x30A2;</a>', 'a'), '<>&"\'&lt;Aア');
  assert.equal(parse('<a b="&lt;&#65;"/>')?.attributes.b, '<A');
  assert.equal(text('<a><![CDATA[<x> &amp;]]></a>', 'a'), '<x> &amp;');
  assert.equal(text('<a>1<!-- no -->2</a>', 'a'), '12');
  assert.equal(text('<a><?no no?>1<![CDATA[2 ]]><![CDATA[ 3 ]]></a>', 'a'), '12  3');
  assert.equal(text('<a>&#0000065;&#x10FFFF;</a>', 'a'), 'A\u{10ffff}');
});

test('what was escaped is read back', () => {
  const nasty = `<a href="x">&amp;'ソ]]>`;
  assert.equal(escapeXml(nasty), "&lt;a href=&quot;x&quot;&gt;&amp;amp;'ソ]]&gt;");
  assert.equal(text(`<a>${escapeXml(nasty)}</a>`, 'a'), nasty);
});

test('what is not well-formed is null', () => {
  const broken = [
    '',
    ' ',
    'success',
    '<a',
    '<a>',
    '<a>1',
    '<a></b>',
    '<a><b></a></b>',
    '<a/><b/>',
    '<a>1</a>x',
    'x<a>1</a>',
  ];
  const more = [
    '<a>&</a>',
    '<a>x & y</a>',
    '<a>&foo;</a>',
    '<a>&constructor;</a>',
    '<a b=1/>',
    '<a b="1" b="2"/>',
    '<a>&#x110000;</a>',
  ];
  for (const xml of [...broken, ...more, '<html><br></html>', '<?xml version="1.0"?>'])
    assert.equal(parse(xml), null, xml);
});

test('nothing of a DTD is expanded or even accepted', () => {
  assert.equal(parse('<!DOCTYPE a [<!ENTITY s "success">]><a>&s;</a>'), null);
  assert.equal(parse('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>1</a>'), null);
});

test('bytes that are not UTF-8 are null, a byte order mark is not text', () => {
  assert.equal(parse(Buffer.concat([Buffer.from('<a>'), Buffer.from([0x83, 0x5b]), Buffer.from('</a>')])), null);
  assert.equal(parse(Buffer.from('<a>1</a>', 'utf16le')), null);
  assert.equal(text('\ufeff<a>1</a>', 'a'), '1');
});

test('names that JavaScript knows are no trap', () => {
  assert.deepEqual(Object.keys(parse('<a __proto__="1"/>')?.attributes ?? {}), ['__proto__']);
  assert.equal(text('<a><__proto__>1</__proto__></a>', 'a', '__proto__'), '1');
  assert.equal(text('<a/>', 'a', 'constructor'), null);
});

test('too long and too deep documents are null', () => {
  const long = (bytes: number) => `<a>${'x'.repeat(bytes - 7)}</a>`;
  assert.ok(parse(long(8192)));
  assert.equal(parse(long(8193)), null);
  assert.equal(parse('<a>'.repeat(20) + '</a>'.repeat(20)), null);
});

test('text is found by its path, and only where there is one such leaf', () => {
  const xml = '<a><b><c>1</c><c>2</c><d>3</d></b><e><f/></e></a>';
  assert.equal(text(xml, 'a', 'b', 'd'), '3');
  assert.equal(text(xml, 'a', 'b', 'c'), null);
  assert.equal(text(xml, 'a', 'b', 'x'), null);
  assert.equal(text(xml, 'a', 'x', 'd'), null);
  assert.equal(text(xml, 'b', 'b', 'd'), null);
  assert.equal(text(xml, 'a', 'e'), null);
  assert.equal(text(xml, 'a', 'e', 'f'), '');
});

test('a request body has a limit in bytes', () => {
  assert.deepEqual(xmlBody('<a>ア</a>', 10), Buffer.from('<a>ア</a>'));
  assert.throws(() => xmlBody('<a>ア</a>', 9), { message: 'The request is over 9 bytes' });
});
