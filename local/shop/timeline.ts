import { h } from './dom.ts';
import { dateTime, time } from './format.ts';
import type { HistoryEntry } from './order-shape.ts';
import { statusWord, toneOf, word } from './words.ts';

/** One line for each thing that happened, oldest first. */
export function timeline(history: HistoryEntry[]): Node[] {
  return history.map(({ at, source, event, from, to, code, note, count }) =>
    h(
      'li',
      { className: toneOf(to), data: { source, to } },
      h('time', { dateTime: at, title: dateTime(at) }, time(at)),
      h('span', { className: 'source' }, word(source)),
      h('span', {}, from && from !== to ? `${statusWord(from)} → ${statusWord(to)}` : statusWord(to)),
      h('code', {}, count > 1 ? `${event} × ${count}` : event),
      h('span', { className: 'note' }, [code, note].filter(Boolean).join(' ')),
    ),
  );
}
