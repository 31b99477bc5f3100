import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../e2e/accessibility.ts';
import { card, gateway, openPage, resultOf, skip, startGateway, startMerchant, typeCard } from './merchant.ts';
import {
  bareButton,
  onlyNewCards,
  onlyStoredCards,
  ownHtml,
  ownHtmlNew,
  ownHtmlStored,
  page,
  storedCardScript,
} from './pages.ts';

/** The form as it came, with the token's characters left out. */
const formOf = (body: string | undefined) => {
  const fields = Object.fromEntries(new URLSearchParams(body));
  return { ...fields, zeus_token_value: fields.zeus_token_value?.replace(/^\S{86}$/, 'token') };
};

const lastYear = String(new Date().getFullYear() + 14);
const charged = {
  zeus_card_option: 'new',
  zeus_token_value: 'token',
  zeus_token_masked_card_no: '4111********1111',
  zeus_token_return_card_expires_month: '12',
  zeus_token_return_card_expires_year: lastYear,
  zeus_token_masked_cvv: '****',
  zeus_token_return_card_name: card.name,
};
const chargedStored = {
  zeus_card_option: 'quick',
  zeus_token_value: 'token',
  zeus_token_masked_card_no: '',
  zeus_token_return_card_expires_month: '',
  zeus_token_return_card_expires_year: '',
  zeus_token_masked_cvv: '****',
  zeus_token_return_card_name: '',
};

test('with security code: the page pays, and the shop gets the token and nothing of the card', { skip }, async () => {
  const before = gateway.ledger().length;
  const merchant = await startMerchant(page());
  const payer = await openPage(merchant);
  assert.match(payer.lines[0] ?? '', /^info: zeus_token: a stand-in for offline tests/);
  await typeCard(payer.page);
  assert.deepEqual(await findings(payer.page), []);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [charged]);
  assert.deepEqual(gateway.ledger().map(({ kind, amount }) => [kind, amount])[before], ['charge', 8000]);
  assert.deepEqual(payer.problems, []);
});

test('without security code: there is no field for it, and the page pays', { skip }, async () => {
  const merchant = await startMerchant(page({ cvv: false }));
  const payer = await openPage(merchant);
  assert.match(payer.lines[0] ?? '', /^info: zeus_token: a stand-in for offline tests/);
  assert.equal(await payer.page.locator('[id*=cvv]:not([type=hidden])').count(), 0);
  await typeCard(payer.page, { cvv: false });
  assert.deepEqual(await findings(payer.page), []);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [{ ...charged, zeus_token_masked_cvv: '' }]);
});

test('both kinds of card are offered, a new one is picked, and a stored one can be', { skip }, async () => {
  const merchant = await startMerchant(page({ action: '/pay/stored' }));
  const payer = await openPage(merchant);
  const shown = ['登録したカードで支払う', '新しいカードで支払う', 'カード番号', '有効期限', 'カードの名義'];
  for (const label of shown) assert.ok(await payer.page.isVisible(`label:text-is("${label}")`), label);
  assert.ok(await payer.page.isChecked('#zeus_token_action_type_new'));
  const typed = payer.page.locator('#zeus_token_card_info_area :is(input:not([type=hidden], [type=radio]), select)');
  const byBrowser = typed.evaluateAll(all => all.map(each => each.getAttribute('autocomplete')));
  assert.deepEqual(await byBrowser, Array(6).fill('off'));
  await payer.page.fill('#zeus_token_card_number', card.number);
  await payer.page.check('#zeus_token_action_type_quick');
  await payer.page.fill('#zeus_token_card_cvv_for_registerd_card', card.cvv);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [chargedStored]);
});

test('without security code a stored card needs nothing typed', { skip }, async () => {
  const merchant = await startMerchant(page({ cvv: false, action: '/pay/stored' }));
  const payer = await openPage(merchant);
  await payer.page.check('#zeus_token_action_type_quick');
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [{ ...chargedStored, zeus_token_masked_cvv: '' }]);
});

test('the style that hides stored cards leaves new ones', { skip }, async () => {
  const merchant = await startMerchant(page({ style: onlyNewCards }));
  const payer = await openPage(merchant);
  const hidden = ['#zeus_token_action_type_quick', '#zeus_token_action_type_new', '#zeus_registerd_card_area'];
  for (const id of hidden) assert.ok(await payer.page.isHidden(id), id);
  assert.equal(await payer.page.locator('label[for^=zeus_token_action_type]:visible').count(), 0);
  await typeCard(payer.page);
  assert.deepEqual(await findings(payer.page), []);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [charged]);
});

test('the style that hides new cards and the click that picks the stored one: the code is typed before', {
  skip,
}, async () => {
  const merchant = await startMerchant(
    page({ style: onlyStoredCards, script: storedCardScript, action: '/pay/stored' }),
  );
  const payer = await openPage(merchant);
  assert.ok(await payer.page.isHidden('#zeus_new_card_area'));
  assert.ok(await payer.page.isChecked('#zeus_token_action_type_new'));
  await payer.page.fill('#zeus_token_card_cvv_for_registerd_card', card.cvv);
  assert.deepEqual(await findings(payer.page), []);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(merchant.bodies.map(formOf), [chargedStored]);
  const { kind, sendid } = gateway.ledger().at(-1) ?? {};
  assert.deepEqual([kind, sendid], ['charge', 'CARD00001']);
});

test('own HTML: the manual’s sample pays with a new card, and then with the stored one', { skip }, async () => {
  // The sample's only year is 2019.
  const then = await startGateway();
  then.setClock('2019-06-01T00:00:00+09:00');
  const asInSample = { action: '#', button: '', below: bareButton };
  for (const form of [ownHtml, ownHtmlNew]) {
    const merchant = await startMerchant(page({ form, ...asInSample }), then);
    const payer = await openPage(merchant);
    if (form === ownHtml) await payer.page.check('#zeus_token_action_type_new');
    await typeCard(payer.page);
    assert.equal(await resultOf(payer), 'Success_order');
    const option = form === ownHtml ? 'new' : 'on';
    const expected = { ...charged, zeus_card_option: option, zeus_token_return_card_expires_year: '2019' };
    assert.deepEqual(merchant.bodies.map(formOf), [expected]);
  }
  for (const form of [ownHtml, ownHtmlStored]) {
    const merchant = await startMerchant(page({ form, action: '/pay/stored' }), then);
    const payer = await openPage(merchant);
    if (form === ownHtml) await payer.page.check('#zeus_token_action_type_quick');
    await payer.page.fill('#zeus_token_card_cvv_for_registerd_card', card.cvv);
    assert.equal(await resultOf(payer), 'Success_order');
    const option = form === ownHtml ? 'new' : 'on';
    assert.deepEqual(merchant.bodies.map(formOf), [{ ...chargedStored, zeus_card_option: option }]);
  }
});

test('a page of another origin with a strict policy pays', { skip }, async () => {
  const html = page().replaceAll(/<style>.*?<\/style>/gs, '');
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  const merchant = await startMerchant(html.replace(`<script>${script}</script>`, '<script src="/page.js"></script>'));
  merchant.files.set('/page.js', ['text/javascript', script]);
  const policy = `default-src 'none'; script-src 'self' ${gateway.url}; style-src ${gateway.url}`;
  merchant.headers['content-security-policy'] = `${policy}; connect-src ${gateway.url}; form-action 'self'`;
  const payer = await openPage(merchant);
  await typeCard(payer.page);
  assert.equal(await resultOf(payer), 'Success_order');
  assert.deepEqual(payer.problems, []);
});

const custom = `var zeusTokenCustomItem = {
"zeus_token_action_type_quick_label" : "Use the stored card",
"zeus_token_card_cvv_for_registerd_card_label" : "Its code",
"zeus_token_action_type_new_label" : "Use another card",
"zeus_token_card_number_label" : "<b>Number</b>",
"zeus_token_card_expires_label" : "Expiry",
"zeus_token_card_expires_month_suffix" : "m",
"zeus_token_card_expires_year_suffix" : "y",
"zeus_token_card_expires_note" : "As on the card",
"zeus_token_card_cvv_for_new_card_label" : "The code",
"zeus_token_card_name_label" : "Holder",
};`;

test('the page’s own texts are shown, as text', { skip }, async () => {
  const payer = await openPage(await startMerchant(page({ custom })));
  const texts = [...custom.matchAll(/"(\w+)" : "(.*)",/g)];
  assert.equal(texts.length, 10);
  for (const [, id, text] of texts) assert.equal(await payer.page.textContent(`#${id}`), text, id);
  assert.equal(await payer.page.getByLabel('<b>Number</b>').getAttribute('id'), 'zeus_token_card_number');
  assert.equal(
    await payer.page.getByRole('combobox', { name: 'Expiry y' }).getAttribute('id'),
    'zeus_token_card_expires_year',
  );
  assert.deepEqual(await findings(payer.page), []);
});

test('texts that stand below the script come too late, a script that is deferred does not', { skip }, async () => {
  const late = page().replace('<style>', `<script>${custom}</script><style>`);
  const payer = await openPage(await startMerchant(late));
  assert.equal(await payer.page.textContent('label[for=zeus_token_card_number]'), 'カード番号');
  const deferred = await openPage(await startMerchant(page().replace('<script type', '<script defer type')));
  await typeCard(deferred.page);
  assert.equal(await resultOf(deferred), 'Success_order');
});

test('a page that stays gets the token with its callback; the card is gone, and the token before the next', {
  skip,
}, async () => {
  const { page: shown } = await openPage(await startMerchant(page()));
  await typeCard(shown);
  const ask = () => shown.evaluate<Record<string, unknown>>('new Promise(done => zeusToken.getToken(done))');
  const { token_key, ...told } = await ask();
  assert.deepEqual(told, {
    result: 1,
    masked_card_number: '4111********1111',
    masked_cvv: '****',
    card_expires_month: '12',
    card_expires_year: lastYear,
    card_name: card.name,
  });
  assert.equal(await shown.inputValue('#zeus_token_value'), token_key);
  const fields = shown.locator('#zeus_new_card_area :is(input, select)');
  assert.deepEqual(await fields.evaluateAll(all => all.map(each => (each as HTMLInputElement).value)), [
    '',
    '',
    '',
    '',
    '',
  ]);
  assert.deepEqual(await ask(), { result: 0, error_code: '02130514' });
  assert.equal(await shown.inputValue('#zeus_token_value'), '');
});
