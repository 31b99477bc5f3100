import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenFault } from '../../../shared/zeus/operations/token.ts';
import {
  alertOf,
  cardFieldsIn,
  gateway,
  openPage,
  resultOf,
  skip,
  startGateway,
  startMerchant,
  typeCard,
} from './merchant.ts';
import { bareButton, ownHtmlNew, page } from './pages.ts';

const path = '/api/token/1.0/zeus_token_cvv.js';
const saved = (await (await fetch(gateway.url + path)).text()) ?? '';
const message = tokenFault('99999999').payerMessage;
const another = /^error: zeus_token: http:\/\/127\.0\.0\.1:\d+ is not the simulator that this stand-in came from/;

/** A page whose own fields are there whatever the script draws. */
const ownPage = (src: string) => page({ form: ownHtmlNew }).replace(/src="[^"]*"/, `src="${src}"`);

test('a saved copy on the shop’s own server sends nothing', { skip }, async () => {
  const merchant = await startMerchant(ownPage('/saved.js'));
  merchant.files.set('/saved.js', ['text/javascript', saved]);
  const before = gateway.requests().length;
  const payer = await openPage(merchant);
  await typeCard(payer.page);
  assert.equal(await alertOf(payer), message);
  assert.ok(payer.lines.filter(line => another.test(line)).length > 0, payer.lines.join('\n'));
  assert.equal(gateway.requests().length, before);
  assert.deepEqual(merchant.bodies, []);
  const posts = payer.requests.filter(request => request.method() !== 'GET');
  assert.deepEqual(posts, []);
});

test('a saved copy draws no form that stays', { skip }, async () => {
  const merchant = await startMerchant(page().replace(/src="[^"]*"/, 'src="/saved.js"'));
  merchant.files.set('/saved.js', ['text/javascript', saved]);
  const { page: shown } = await openPage(merchant);
  await shown.waitForSelector('#zeus_token_card_info_area [role=alert]');
  assert.equal(await shown.locator('#zeus_token_card_info_area input').count(), 0);
});

test('a copy of another simulator’s script sends nothing to this one', { skip }, async () => {
  const other = await startGateway();
  const payer = await openPage(await startMerchant(ownPage(other.url + path), other));
  await payer.page.route(other.url + path, route => route.fulfill({ body: saved, contentType: 'text/javascript' }));
  await payer.page.reload();
  await typeCard(payer.page);
  assert.equal(await alertOf(payer), message);
  assert.ok(payer.lines.some(line => another.test(line)));
  assert.deepEqual([other.requests(), payer.requests.filter(request => request.method() !== 'GET')], [[], []]);
});

test('a script without an address, or of a host that is not this machine, only keeps cards out of forms', {
  skip,
}, async () => {
  const html = page({ form: ownHtmlNew, button: bareButton });
  const inline = await startMerchant(html.replace(/<script [^>]*><\/script>/, () => `<script>${saved}</script>`));
  const first = await openPage(inline);
  assert.match(first.problems[0] ?? '', /load this stand-in with <script src>/);

  const merchant = await startMerchant(html.replace(/src="[^"]*"/, 'src="http://gateway.test/zeus_token_cvv.js"'));
  const second = await openPage(merchant);
  await second.page.route('http://gateway.test/**', route =>
    route.fulfill({ body: saved, contentType: 'text/javascript' }),
  );
  await second.page.reload();
  assert.match(second.problems[0] ?? '', /for a simulator on this machine, not for http:\/\/gateway\.test/);

  for (const [payer, { bodies }] of [
    [first, inline],
    [second, merchant],
  ] as const) {
    assert.equal(await payer.page.evaluate('typeof zeusToken'), 'undefined');
    await typeCard(payer.page);
    await resultOf(payer);
    assert.deepEqual(cardFieldsIn(bodies[0]), []);
  }
});
