/** Every row of manual 001's parameter table, through the API and, what passes it, through the gateway's own checks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carrierCalls } from '../support/carrier.ts';
import { startLocal } from '../support/local.ts';
import { clientOf, readersOf } from '../support/table.ts';

const local = await startLocal({ testPayments: 'accept' });
const { gateway, engine, call } = local;
const { bodyOf, order, submit } = carrierCalls(local);
const { items } = readersOf(clientOf(engine.endpoint));

type Body = Record<string, unknown>;
let count = 0;
const placed = (more: Body) => {
  count += 1;
  return order(`fields-${count}`, more);
};

/** Accepted here and by the gateway; answers the form's fields. */
async function accepted(more: Body): Promise<Record<string, string>> {
  const { status, body } = await placed(more);
  assert.equal(status, 201, `${JSON.stringify(more)} ${JSON.stringify(body.errors)}`);
  await submit(body.form);
  assert.deepEqual(gateway.requests().at(-1)?.violations, [], JSON.stringify(more));
  return body.form.fields;
}

/** Refused with these faults, each `field code`. */
async function refused(more: Body, ...faults: string[]): Promise<void> {
  const { status, body } = await placed(more);
  const found = (body.errors ?? []).map(({ field, code }: { field: string; code: string }) => `${field} ${code}`);
  assert.deepEqual(
    [status, body.code, found.toSorted()],
    [400, 'invalid_request', faults.toSorted()],
    JSON.stringify(more),
  );
}

const text = (bytes: number) => 'あ'.repeat(bytes / 2);
const url = (bytes: number) => `https://shop.example/${'a'.repeat(bytes - 21)}`;
const email = (bytes: number) => `${'a'.repeat(bytes - 12)}@example.com`;

test('2 money: docomo and au 1 to 50,000, SoftBank 1 to 100,000', async () => {
  const limits = { docomo: 50_000, au: 50_000, softbank: 100_000 };
  for (const [carrier, most] of Object.entries(limits)) {
    for (const amount of [1, most]) assert.equal((await accepted({ carrier, amount })).money, String(amount));
    for (const amount of [0, -1, most + 1, 1.5, 1e9]) await refused({ carrier, amount }, 'amount invalid');
  }
  for (const amount of ['8000', null, true, {}]) await refused({ amount }, 'amount invalid');
  await refused({ amount: undefined }, 'amount required');
});

test('3 carrier_type: D, A or S', async () => {
  for (const [carrier, wire] of [
    ['docomo', 'D'],
    ['au', 'A'],
    ['softbank', 'S'],
  ]) {
    assert.equal((await accepted({ carrier })).carrier_type, wire);
  }
  for (const carrier of ['', 'D', 'Docomo', 'rakuten', 1, null]) await refused({ carrier }, 'carrier invalid');
  await refused({ carrier: undefined }, 'carrier required');
});

test('4 username: hiragana, half-width katakana and spaces become full-width katakana', async () => {
  const names: [given: string, wire: string][] = [
    ['ぜうす たろう', 'ゼウスタロウ'],
    ['ｾﾞｳｽ ﾀﾛｰ', 'ゼウスタロー'],
    ['ゼウス　タロウ', 'ゼウスタロウ'],
    ['  ゼ ウ　ス  ', 'ゼウス'],
    ['う\u3099ｳﾞゔ', 'ヴヴヴ'],
    ['ﾊﾟｧｯｬ', 'パァッャ'],
    ['ソ', 'ソ'],
  ];
  for (const [name, wire] of names) assert.equal((await accepted({ name })).username, wire);
});

test('4 username: katakana alone, at most 50 bytes, whatever it was written in', async () => {
  for (const kana of ['ソ', 'そ', 'ｿ', 'ヴ', 'ｳﾞ']) {
    assert.equal((await accepted({ name: kana.repeat(25) })).username?.length, 25);
    await refused({ name: kana.repeat(26) }, 'name invalid');
  }
  assert.equal((await accepted({ name: 'ソ '.repeat(25) })).username, 'ソ'.repeat(25));
  const wrong = [
    '',
    ' ',
    '　',
    'ZEUS',
    'ＺＥＵＳ',
    '山田',
    'ゼウス1',
    'ゼウス・タロウ',
    'ゼウス_12345678',
    'ヷ',
    'ヽ',
    'é',
    '😀',
    7,
    null,
  ];
  for (const name of wrong) await refused({ name }, 'name invalid');
  await refused({ name: undefined }, 'name required');
});

test('the test ID: eight digits behind the name, within its 50 bytes', async () => {
  const at = (name: string) => ({ name, test: { id: '12345678' } });
  assert.equal((await accepted(at('ゼウステスト'))).username, 'ゼウステスト_12345678');
  assert.equal((await accepted(at('そ'.repeat(20)))).username, `${'ソ'.repeat(20)}_12345678`);
  await refused(at('ソ'.repeat(21)), 'name invalid');
  for (const id of ['1234567', '123456789', '1234567a', '１２３４５６７８', '', 12_345_678]) {
    await refused({ test: { id } }, 'test.id invalid');
  }
  await refused({ test: {} }, 'test.id required');
  await refused({ test: { id: '12345678', type: 'paid' } }, 'test.type unknown_field');
});

test('5 telno: 1 to 32 digits; hyphens and spaces are forgiven', async () => {
  for (const phone of ['0', '9'.repeat(32), `${'9'.repeat(32)}---`]) {
    assert.equal((await accepted({ phone })).telno, phone.replaceAll('-', ''));
  }
  assert.equal((await accepted({ phone: ' 03-1234 5678' })).telno, '0312345678');
  for (const phone of ['', '-', '9'.repeat(33), '+81312345678', '０３', '03(1234)5678', 312_345_678, null]) {
    await refused({ phone }, 'phone invalid');
  }
  await refused({ phone: undefined }, 'phone required');
});

test("6 email: at most 50 bytes, the signs of the manual's own column", async () => {
  for (const good of [email(50), 'a!#$%~|-@./`{}*?_^=+', undefined]) {
    assert.equal((await accepted({ email: good })).email, good);
  }
  for (const sign of '¥\\()[]:&,;\'"<> ') await refused({ email: `a${sign}b@example.com` }, 'email invalid');
  for (const bad of ['', email(51), 'ゼ@example.com', 'ａ@example.com', null])
    await refused({ email: bad }, 'email invalid');
});

for (const name of ['success', 'failure']) {
  test(`9 to 12 ${name}_url and ${name}_str: only in pairs, 256 bytes each`, async () => {
    const link = { url: url(256), text: text(256) };
    const fields = await accepted({ [name]: link });
    assert.deepEqual([fields[`${name}_url`], fields[`${name}_str`]], [link.url, link.text]);
    for (const good of ['A', 'Ａ１漢字かなカナ', 'Back to 1', '戻る　へ', 'サイトへ戻る (完了)', '能表予ソ']) {
      assert.equal((await accepted({ [name]: { ...link, text: good } }))[`${name}_str`], good);
    }
    await refused({ [name]: { url: link.url } }, `${name}.text required`);
    await refused({ [name]: { text: link.text } }, `${name}.url required`);
    await refused({ [name]: {} }, `${name}.text required`, `${name}.url required`);
    await refused({ [name]: link.url }, `${name} invalid`);
    await refused({ [name]: { ...link, target: '_top' } }, `${name}.target unknown_field`);
    for (const bad of ['', text(258), 'ｶﾅ', 'a<b', 'a&b', '😀', 'é', 'a\nb']) {
      await refused({ [name]: { ...link, text: bad } }, `${name}.text invalid`);
    }
    for (const bad of [
      '',
      url(257),
      '/ok',
      'shop.example',
      'javascript:alert(1)',
      'ftp://shop.example/',
      'https://ゼ.example/',
      'https://shop.example/a b',
    ]) {
      await refused({ [name]: { ...link, url: bad } }, `${name}.url invalid`);
    }
  });
}

test("reference: the merchant's own, 1 to 64 characters, and not sent to the gateway", async () => {
  for (const reference of ['A', '注'.repeat(64)]) {
    assert.doesNotMatch(JSON.stringify(await accepted({ reference })), /注|"A"/);
  }
  for (const reference of ['', 'A'.repeat(65), 1, null]) await refused({ reference }, 'reference invalid');
});

test('all faults at once, unknown fields among them', async () => {
  await refused(
    { carrier: 'other', amount: 0, name: '', phone: '', email: 'é', success: { url: 'x' }, sendid: 'x' },
    ...['amount', 'carrier', 'name', 'phone', 'email', 'success.url'].map(field => `${field} invalid`),
    'success.text required',
    'sendid unknown_field',
  );
});

test('what is refused quotes nothing of the payer and leaves nothing behind', async () => {
  const before = (await items()).length;
  const { body } = await placed({ name: '山田太郎', phone: '03x1234', email: 'taro&hanako@example.com' });
  assert.doesNotMatch(JSON.stringify(body), /山田|03x|hanako/);
  const card = await placed({ cardNumber: '4111111111111111' });
  assert.deepEqual([card.status, card.body.code], [400, 'card_data_refused']);
  for (const broken of ['{', '[]', '1', 'null', '"x"']) {
    const answered = await call('POST', '/carrier/orders', { key: 'broken', body: broken });
    assert.deepEqual([answered.status, answered.body.code], [400, 'invalid_request'], broken);
  }
  assert.equal((await items()).length, before);
  assert.equal((await call('POST', '/carrier/orders', { key: 'broken', body: bodyOf() })).status, 201);
});
