/** Everything that an order may say has words in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEntry } from '../../../shared/domain/history.ts';
import { listed } from '../../../shared/domain/tables.ts';
import { attentionReasons, decisionOutcomes, type Method, statuses } from '../../../shared/domain/words.ts';

const storage = new Map<string, string>();
const localStorage = { getItem: (key: string) => storage.get(key) ?? null, setItem: storage.set.bind(storage) };
Object.defineProperty(globalThis, 'localStorage', { value: localStorage });
const { switchLanguage } = await import('../../../local/shop/language.ts');
const { reasonWord, statusNames, statusWord, word } = await import('../../../local/shop/words.ts');
const { eventWord } = await import('../../../local/shop/event-words.ts');

const methods = Object.keys(listed) as Method[];
const sends = ['cancel', 'settle', 'withdraw', 'return'] as const;
const outcomes = ['done', 'refused', 'not_processed', 'unknown'] as const;
const events: HistoryEntry['event'][] = [
  ...(['token_charge', 'recurring_charge', 'carrier_order', 'cvs_order', ...outcomes] as const),
  ...sends.flatMap(send => [send, ...outcomes.map(outcome => `${send}_${outcome}` as const)]),
  ...(['settle_booked', 'settle_cancelled', 'book', 'unmatched', 'claim_stale'] as const),
  ...(['settlement_due', 'booking_ended', 'acknowledged'] as const),
  ...methods.flatMap(method =>
    [...Object.keys(listed[method]), 'unlisted'].map(
      code => `${method}_${code.toLowerCase()}` as HistoryEntry['event'],
    ),
  ),
  ...decisionOutcomes,
];
const sources = ['api', 'gateway', 'callback', 'schedule', 'operator'] satisfies HistoryEntry['source'][];

const kinds: [what: string, names: readonly string[], say: (name: string) => string][] = [
  ['status', statuses, statusWord],
  ['attention reason', attentionReasons, reasonWord],
  ['event', events, eventWord],
  ['source', sources, word],
];

for (const [what, names, say] of kinds) {
  test(`every ${what} has words in Japanese and English`, () => {
    const japanese = names.map(say);
    switchLanguage();
    const english = names.map(say);
    switchLanguage();
    for (const [i, name] of names.entries()) {
      assert.match(japanese[i] ?? '', /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u, name);
      assert.match(english[i] ?? '', /^[A-Z][ -~]+$/, name);
    }
  });
}

test('the list can be filtered by every status', () => {
  assert.deepEqual([...statusNames].toSorted(), [...statuses].toSorted());
});

test('what is not listed is shown as it is', () => {
  assert.deepEqual(
    [statusWord('new_status'), reasonWord('new_reason'), eventWord('new_event'), eventWord('cancel_new')],
    ['new_status', 'new_reason', 'new_event', 'cancel_new'],
  );
});
