import { h } from './dom.ts';
import { eventWord } from './event-words.ts';
import { dateTime, time } from './format.ts';
import type { HistoryEntry } from './order-shape.ts';
import { statusWord, toneOf, word } from './words.ts';

/** One line for each thing that happened, oldest first. */
export function timeline(history: HistoryEntry[]): Node[] {
  return history.map(({ at, source, event, from, to, code, note, actor, count }) =>
    h(
      'li',
      { className: toneOf(to), data: { source, to } },
      h('time', { dateTime: at, title: dateTime(at) }, time(at)),
      h('span', { className: 'source' }, actor ? `${word(source)} (${actor})` : word(source)),
      h('span', { className: 'event' }, count > 1 ? `${eventWord(event)} × ${count}` : eventWord(event)),
      h('span', {}, from && from !== to ? `${statusWord(from)} → ${statusWord(to)}` : statusWord(to)),
      h('code', {}, event),
      h('span', { className: 'note' }, [code, note].filter(Boolean).join(' ')),
    ),
  );
}
