import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { localSecrets } from '../../local/secrets.ts';
import { gatewayControl } from '../e2e/support.ts';
import { post } from '../local/simulator/support.ts';
import { runCommand, startStack } from '../scripts/support.ts';
import { inputsOf } from '../support/carrier.ts';
import { cardToken, until } from '../support/local.ts';
import { type Block, blocksOf, readDocument } from './markdown.ts';

// The guide, command by command: what does not need an account runs here as it stands, from a folder of its own, on the outputs
// that the local stack wrote.

const local = await startStack();
const { callbacks } = local;
const outputs = fileURLToPath(new URL(`../../dist/outputs-${new URL(local.api).port}.json`, import.meta.url));
const stack = JSON.parse(readFileSync(outputs, 'utf8'))['zeus-payments-local'] as Record<string, string>;
/** What lies in the secret of an output. */
async function stored(output: string): Promise<string> {
  const answer = await fetch(stack.LocalSecretsEndpoint ?? '', {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: stack[output] }),
  });
  return ((await answer.json()) as { SecretString: string }).SecretString;
}
const here = fileURLToPath(new URL('../../cdk.out', import.meta.url));
mkdirSync(here, { recursive: true });
const folder = mkdtempSync(path.join(here, 'walk-'));
mkdirSync(path.join(folder, 'cdk.out'));
after(() => rmSync(folder, { recursive: true }));

const variables: Record<string, string> = {
  OUTPUTS_FILE: outputs,
  GATEWAY: local.gateway,
  IP_CODE: localSecrets.card.clientip,
  TEST_CARD: '4111111111111111',
  CARD_ID: 'MEMBER-1',
};
const orderOf = async (orderId = '') =>
  (await (await fetch(`${local.api}/orders/${orderId}`)).json()) as { status: string };
const comesTo = (status: string) =>
  until(async () => (await orderOf(variables.ORDER_ID)).status === status, `${variables.ORDER_ID} to be ${status}`);

/** The payer's part, and the gateway's. */
async function completeCarrierOrder(out: string): Promise<void> {
  const { form } = JSON.parse(out) as { form: { action: string; html: string } };
  const { body } = await post(form.action, inputsOf(form.html));
  const orderNumber = /name="order" value="([^"]+)"/.exec(new TextDecoder('shift_jis').decode(body))?.[1] ?? '';
  await gatewayControl(local.gateway, 'carrier', { orderNumber, action: 'complete' });
  await comesTo('authorized');
}

/** A card that a payer has stored. */
async function storeCard(): Promise<void> {
  const body = {
    tokenKey: await cardToken(local.gateway),
    amount: 1000,
    phone: '0312345678',
    email: 'test@example.com',
    cardId: variables.CARD_ID,
  };
  const headers = { 'idempotency-key': 'stored-card', 'content-type': 'application/json' };
  const answer = await fetch(`${local.api}/card/charges`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 201);
}

/** What must be seen of a block, by a piece of its text. */
const expectations: [piece: string, holds: (out: string) => unknown][] = [
  [
    'npm run -s secret < secret.json',
    out => assert.match(out, /card: filled\ncarrier: filled\ncvs: filled\npath token: kept\n/),
  ],
  ['npm run -s check-callbacks', out => assert.match(out, /24 of 24 arrived/)],
  ['< cdk.out/test-charge.json', () => comesTo('paid')],
  ['/cancel" <', () => comesTo('cancelled')],
  ['< cdk.out/test-carrier.json', completeCarrierOrder],
  ['/return" <', () => comesTo('cancelled')],
  ['< cdk.out/test-cvs.json', () => comesTo('paid')],
  [
    'GET "/orders/$ORDER_ID"\nnpm run -s api -- GET \'/orders?attention=true\'',
    out => assert.match(out, /"orders": \[\],/),
  ],
  ['status=awaiting_customer', out => assert.match(out, /"orders": \[/)],
  ['npm run -s forget', out => assert.match(out, /card record: removed\norders without the card now: 1\n$/)],
  ['new-key.json', async () => assert.match(await stored('CarrierKeySecretName'), /^\{"carrier":\{"zkey":"fedcba98/)],
  [
    '"pathToken": null',
    out => assert.match(out, /path token: generated\n[\s\S]*\ncvs {5}\S+\/[A-Za-z0-9_-]{43}\/cvs\n/),
  ],
];

const runsHere = ({ info, text }: Block): boolean => info === 'sh' && !text.startsWith('# on AWS\n');
const blocks = blocksOf(readDocument('docs/go-live.md'));
const met = new Set<string>();

for (const block of blocks) {
  const [language, file] = block.info.split(' ');
  if (language === 'json' && file) writeFileSync(path.join(folder, file), block.text);
  if (!runsHere(block)) continue;
  test(`runs: ${block.text.trim().split('\n').at(-1)}`, async () => {
    // A callback of no order, before the guide looks for it the second time.
    if (met.has('GET "/orders/$ORDER_ID"\nnpm run -s api -- GET \'/orders?attention=true\'') && !met.has('unmatched')) {
      assert.equal((await fetch(`${callbacks}/local/card?result=OK&ordd=walk-1&money=1`)).status, 200);
      met.add('unmatched');
    }
    if (block.text.includes('npm run -s forget')) await storeCard();
    const script = `set -eo pipefail; cd '${folder}'\n${block.text}`;
    const { code, out, err } = await runCommand('bash', ['-c', script], '', variables);
    assert.equal(code, 0, `${out}\n${err}`);
    variables.ORDER_ID = [...out.matchAll(/"orderId": "([^"]+)"/g)].at(-1)?.[1] ?? variables.ORDER_ID ?? '';
    for (const [piece, holds] of expectations.filter(([piece]) => block.text.includes(piece))) {
      met.add(piece);
      await holds(out);
    }
  });
}

test('every expectation met its block', () => {
  assert.deepEqual(
    expectations.map(([piece]) => piece).filter(piece => !met.has(piece)),
    [],
  );
});
