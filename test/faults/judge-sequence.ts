/**
 * Whether there is an order of happenings, each within the span in which it was under way, that explains every version of an
 * order that was shown. Between two versions at most as many happen as the version grew by.
 */
import type { Index, Run } from './judge-index.ts';
import type { Move } from './judge-moves.ts';
import { giveUp, noteByDueWork, nothing, type State } from './judge-specification.ts';
import { readingOf, textOf, textOfReading, type Version } from './judge-views.ts';

export interface Explained {
  /** Null: all is explained. */
  fault: string | null;
  /** Sets of facts looked at. */
  looked: number;
}

const mostLooked = 20_000;

/** What may have happened, one bit each. */
type Applied = readonly boolean[];

export function explain(
  versions: readonly Version[],
  moves: readonly Move[],
  dueWork: readonly Run[],
  { history }: Index,
): Explained {
  const end = history.length - 1;
  const timeAt = (place: number) => history[Math.min(place, end)]?.at ?? 0;
  const firstRun = Math.min(...dueWork.map(({ from }) => from));
  let looked = 0;
  let furthest = { index: 0, text: 'nothing', names: '' };

  /** With what is over and adds nothing marked as applied; null: something that is over is missing. */
  function upTo(state: State, applied: Applied, place: number): Applied | null {
    let all: boolean[] | null = null;
    for (const [index, move] of moves.entries()) {
      if ((all ?? applied)[index] || !move.isCertain || move.to >= place) continue;
      if (!move.apply(state, timeAt(place)).includes(state)) return null;
      all ??= [...applied];
      all[index] = true;
    }
    return all ?? applied;
  }

  function visit(index: number, state: State, applied: Applied, left: number): boolean {
    looked += 1;
    if (looked > mostLooked) throw new TooMany();
    const version = versions[index];
    if (!version) return upTo(state, applied, end + 1) !== null;
    if (state.order && isShown(state, version, timeAt(Math.max(version.since, version.until)))) {
      const next = upTo(state, applied, version.since);
      const grows = (versions[index + 1]?.version ?? version.version) - version.version;
      if (next && visit(index + 1, state, next, grows)) return true;
    }
    note(index, state, applied);
    if (left === 0) return false;
    const at = timeAt(version.until);
    for (const [number, move] of moves.entries()) {
      if (applied[number] || move.from > version.until) continue;
      const next = move.apply(state, at).filter(each => each !== state);
      if (next.length === 0) continue;
      const with_ = applied.with(number, true);
      if (next.some(each => visit(index, each, with_, left - 1))) return true;
    }
    const byItself = [...giveUp(state, at), ...(firstRun <= version.until ? noteByDueWork(state, at) : [])];
    return byItself.some(each => visit(index, each, applied, left - 1));
  }

  function note(index: number, { order }: State, applied: Applied): void {
    if (index < furthest.index || !order) return;
    const names = moves.filter((_move, number) => applied[number]).map(({ name }) => name);
    furthest = { index, text: textOfReading(readingOf(order)), names: names.join('; ') };
  }

  const isExplained = visit(
    0,
    nothing,
    moves.map(() => false),
    versions[0]?.version ?? 0,
  );
  if (isExplained) return { fault: null, looked };
  const version = versions[furthest.index];
  const shown = version?.shown.map(textOf).join(' and ');
  const fault = version
    ? `version ${version.version} shows ${shown}, not ${furthest.text} after ${furthest.names}`
    : `what was answered is not in ${furthest.text} after ${furthest.names}`;
  return { fault, looked };
}

export class TooMany extends Error {
  override name = 'TooMany';
}

/** An attempt whose claim is stale, or whose payer did not come back, reads so before due work has written it down. */
function isShown(state: State, { shown }: Version, at: number): boolean {
  return shown.every(each => {
    const text = textOf(each);
    if (state.order && textOfReading(readingOf(state.order)) === text) return true;
    if (!['unknown', 'expired', 'not_processed'].includes(each.status)) return false;
    return giveUp(state, at).some(({ order }) => order && textOfReading(readingOf(order)) === text);
  });
}
