import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SecretContent } from '../../infra/secret-parts.ts';
import { askForContent, fill } from '../../scripts/support/secret-content.ts';
import { aDeployment } from './support.ts';

const card = { clientip: '2019000001', key: '0123456789abcdef0123456789abcdef01234567' };
const carrier = { clientip: '2019000002', zkey: '89abcdef0123456789abcdef0123456789abcdef' };
const cvs = { clientip: '2019000003' };
const callback = { pathToken: 'a-path-token-of-a-test' };

const filled = (stored: SecretContent, given: unknown) =>
  fill(stored, JSON.stringify(given), () => 'made-for-this-test');

test('a fresh secret gets what is given and a path token', () => {
  assert.deepEqual(filled({}, { card }), {
    content: { card, callback: { pathToken: 'made-for-this-test' } },
    pathToken: 'generated',
  });
});

test('a path token has 43 characters of a URL, and is another one each time', () => {
  const tokens = [1, 2].map(() => fill({}, '{}').content.callback?.pathToken ?? '');
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.notEqual(tokens[0], tokens[1]);
});

test('what is given goes field by field on top of what is there', () => {
  const rotated = filled({ card, cvs, callback }, { card: { key: 'new' }, carrier });
  const content = { card: { ...card, key: 'new' }, cvs, callback, carrier };
  assert.deepEqual(rotated, { content, pathToken: 'kept' });
});

test('a part given as null goes; a path token that is given is taken, and the present one stays valid beside it', () => {
  const given = { carrier: null, callback: { pathToken: 'another-path-token' } };
  const both = { pathToken: 'another-path-token', previousPathToken: callback.pathToken };
  const content = { card, callback: both };
  assert.deepEqual(filled({ card, carrier, callback }, given), { content, pathToken: 'as given' });
  // The same input once more, as after a run that broke off.
  assert.deepEqual(filled(content, given).content, content);
  const alone = { callback: { pathToken: 'another-path-token', previousPathToken: null } };
  assert.deepEqual(filled({ card, callback }, alone).content, { card, callback: { pathToken: 'another-path-token' } });
});

const previousPathToken = 'the-path-token-before';

test('a path token given as null is made anew, and the present one stays valid beside it', () => {
  const first = filled({ callback }, { callback: { pathToken: null } });
  const both = { pathToken: 'made-for-this-test', previousPathToken: callback.pathToken };
  assert.deepEqual(first, { content: { callback: both }, pathToken: 'generated' });
  assert.deepEqual(filled({}, { callback: { pathToken: null } }).content, {
    callback: { pathToken: 'made-for-this-test' },
  });
});

test('the one before goes when it is given as null, and stays when other values change', () => {
  const stored = { callback: { ...callback, previousPathToken } };
  assert.deepEqual(filled(stored, { callback: { previousPathToken: null } }).content, { callback });
  assert.deepEqual(filled(stored, { cvs }).content, { ...stored, cvs });
  assert.deepEqual(filled(stored, { callback: null }).content, { callback: { pathToken: 'made-for-this-test' } });
});

test('a webhook secret is taken, with the one before it', () => {
  const [secret, previousSecret] = [24, 64].map(bytes => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`);
  const webhook = { secret, previousSecret };
  assert.deepEqual(filled({ callback }, { webhook }).content, { callback, webhook });
  assert.deepEqual(filled({ callback }, { webhook: { secret } }).content, { callback, webhook: { secret } });
});

const refused: [what: string, stored: SecretContent, given: unknown, message: RegExp][] = [
  ['no JSON', {}, undefined, /^Standard input holds no JSON object\.$/],
  ['a list', {}, [card], /^Standard input holds no JSON object\.$/],
  [
    'an unknown part',
    {},
    { cards: card },
    /^There is a part that is none of: card, carrier, cvs, callback, webhook\.$/,
  ],
  ['an unknown field', {}, { card: { ...card, zkey: 'x' } }, /^card has a field that is none of: clientip, key\.$/],
  ['a part that is no object', {}, { card: 'x' }, /^card must be an object\.$/],
  ['all faults at once', {}, { card: { clientip: '1' }, cvs: { clientip: '1' } }, /^card\.clientip .*\ncvs\.clientip /],
  ['a key with a line end', {}, { card: { ...card, key: 'x\n' } }, /^card\.key must be 1 to 40 printable/],
  ['5 digits where only cards have them', {}, { cvs: { clientip: '12345' } }, /^cvs\.clientip must be 10 digits\.$/],
  ['a short path token', {}, { callback: { pathToken: 'local' } }, /^callback\.pathToken must be 16 to 128/],
  [
    'a webhook secret of 23 bytes',
    {},
    { webhook: { secret: `whsec_${btoa('x'.repeat(23))}` } },
    /^webhook\.secret must be/,
  ],
  ['a key taken away by itself', { card }, { card: { key: null } }, /^card\.key must be 1 to 40 printable/],
  ['half a part', {}, { card: { clientip: '2019000001' } }, /^card\.key is missing$/],
];
for (const [what, stored, given, message] of refused) {
  test(`refused: ${what}`, () => {
    assert.throws(() => fill(stored, given === undefined ? 'key: abc' : JSON.stringify(given)), {
      message,
    });
  });
}

test('every field is asked for, keys are typed unseen, and empty answers leave what is there', async () => {
  const asked: [string, boolean][] = [];
  const answers = ['2019000001', ' key '];
  const content = await askForContent(async (question, hidden) => {
    asked.push([question.split(' ')[0] ?? '', hidden]);
    return answers.shift() ?? '';
  });
  assert.deepEqual(content, { card: { clientip: '2019000001', key: 'key' } });
  assert.deepEqual(asked, [
    ['card.clientip', false],
    ['card.key', true],
    ['carrier.clientip', false],
    ['carrier.zkey', true],
    ['cvs.clientip', false],
    ['callback.pathToken', true],
    ['webhook.secret', true],
  ]);
});

test('the script fills the secret from standard input and prints nothing of it', async () => {
  const { runScript, stored } = await aDeployment({ secret: { cvs, callback } });
  const ran = await runScript('secret', [], JSON.stringify({ card }));
  assert.deepEqual(ran, {
    code: 0,
    out: 'card: filled\ncarrier: not filled\ncvs: filled\npath token: kept\nRunning functions use it within ten minutes.\n',
    err: '',
  });
  assert.deepEqual(await stored(), {
    ipCodes: { card: { clientip: card.clientip }, cvs },
    cardKey: { card: { key: card.key } },
    carrierKey: { notFilledYet: 'x' },
    pathToken: { callback },
  });
});

test('nothing is taken from the arguments, and a fault quotes nothing', async () => {
  const { runScript, stored } = await aDeployment({ secret: { callback } });
  const inArguments = await runScript('secret', [JSON.stringify({ card })]);
  const wrong = await runScript('secret', [], `{"card":{"clientip":"${card.clientip}","key":"${card.key} "}}`);
  const broken = await runScript('secret', [], `${card.key}`);
  for (const { code, out, err } of [inArguments, wrong, broken]) {
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.ok(err.length > 0 && !err.includes(card.key.slice(0, 8)), err);
  }
  assert.deepEqual((await stored()).pathToken, { callback });
  assert.deepEqual((await stored()).cardKey, { notFilledYet: 'x' });
});

test('what no deployed function reads has no place: nothing is written', async () => {
  const { runScript, stored } = await aDeployment({ secret: { callback } });
  const webhook = { secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` };
  const { code, err } = await runScript('secret', [], JSON.stringify({ card, webhook }));
  assert.equal(code, 2);
  assert.match(err, /^The outputs have no WebhookSecretName: deploy what needs it before you fill it\.$/m);
  assert.deepEqual((await stored()).cardKey, { notFilledYet: 'x' });
});

test('a stored text that is no JSON is not written over', async () => {
  const { runScript, put } = await aDeployment({ secret: { callback } });
  await put('cardKey', 'abc');
  const { code, err } = await runScript('secret', [], JSON.stringify({ card }));
  assert.equal(code, 2);
  assert.match(err, /^The secret cardKey holds something that is no JSON object/);
});

test('without outputs the script says how to get them', async () => {
  const { runScript } = await aDeployment({});
  const { code, err } = await runScript('secret', ['--outputs', '/nowhere.json', '--deployment', 'x'], '{}');
  assert.equal(code, 2);
  assert.match(err, /no outputs of a stack zeus-payments-x/);
});
