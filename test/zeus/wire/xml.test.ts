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
  assert.equal(parse('<a b="&lt;&#65;"></a>')?.attributes.b, '<A');
  assert.equal(text('<a>&#0000065;&#x10FFFF;</a>', 'a'), 'A\u{10ffff}');
  assert.equal(text('<a>&amp;#65;&amp;amp;</a>', 'a'), '&#65;&amp;');
});

test('CDATA is read as it stands, comments are left out', () => {
  assert.equal(text('<a><![CDATA[<x> &amp; &foo;]]></a>', 'a'), '<x> &amp; &foo;');
  assert.equal(text('<a>1<![CDATA[2 ]]><![CDATA[ 3 ]]></a>', 'a'), '12  3');
  assert.equal(text('<a>1<!-- no <b> & -->2</a>', 'a'), '12');
  assert.equal(text('<a><b>1</b><!-- <b>2</b> --></a>', 'a', 'b'), '1');
});

test('what was escaped is read back', () => {
  const nasty = `<a href="x">&amp;'ソ]]>`;
  assert.equal(escapeXml(nasty), "&lt;a href=&quot;x&quot;&gt;&amp;amp;'ソ]]&gt;");
  assert.equal(text(`<a>${escapeXml(nasty)}</a>`, 'a'), nasty);
});

const broken: Record<string, string[]> = {
  'no document': ['', ' ', 'success', '<?xml version="1.0"?>', '<!-- <a>1</a> -->', '<![CDATA[<a>1</a>]]>'],
  'cut off': ['<a', '<a>', '<a>1', '<a>1<', '<a>1</', '<a>1</a', '<a><b>1</b>', '<a><!-- </a>', '<a><![CDATA[1</a>'],
  'tags that do not match': [
    '<a></b>',
    '<a><b></a></b>',
    '<html><br></html>',
    '</a>',
    '<a></A>',
    '<a></ a>',
    '<a></a/>',
    '<a></b/></a>',
    '<a><b></\u00a0b></a>',
  ],
  'two roots': ['<a/><b/>', '<a></a><a></a>', '<a></a><b>1</b>', '<a/><b></b>'],
  'something before the root': [
    'x<a>1</a>',
    '&amp;<a>1</a>',
    '<!-- x --><a>1</a>',
    '<?x?><a>1</a>',
    ' <?xml version="1.0"?><a></a>',
  ],
  'something after the root': [
    '<a>1</a>x',
    '<a>1</a>&amp;',
    '<a/>x',
    '<a/>',
    '<a>1</a><!-- x -->',
    '<a>1</a><!-- </a>',
    '<a>1</a><![CDATA[]]>',
    '<a>1</a><?x?>',
    '<a>1</a>\u00a0',
    '<a>1</a>\0',
  ],
  'an entity that is none of XML': ['&', 'x & y', '&foo;', '&constructor;', '&nbsp;', '&LT;', '&amp', '&;'].map(
    x => `<a>${x}</a>`,
  ),
  'no character of XML': [
    '&#0;',
    '&#1;',
    '&#xD800;',
    '&#xFFFF;',
    '&#x110000;',
    '&#x;',
    '&#;',
    '&#6 5;',
    '&#X41;',
    '\x01',
    '<!-- \x01 -->',
  ].map(x => `<a>${x}</a>`),
  'an unknown entity beside elements': ['<a>&foo;<b>1</b></a>'],
  'attributes that are none': [
    'b=1',
    'b',
    'b="1" b="2"',
    'b="1"c="2"',
    'b="1',
    'b="<"',
    'b="&foo;"',
    'b="&"',
    'b="1"=',
    '="1"',
    '1="1"',
  ].map(x => `<a ${x}></a>`),
  'markup that is not escaped': [
    '<a>1 < 2</a>',
    '<a>]]></a>',
    '<a><!x></a>',
    '<a><!-- -- --></a>',
    '<a>< b/></a>',
    '<a><1/></a>',
  ],
  'processing instructions': ['<a><?x y?>1</a>', '<a><?xml version="1.0"?>1</a>', '<?xml version="2.0"?><a>1</a>'],
};
for (const [what, documents] of Object.entries(broken)) {
  test(`${what}: null`, () => {
    for (const xml of documents) assert.equal(parse(xml), null, xml);
  });
}

test('every beginning of a response is null', () => {
  const whole =
    '<?xml version="1.0"?>\n<response a="b"><result><status>success</status><code>000</code></result></response>';
  assert.equal(text(whole, 'response', 'result', 'status'), 'success');
  for (let length = 0; length < whole.length; length++) assert.equal(parse(whole.slice(0, length)), null, `${length}`);
});

test('nothing of a DTD is expanded or even accepted', () => {
  const lol = '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">';
  const types = [
    'a',
    'a [<!ENTITY s "success">]',
    'a SYSTEM "file:///etc/passwd"',
    'a [<!ENTITY s SYSTEM "s">]',
    `a [${lol}]`,
  ];
  for (const type of types) {
    for (const word of ['1', '&s;', '&c;']) assert.equal(parse(`<!DOCTYPE ${type}><a>${word}</a>`), null, type);
  }
  assert.equal(parse('<a><!DOCTYPE a [<!ENTITY s "success">]>&s;</a>'), null);
  assert.equal(parse('<!doctype a><a>1</a>'), null);
});

test('bytes that are not UTF-8 are null, a byte order mark is not text', () => {
  assert.equal(parse(Buffer.concat([Buffer.from('<a>'), Buffer.from([0x83, 0x5b]), Buffer.from('</a>')])), null);
  assert.equal(parse(Buffer.from('<a>1</a>', 'utf16le')), null);
  assert.equal(text('\ufeff<a>1</a>', 'a'), '1');
  for (const xml of ['\ufeff\ufeff<a>1</a>', '<a>1</a>\ufeff', '<?xml version="1.0"?>\ufeff<a>1</a>', '<a\ufeff>1</a>'])
    assert.equal(parse(xml), null, xml);
});

test('names that JavaScript knows are no trap', () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
    assert.equal(parse(`<a><${name}>1</${name}></a>`), null, name);
    assert.equal(parse(`<${name}>1</${name}>`), null, name);
    assert.equal(parse(`<a ${name}="1"></a>`), null, name);
    assert.equal(text('<a></a>', 'a', name), null);
  }
  assert.equal(text('<a><x>1</x></a>', 'a', '__proto__', 'x'), null);
});

test('too long and too deep documents are null', () => {
  const long = (bytes: number) => `<a>${'x'.repeat(bytes - 7)}</a>`;
  assert.ok(parse(long(8192)));
  assert.equal(parse(long(8193)), null);
  const deep = (levels: number) => '<a>'.repeat(levels) + '</a>'.repeat(levels);
  assert.ok(parse(deep(16)));
  assert.equal(parse(deep(17)), null);
  assert.equal(parse(deep(1000)), null);
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
