/** What catches a mutant: the first test that fails under it, and the first seed of the explorer. */
import path from 'node:path';
import { executes, type Run } from './covered.ts';
import type { Mutant } from './draw.ts';
import { asMutant, type Ended, node } from './processes.ts';

/** What caught it; `survived`; `not_executed`: nothing of this kind reaches its line. */
export interface Verdict {
  kind: 'caught' | 'survived' | 'not_executed';
  by: string;
}

const script = (name: string) => path.join(import.meta.dirname, name);
export const testArgs = (files: readonly string[]): string[] => [script('run-tests.ts'), ...files];
export const seedArgs = (count: number): string[] => [script('run-seeds.ts'), String(count)];

/** How often each test file caught a mutant of each source file. What is named alike, short or caught most is asked first. */
const caught = new Map<string, number>();

export async function judgeByTests(mutant: Mutant, runs: readonly Run[]): Promise<Verdict> {
  const related = runs.filter(run => executes(run, mutant.file, mutant.start));
  if (related.length === 0) return { kind: 'not_executed', by: '' };
  const key = (name: string) => `${mutant.file} ${name}`;
  const stem = path.basename(mutant.file, '.ts');
  const rank = ({ name, milliseconds }: Run) =>
    milliseconds / (1 + 20 * (caught.get(key(name)) ?? 0) + (path.basename(name).startsWith(stem) ? 5 : 0));
  const sorted = related.toSorted((a, b) => rank(a) - rank(b));
  const pure = sorted.filter(({ isPure }) => isPure);
  const groups = [...(pure.length > 0 ? [pure] : []), ...sorted.filter(({ isPure }) => !isPure).map(each => [each])];
  for (const group of groups) {
    const milliseconds = 60_000 + 6 * group.reduce((sum, each) => sum + each.milliseconds, 0);
    const ask = () => node(testArgs(group.map(({ name }) => name)), asMutant(mutant), milliseconds);
    const ended = await ask();
    if (ended.code === 0) continue;
    // A service that was slow for a moment is no catch: what fails must fail again.
    if (group.length === 1 && !group[0]?.isPure && (await ask()).text !== ended.text) continue;
    for (const { name } of group) caught.set(key(name), (caught.get(key(name)) ?? 0) + 1);
    return { kind: 'caught', by: `${group.length > 1 ? 'pure tests' : group[0]?.name}: ${reasonOf(ended)}` };
  }
  return { kind: 'survived', by: '' };
}

export async function judgeBySeeds(mutant: Mutant, baseline: Run, count: number): Promise<Verdict> {
  if (!executes(baseline, mutant.file, mutant.start)) return { kind: 'not_executed', by: '' };
  const milliseconds = 60_000 + 6 * baseline.milliseconds;
  const ended = await node(seedArgs(count), asMutant(mutant), milliseconds);
  return ended.code === 0 ? { kind: 'survived', by: '' } : { kind: 'caught', by: reasonOf(ended) };
}

const reasonOf = ({ code, text }: Ended): string => (code === null ? 'takes too long' : text || 'does not load');
