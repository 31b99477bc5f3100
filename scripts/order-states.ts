import { type FactKind, furthestFirst, type Line, lines, listed } from '../shared/domain/tables.ts';
import { type Method, type Status, statuses } from '../shared/domain/words.ts';
import { type GeneratedPart, table, writePart } from './support/generated-part.ts';
import { english, japanese, type Words } from './support/order-states-words.ts';

// npm run readme    writes the grids of docs/order-states.md and docs/order-states.ja.md from shared/domain/tables.ts

export const languages: readonly Words[] = [english, japanese];

export const partOf = ({ document }: Words): GeneratedPart => ({ document, name: 'order-states' });

const methods = Object.keys(lines) as Method[];
const code = (text: string): string => `\`${text}\``;
const codes = (texts: readonly string[], { separator }: Words): string => texts.map(code).join(separator);

export const orderStates = (words: Words): string =>
  [
    ...methods.map(method => gridOf(method, words)),
    `### ${words.headings.facts}\n`,
    factTable(words),
    `### ${words.headings.severalPayments}\n`,
    `${words.firstShown(codes(furthestFirst, words))}\n`,
    `### ${words.headings.statuses}\n`,
    all(words),
  ]
    .map(block => `\n${block}`)
    .join('')
    .concat('\n');

function gridOf(method: Method, words: Words): string {
  const rows = lines[method].map(line => [
    codes(line.when, words),
    statusOf(method, line, words),
    codes(line.contradictedBy ?? [], words),
  ]);
  const { head, otherwise } = words.grid;
  return `### ${words.titles[method]}\n\n${table(head, [...rows, [otherwise, words.otherwise[method], '']])}`;
}

function statusOf(method: Method, { status, attention }: Line, words: Words): string {
  const shown = method === 'card' && status === 'paid' ? words.paid : code(status);
  return attention ? words.withAttention(shown, code(attention)) : shown;
}

function factTable(words: Words): string {
  const callbacks = methods.flatMap(method =>
    Object.entries(listed[method])
      .toSorted()
      .map(([status, kind]) => {
        const meaning = words.callbackMeanings[method][status];
        if (meaning === undefined) throw new Error(`Say what ${method} ${status} means in ${words.document}.`);
        return [code(kind), words.methods[method], words.callback(status, meaning)];
      }),
  );
  const own = Object.entries(words.ownFacts).map(([kind, meaning]) => [
    code(kind),
    methodsOf(kind as FactKind, words),
    meaning,
  ]);
  return `${words.successes}\n\n${table(words.factHead, [...callbacks, ...own])}`;
}

const methodsOf = (kind: FactKind, words: Words): string =>
  methods
    .filter(method => lines[method].some(each => [...each.when, ...(each.contradictedBy ?? [])].includes(kind)))
    .map(method => words.methods[method])
    .join(words.separator);

function all(words: Words): string {
  const cell = (method: Method, status: Status) =>
    codes(
      lines[method].filter(line => line.status === status).flatMap(({ when }) => when),
      words,
    );
  const rows = statuses.map(status => [
    code(status),
    ...methods.map(method => cell(method, status)),
    words.notInGrid[status] ?? '',
  ]);
  const [statusHead, orHead] = words.statusHead;
  return table([statusHead, ...methods.map(method => words.methods[method]), orHead], rows);
}

if (import.meta.main) for (const words of languages) writePart(partOf(words), orderStates(words));
