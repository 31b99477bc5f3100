import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Simulator } from '../../../local/simulator/simulator.ts';
import { type Answer, cardIdCharge, charge, post, simulate } from './support.ts';

function remove(simulator: Simulator, changes: Record<string, string> = {}): Promise<Answer> {
  const fields = { sendiddel: 'yes', clientip: '2019000001', telno: '0312345678', sendid: 'CARD1', ...changes };
  const given = Object.entries(fields).filter(([, value]) => value !== '');
  return post(`${simulator.url}/cgi-bin/secure.cgi`, Object.fromEntries(given));
}

test('a pair is deleted once, and its card cannot be charged any more', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' });
  assert.equal((await remove(simulator)).text, 'SuccessOK\n');
  assert.equal((await remove(simulator)).text, 'failure_order\n');
  assert.equal((await cardIdCharge(simulator)).text, 'failure_order');
  assert.deepEqual(
    simulator.ledger().map(entry => [entry.kind, entry.sendid, entry.amount]),
    [
      ['charge', 'CARD1', 8000],
      ['deletion', 'CARD1', 0],
    ],
  );
});

test('only the pair of that phone goes', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1', telno: '0300000001' });
  await charge(simulator, { sendid: 'CARD1', telno: '0300000002' });
  assert.equal((await remove(simulator, { telno: '0300000003' })).text, 'failure_order\n');
  assert.equal((await remove(simulator, { telno: '0300000002' })).text, 'SuccessOK\n');
  assert.deepEqual(
    simulator.cards().map(card => card.telno),
    ['0300000001'],
  );
  assert.match((await cardIdCharge(simulator)).text, /^Success_order/);
});

const refusals: [parameter: string, what: string, value: string][] = [
  ['sendiddel', 'another word', 'no'],
  ['clientip', 'missing', ''],
  ['clientip', 'of another service', '2019000002'],
  ['telno', 'missing', ''],
  ['telno', '6 digits', '123456'],
  ['telno', '33 digits', '0'.repeat(33)],
  ['sendid', 'missing', ''],
  ['sendid', '26 bytes', 'A'.repeat(26)],
  ['sendid', 'a sign outside the list', 'A&B'],
];

for (const [parameter, what, value] of refusals) {
  test(`Invalid ${parameter}: ${what}`, async t => {
    const simulator = await simulate(t);
    await charge(simulator, { sendid: 'CARD1' });
    assert.equal((await remove(simulator, { [parameter]: value })).text, `Invalid ${parameter}\n`);
    assert.equal(simulator.cards().length, 1);
  });
}

test('maintenance and a refusal delete nothing; a lost answer does', async t => {
  const simulator = await simulate(t);
  await charge(simulator, { sendid: 'CARD1' });
  simulator.arm({ endpoint: 'deletion', fault: 'maintenance' });
  assert.equal((await remove(simulator)).text, 'maintenance\n');
  simulator.arm({ endpoint: 'deletion', fault: 'refusal' });
  assert.equal((await remove(simulator)).text, 'failure_order\n');
  assert.equal(simulator.cards().length, 1);
  simulator.arm({ endpoint: 'deletion', fault: 'lost-answer' });
  await assert.rejects(remove(simulator));
  assert.deepEqual(simulator.cards(), []);
});
