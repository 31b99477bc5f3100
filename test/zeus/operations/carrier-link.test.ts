import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Masked } from '../../../shared/domain/masked.ts';
import {
  amounts,
  type CarrierOrder,
  carrierLink,
  carrierName,
  fields,
  nameProblem,
} from '../../../shared/zeus/operations/carrier-link.ts';
import { carrierOfCode } from '../../../shared/zeus/wire/carriers.ts';
import { encodeForm } from '../../../shared/zeus/wire/form.ts';
import { disagreements, type Row } from '../recorded.ts';

const baseUrl = 'https://linkpt.cardservice.co.jp';

const least: CarrierOrder = {
  ipCode: '2019000002',
  amountYen: 8000,
  carrier: 'docomo',
  name: new Masked('ゼウス'),
  phone: new Masked('0312345678'),
  email: null,
  orderId: 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF',
  testId: null,
  success: null,
  failure: null,
};

const most: CarrierOrder = {
  ...least,
  carrier: 'softbank',
  amountYen: 100_000,
  name: new Masked('ソヴポー'),
  email: new Masked('a!#$%~|-@./`{}*?_^=+'),
  testId: '12345678',
  success: { url: 'https://shop.example/ok?a=1&b=2', text: 'お店へ戻る〜 (完了)' },
  failure: { url: 'http://shop.example/ng', text: '能表予へ' },
};

test('the least that an order needs, in the order of the manual', () => {
  const form = carrierLink(baseUrl, least);
  assert.deepEqual(Object.entries(form.fields), [
    ['clientip', '2019000002'],
    ['money', '8000'],
    ['carrier_type', 'D'],
    ['username', 'ゼウス'],
    ['telno', '0312345678'],
    ['sendpoint', 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF'],
  ]);
  assert.equal(form.action, 'https://linkpt.cardservice.co.jp/cgi-bin/carrier/order.cgi');
  assert.equal(form.method, 'POST');
  assert.equal(form.acceptCharset, 'Shift_JIS');
});

test('all that an order can have', () => {
  assert.deepEqual(Object.entries(carrierLink('http://127.0.0.1:4102/', most).fields), [
    ['clientip', '2019000002'],
    ['money', '100000'],
    ['carrier_type', 'S'],
    ['username', 'ソヴポー_12345678'],
    ['telno', '0312345678'],
    ['email', 'a!#$%~|-@./`{}*?_^=+'],
    ['sendpoint', 'sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF'],
    ['success_url', 'https://shop.example/ok?a=1&b=2'],
    // The wave dash of other systems has become the one that Shift_JIS has.
    ['success_str', 'お店へ戻る\uff5e (完了)'],
    ['failure_url', 'http://shop.example/ng'],
    ['failure_str', '能表予へ'],
  ]);
});

test('the html is one complete form of ASCII', () => {
  const { html } = carrierLink('http://127.0.0.1:4102/', most);
  assert.equal(
    html,
    [
      '<form method="POST" action="http://127.0.0.1:4102/cgi-bin/carrier/order.cgi" accept-charset="Shift_JIS" target="_top">',
      '<input type="hidden" name="clientip" value="2019000002">',
      '<input type="hidden" name="money" value="100000">',
      '<input type="hidden" name="carrier_type" value="S">',
      '<input type="hidden" name="username" value="&#12477;&#12532;&#12509;&#12540;_12345678">',
      '<input type="hidden" name="telno" value="0312345678">',
      '<input type="hidden" name="email" value="a!#$%~|-@./&#96;{}*?_^=+">',
      '<input type="hidden" name="sendpoint" value="sXbW0n2vQ7yKJ4aT-_Zr8mLpEoHcU1dF">',
      '<input type="hidden" name="success_url" value="https://shop.example/ok?a=1&#38;b=2">',
      '<input type="hidden" name="success_str" value="&#12362;&#24215;&#12408;&#25147;&#12427;&#65374; (&#23436;&#20102;)">',
      '<input type="hidden" name="failure_url" value="http://shop.example/ng">',
      '<input type="hidden" name="failure_str" value="&#33021;&#34920;&#20104;&#12408;">',
      '<button type="submit">&#12362;&#25903;&#25173;&#12356;&#25163;&#32154;&#12365;&#12408;&#36914;&#12416;</button>',
      '</form>',
    ].join('\n'),
  );
});

test('the html holds nothing that a page could read as markup', () => {
  const url = `https://shop.example/'x'?a&b#c`;
  const { html } = carrierLink(baseUrl, { ...least, success: { url, text: '戻る' } });
  assert.match(html, /name="success_url" value="https:\/\/shop\.example\/&#39;x&#39;\?a&#38;b#c">/);
  assert.match(html, /^[ -~\n]+$/);
});

describe('the rows of the manual', () => {
  const table: Record<string, Row> = {
    clientip: { valid: ['2019000002'], invalid: ['', '201900000', '20190000021', '201900000a'] },
    money: { valid: ['1', '50000', '100000'], invalid: ['', '0', '100001', '01', '1.5', '-1', '１'] },
    carrier_type: { valid: ['D', 'A', 'S'], invalid: ['', 'd', 'docomo', 'X'] },
    username: {
      valid: ['ゼ', 'ァヴヵヶー', 'ソ'.repeat(25), 'ゼウス_12345678', `${'ソ'.repeat(20)}_12345678`],
      invalid: [
        '',
        'ソ'.repeat(26),
        `${'ソ'.repeat(21)}_12345678`,
        'ゼウス_1234567',
        'ゼウス_123456789',
        'ゼウス_1234567８',
        '_12345678',
        'ゼウス_',
        'ゼウス 1',
        'ゼ ウ',
        'ゼ　ウ',
        'ぜうす',
        'ｾﾞｳｽ',
        'ゼ・ウ',
        'ヽヾ',
        'ヷ',
        'ゼ\n',
        '名',
        'ZEUS',
        '😀',
      ],
    },
    telno: { valid: ['1', '0'.repeat(32)], invalid: ['', '0'.repeat(33), '03-1234', '０３'] },
    email: {
      valid: ['a', 'A1!#$%~|-@./`{}*?_^=+', `${'a'.repeat(48)}@b`],
      invalid: ['', `${'a'.repeat(49)}@b`, 'a b', 'a&b', 'a(b', 'a)b', 'a[b', 'a]b', 'a:b', 'a\\b', 'a¥b', 'あ', 'a,b'],
    },
    sendid: { valid: ['A1 \\!#$%()~|-@[]:./`{}*?_', '1'], invalid: ['', 'a'.repeat(26), 'a^', 'a=', 'a+', 'あ', 'a"'] },
    sendpoint: { valid: ['¥ a', 'a'.repeat(50)], invalid: ['', 'a'.repeat(51), 'a^', 'a=', 'a+', 'あ', 'a\t'] },
    success_url: {
      valid: ['http://aaaaa.bb/', `https://a.jp/${'x'.repeat(243)}`, "HTTPS://a.jp/?q='%20'#(1)"],
      invalid: [
        '',
        `https://a.jp/${'x'.repeat(244)}`,
        'aaaaa.bb',
        '//a.jp/',
        'ftp://a.jp/',
        'javascript:alert(1)',
        'https://',
        'https://a.jp/あ',
        'https://a.jp/ b',
        'https://a.jp/"',
        'https://a.jp/<b>',
        'https://a.jp/\n',
      ],
    },
    success_str: {
      valid: [
        'サイトへ戻る (完了)',
        'ＡＢＣ１２３ABC123　 漢字かなカナー々〆',
        '〜−—‖①㈱髙﨑、。！',
        'が',
        'か\u3099',
        '戻'.repeat(128),
        `${'戻'.repeat(127)}ab`,
      ],
      invalid: [
        '',
        '戻'.repeat(129),
        `${'戻'.repeat(127)}abc`,
        'a'.repeat(257),
        '戻る!',
        '<b>',
        'a&b',
        'ﾓﾄﾞﾙ',
        '¥',
        '\\',
        '戻\n',
        '戻\u0080',
        '😀',
        '𠮷',
        '한',
        'é',
        '\ue000',
        '\ufeff',
      ],
    },
    failure_url: { valid: ['http://aaaaa.bb/'], invalid: ['', 'aaaaa.bb', `https://a.jp/${'x'.repeat(244)}`] },
    failure_str: { valid: ['サイトへ戻る (失敗)'], invalid: ['', '戻'.repeat(129), '<b>', '😀'] },
  };

  test('their names', () => {
    assert.deepEqual(
      fields.map(field => field.wire),
      Object.keys(table),
    );
  });
  for (const { wire, kind } of fields) {
    test(wire, () => assert.deepEqual(disagreements(kind, table[wire] as Row), []));
  }
});

test('each carrier has its own limit', () => {
  const limits = { docomo: 50_000, au: 50_000, softbank: 100_000 } as const;
  for (const carrier of ['docomo', 'au', 'softbank'] as const) {
    const row = { valid: ['1', String(limits[carrier])], invalid: ['0', String(limits[carrier] + 1)] };
    assert.deepEqual(disagreements(amounts[carrier], row), [], carrier);
    assert.throws(() => carrierLink(baseUrl, { ...least, carrier, amountYen: limits[carrier] + 1 }), /^Error: money /);
    const form = carrierLink(baseUrl, { ...least, carrier, amountYen: limits[carrier] });
    assert.equal(carrierOfCode(form.fields.carrier_type ?? null), carrier);
  }
  for (const code of ['X', 'd', '', null]) assert.equal(carrierOfCode(code), null);
});

test('a name is turned to full-width katakana without spaces', () => {
  assert.equal(carrierName('ぜうす　ｿｰ ヴ'), 'ゼウスソーヴ');
});

test('a name of our API is katakana alone, and leaves room for the test ID', () => {
  assert.equal(nameProblem('ゼウス', null), null);
  assert.equal(nameProblem('ソ'.repeat(25), null), null);
  assert.equal(nameProblem('ソ'.repeat(20), '12345678'), null);
  assert.match(nameProblem('ソ'.repeat(21), '12345678') ?? '', /50 bytes/);
  assert.match(nameProblem('ソ'.repeat(26), null) ?? '', /50 bytes/);
  // Otherwise a payer's name could make a test of a real order.
  assert.match(nameProblem('ゼウス_12345678', null) ?? '', /katakana/);
  assert.match(nameProblem('', null) ?? '', /empty|bytes/);
});

test('what breaks the table throws, naming the field and never the value', () => {
  const cases: [Partial<CarrierOrder>, RegExp][] = [
    [{ name: new Masked('ゼウス_12345678') }, /^username /],
    [{ name: new Masked('Zeus') }, /^username /],
    [{ testId: '1234567' }, /^username /],
    [{ phone: new Masked('03-1234') }, /^telno /],
    [{ email: new Masked('a&b@example.com') }, /^email /],
    [{ orderId: 'a+b' }, /^sendpoint /],
    [{ success: { url: 'javascript:1', text: '戻る' } }, /^success_url /],
    [{ failure: { url: 'https://a.jp/', text: '<戻る>' } }, /^failure_str /],
    [{ amountYen: 1.5 }, /^money /],
  ];
  for (const [change, message] of cases) {
    assert.throws(
      () => carrierLink(baseUrl, { ...least, ...change }),
      (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /Zeus|1234|a&b|javascript|戻/);
        return true;
      },
    );
  }
});

/** The encoder of browsers (WHATWG Encoding, Shift_JIS): the first place of a character outside rows ED to EF. */
function browserTable(): Map<string, Buffer> {
  const decoder = new TextDecoder('shift_jis', { fatal: true });
  const table = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    if ((lead >= 0xa0 && lead <= 0xdf) || (lead >= 0xed && lead <= 0xf9)) continue;
    for (let trail = 0x40; trail <= 0xfc; trail++) {
      const bytes = Buffer.from([lead, trail]);
      try {
        const character = decoder.decode(bytes);
        if ([...character].length === 1 && !table.has(character)) table.set(character, bytes);
      } catch {
        // No character lives here.
      }
    }
  }
  return table;
}

test('what a browser posts for every character that a text may have is what encodeForm gives', () => {
  const kind = fields.find(field => field.wire === 'success_str')?.kind;
  const table = browserTable();
  let compared = 0;
  for (let code = 0xa0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    if (kind?.problem(character) !== null) continue;
    const form = carrierLink(baseUrl, { ...least, success: { url: 'https://a.jp/', text: character } });
    const sent = form.fields.success_str ?? '';
    const bytes = table.get(sent);
    assert.ok(bytes, `U+${code.toString(16)}`);
    const escaped = Array.from(bytes, byte =>
      /[A-Za-z0-9*\-._]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join('');
    assert.equal(encodeForm([['t', sent]]).toString('latin1'), `t=${escaped}`);
    compared++;
  }
  // JIS X 0208 alone has 6,879 characters.
  assert.ok(compared > 7000, String(compared));
});
