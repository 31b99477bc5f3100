/** A card is noted before it is registered; what was noted is taken back only where the registration never left. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Masked } from '../../shared/domain/masked.ts';
import type { CardStore } from '../../shared/orders/ports.ts';
import { sendRegistering } from '../../shared/orders/token-charge.ts';
import { lost, noon, notSent, refused, standingClock, succeeded } from '../support/orders.ts';

const phone = new Masked('0900000001');

/** A store that keeps what it was asked. */
function asked(restedDeletion: boolean, more: Partial<CardStore> = {}) {
  const calls: unknown[] = [];
  const cards = {
    async remember(cardId: string, known: Masked) {
      calls.push(['remember', cardId, known.reveal()]);
      return { number: 3, restedDeletion };
    },
    async forget(...asked: unknown[]) {
      calls.push(['forget', ...asked]);
    },
    ...more,
  } as CardStore;
  return { calls, deps: { ...standingClock(), cards } };
}

test('noted first, then sent; taken back where nothing was sent and a deletion rested because of it', async () => {
  for (const outcome of [notSent, refused, lost, succeeded()]) {
    for (const restedDeletion of [true, false]) {
      const { calls, deps } = asked(restedDeletion);
      const sent = await sendRegistering(deps, 'C1', phone, async () => {
        calls.push('sent');
        return outcome;
      });
      assert.equal(sent, outcome);
      const isTakenBack = outcome === notSent && restedDeletion;
      assert.deepEqual(calls, [
        ['remember', 'C1', '0900000001'],
        'sent',
        ...(isTakenBack ? [['forget', 'C1', { number: 3, restedDeletion }, noon]] : []),
      ]);
    }
  }
});

test('a card that cannot be noted is not sent; what cannot be taken back costs no outcome', async () => {
  const failing = () => Promise.reject(new Error('engine stopped'));
  const { deps } = asked(true, { remember: failing });
  const message = 'The card could not be noted in the table, so nothing was sent.';
  assert.deepEqual(await sendRegistering(deps, 'C1', phone, () => assert.fail('sent')), {
    kind: 'not_processed',
    reason: 'storage_failed',
    code: null,
    message,
  });
  const other = asked(true, { forget: failing });
  assert.equal(await sendRegistering(other.deps, 'C1', phone, async () => notSent), notSent);
});
