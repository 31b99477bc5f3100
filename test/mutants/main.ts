/**
 * `npm run mutants -- --seed N --count 500` changes one line of shared/orders or shared/domain at a time and prints what
 * catches it: the unit tests, and the explorer. Writes nothing into the sources. Equal seeds draw equal mutants of equal
 * sources. `--at shared/domain/due.ts:12` takes the mutants of one place, `--tests` some test files only, `--longest`
 * leaves out those that take longer (ms), `--seeds` is for the explorer (0: not asked), `--workers` at a time.
 * `--survivors dist/mutants/survivors.json` judges once more what a run before left there.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { coverageOf, type Run } from './covered.ts';
import { type Mutant, openCompiler, root, shuffled } from './draw.ts';
import { type Equivalent, equivalents } from './equivalent.ts';
import { judgeBySeeds, judgeByTests, seedArgs, testArgs, type Verdict } from './judge.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '500' },
    seeds: { type: 'string', default: '1000' },
    at: { type: 'string', default: '' },
    tests: { type: 'string', default: 'test/{domain,orders,functions,lambda}/*.test.ts' },
    longest: { type: 'string', default: '30000' },
    survivors: { type: 'string' },
    workers: { type: 'string', default: '2' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const [seed, count, seeds, workers] = [values.seed, values.count, values.seeds, values.workers].map(Number) as [
  number,
  number,
  number,
  number,
];

const sources = ['shared/domain/*.ts', 'shared/orders/*.ts'];

const survivorsFile = path.join(root, 'dist/mutants/survivors.json');

const again: Mutant[] | null = values.survivors ? JSON.parse(readFileSync(values.survivors, 'utf8')) : null;
const mutants = draw();
say(`${mutants.length} mutants of seed ${seed}`);
const runs = await measureTests();
const explorer = seeds > 0 ? await coverageOf('explorer', seedArgs(Math.min(seeds, 300))) : null;
const results: { mutant: Mutant; tests: Verdict; explorer: Verdict | null }[] = [];
await together(mutants, async mutant => {
  const tests = await judgeByTests(mutant, runs);
  const result = { mutant, tests, explorer: explorer && (await judgeBySeeds(mutant, explorer, seeds)) };
  results.push(result);
  writeFileSync(survivorsFile, JSON.stringify(results.filter(isLeft).map(each => each.mutant)));
  say(
    `${results.length} ${place(mutant)}  ${shown(tests)}${result.explorer ? ` | explorer: ${shown(result.explorer)}` : ''}`,
  );
});
report();

function draw(): Mutant[] {
  const files = globSync(sources, { cwd: root }).sort();
  const compiler = openCompiler();
  const all = compiler.all(files);
  const stale = equivalents.filter(each => !all.some(mutant => isSame(mutant, each)));
  if (stale.length > 0) throw new Error(`No such mutants any more: ${JSON.stringify(stale, null, 2)}`);
  const wanted = all.filter(
    mutant => place(mutant).startsWith(values.at) && !equivalents.some(each => isSame(mutant, each)),
  );
  const drawn: Mutant[] = [];
  if (again) drawn.push(...wanted.filter(mutant => again.some(each => isSame(each, mutant))));
  for (const mutant of again ? [] : shuffled(wanted, seed)) {
    if (drawn.length === count) break;
    if (compiler.isTyped(mutant, files)) drawn.push(mutant);
  }
  compiler.close();
  return drawn;
}

async function measureTests(): Promise<Run[]> {
  const measured: Run[] = [];
  await together(globSync(values.tests, { cwd: root }).sort(), async file => {
    measured.push(await coverageOf(file, testArgs([file])));
  });
  const short = measured.filter(({ milliseconds }) => milliseconds <= Number(values.longest));
  say(`${short.length} of ${measured.length} test files, those of at most ${values.longest} ms`);
  return short;
}

/** Some at a time. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

function isLeft({ tests }: { tests: Verdict }): boolean {
  return tests.kind !== 'caught';
}

type Change = Omit<Equivalent, 'why'>;

function isSame(a: Change, b: Change): boolean {
  return a.file === b.file && a.before === b.before && a.after === b.after;
}

function place({ file, line }: Mutant): string {
  return `${file}:${line}`;
}

function shown({ kind, by }: Verdict): string {
  return kind === 'caught' ? `caught by ${by.split('\n')[0]}` : kind.toUpperCase();
}

function report(): void {
  for (const { mutant, tests } of results) {
    if (isLeft({ tests })) say(`\n${place(mutant)} ${shown(tests)}\n  - ${mutant.before}\n  + ${mutant.after}`);
  }
  const caught = results.filter(({ tests }) => tests.kind === 'caught').length;
  say(`\nunit tests: ${rate(caught, results.length)}`);
  if (!explorer) return;
  const executed = results.filter(each => each.explorer?.kind !== 'not_executed');
  const found = executed.filter(each => each.explorer?.kind === 'caught').length;
  say(`explorer, ${seeds} seeds each, of those on lines that it executes: ${rate(found, executed.length)}`);
}

function rate(caught: number, of: number): string {
  return `${caught} of ${of} caught, ${((100 * caught) / of).toFixed(1)} %`;
}
