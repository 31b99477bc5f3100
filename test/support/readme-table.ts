import { readFileSync, writeFileSync } from 'node:fs';
import { type Row, transitions } from '../../shared/orders/transitions.ts';

/** Both languages print the same. */
export const readmes = ['README.md', 'README.ja.md'];
const urlOf = (readme: string): URL => new URL(`../../${readme}`, import.meta.url);
const [begin, end] = ['<!-- transitions -->\n', '<!-- /transitions -->'];

/** The transition table of the sources, as the README prints it. */
export function transitionTable(): string {
  const rows = transitions.map(row => [row.method, row.event, movesTo(row), ...listsOf(row)]);
  const lines = [
    ['method', 'event', 'moves to', 'from', 'repeat in', 'late in', 'contradiction in'],
    Array(7).fill('---'),
    ...rows,
  ];
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('');
}

const movesTo = ({ to, attention }: Row): string => (attention ? `${to}, with ${attention}` : to);

const listsOf = ({ from, against, repeat, late, contradiction }: Row): string[] => [
  [...from, ...against.map(status => `${status}!`)].join(' '),
  repeat.join(' '),
  late.join(' '),
  contradiction.join(' '),
];

/** What a README prints now. */
export function printedTable(readme: string): string {
  const text = readFileSync(urlOf(readme), 'utf8');
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
}

if (import.meta.main) {
  for (const readme of readmes) {
    const text = readFileSync(urlOf(readme), 'utf8');
    const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
    writeFileSync(urlOf(readme), before + transitionTable() + after);
  }
}
