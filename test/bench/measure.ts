/** Numbers of repeated runs. Variants are run in turns, so that a busy moment hits all of them alike. */
import { seededDice } from '../faults/random.ts';

export interface Spread {
  median: number;
  /** First and third quartile. */
  quartiles: [number, number];
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}

/** `rounds` values of each variant. Every round runs all of them in an order of its own, so that none always follows another. */
export async function inTurns<N extends string>(
  variants: Record<N, (round: number) => Promise<number>>,
  rounds: number,
): Promise<Record<N, number[]>> {
  const names = Object.keys(variants) as N[];
  const values = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<N, number[]>;
  const dice = seededDice(1);
  for (let round = 0; round < rounds; round += 1) {
    const order = names.map(name => ({ name, place: dice.roll() })).toSorted((a, b) => a.place - b.place);
    for (const { name } of order) values[name].push(await variants[name](round));
  }
  return values;
}

/** Round by round, so that a slow moment cancels out. */
export const ratioOf = (values: readonly number[], yardstick: readonly number[]): Spread =>
  spreadOf(values.map((value, round) => value / (yardstick[round] ?? Number.NaN)));

export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 1 ? 2 : 3);

export const shownRatio = ({ median, quartiles: [low, high] }: Spread): string =>
  `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** Markdown, as the README has it. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  console.log([`\n### ${title}\n`, line(head), line(rule), ...rows.map(line)].join('\n'));
}
