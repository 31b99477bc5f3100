import { byId, h, input, select } from './dom.ts';
import { say } from './language.ts';
import { savedCards } from './saved-cards.ts';
import { word } from './words.ts';

const carriers = ['docomo', 'au', 'softbank'];
const stores = ['seven-eleven', 'lawson', 'familymart', 'seicomart', 'ministop', 'daily-yamazaki'];
const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
const years = Array.from({ length: 11 }, (_, i) => String(new Date().getFullYear() + i));

/** Fills the selects, in the present language, and keeps what was chosen. */
export function drawChoices(): void {
  fill('expires-month', ['', ...months]);
  fill('expires-year', ['', ...years]);
  fill('installments', ['01', '02', '03', '06', '12', 'B1', '99'], installmentWord);
  fill('carrier', carriers, word);
  fill('store', stores, word);
  const labels = new Map(savedCards().map(({ cardId, label }) => [cardId, label]));
  const none = labels.size === 0 ? [''] : [];
  fill(
    'card-id',
    [...none, ...labels.keys()],
    cardId => labels.get(cardId) ?? say(['登録済みのカードがありません', 'No card is stored yet']),
  );
}

function fill(id: string, values: string[], label = (value: string) => value): void {
  const chosen = select(id).value;
  const options = values.map(value => h('option', { value }, label(value) || '--'));
  select(id).replaceChildren(...options);
  if (values.includes(chosen)) select(id).value = chosen;
}

function installmentWord(value: string): string {
  if (value === '01') return say(['1回', 'One payment']);
  if (value === 'B1') return say(['ボーナス一括', 'Once with the bonus']);
  if (value === '99') return say(['リボ払い', 'Revolving']);
  return say([`${Number(value)}回`, `${Number(value)} payments`]);
}

/** Buttons that fill the card in, so that no real one is typed. */
export function drawTestCards(): void {
  const cards: [number: string, label: string][] = [
    ['4111111111111111', say(['支払われるテストカード', 'Test card: paid'])],
    ['4000000000320103', say(['本人認証のあるテストカード', 'Test card: challenge'])],
    ['0000000000000000', say(['断られるテストカード', 'Test card: declined'])],
  ];
  const buttons = cards.map(([number, label]) => {
    const onclick = () => fillIn(number);
    return h('button', { type: 'button', className: 'plain', onclick, data: { card: number } }, label);
  });
  byId('test-cards').replaceChildren(...buttons);
}

function fillIn(number: string): void {
  input('card-number').value = number;
  select('expires-month').value = '12';
  select('expires-year').value = years[1] ?? '';
  input('cvv').value = '123';
  input('card-name').value = 'TARO ZEUS';
}
