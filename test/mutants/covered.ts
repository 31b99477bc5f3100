/**
 * Which test file executes which part of the sources under test, measured by V8's own coverage. Kept in dist/mutants until
 * another file that the run loaded changes; of a source under test that changed since, every part counts as executed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from './draw.ts';
import { node } from './processes.ts';

type Range = [start: number, end: number, count: number];

export interface Run {
  /** Test files, or the explorer. */
  name: string;
  milliseconds: number;
  /** Without a service of its own: several such files may share a process. */
  isPure: boolean;
  /** The files that the run loaded, less the sources under test; and a digest of them all. */
  loaded: string[];
  digest: string;
  sources: Record<string, { digest: string; ranges: Range[] }>;
}

const kept = path.join(root, 'dist/mutants');

/** Runs the command under coverage, unless what is kept is still true. Throws where the run itself fails. */
export async function coverageOf(name: string, args: readonly string[]): Promise<Run> {
  const file = path.join(kept, `${name.replaceAll('/', '-')}.json`);
  if (existsSync(file)) {
    const known: Run = JSON.parse(readFileSync(file, 'utf8'));
    if (digestOf(known.loaded) === known.digest) return known;
  }
  const folder = path.join(kept, `v8-${name.replaceAll('/', '-')}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const begun = performance.now();
  const { code, text } = await node(args, { NODE_V8_COVERAGE: folder }, 600_000);
  if (code !== 0) throw new Error(`${name} fails without a mutant: ${text}`);
  const run = { name, milliseconds: Math.round(performance.now() - begun), ...readCoverage(folder) };
  rmSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(run));
  return run;
}

function readCoverage(folder: string): Omit<Run, 'name' | 'milliseconds'> {
  const loaded = new Set<string>();
  const sources: Run['sources'] = {};
  let isPure = true;
  const ours = `${pathToFileURL(root).href}/`;
  for (const each of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(path.join(folder, each), 'utf8'));
    for (const { url, functions } of result) {
      if (url.includes('/node_modules/@aws-sdk/')) isPure = false;
      if (!url.startsWith(ours) || url.includes('/node_modules/')) continue;
      const file = path.relative(root, fileURLToPath(url));
      if (!isUnderTest(file)) {
        loaded.add(file);
        continue;
      }
      const source = sources[file] ?? { digest: digestOf([file]), ranges: [] };
      sources[file] = source;
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) source.ranges.push([startOffset, endOffset, count]);
      }
    }
  }
  const names = [...loaded].sort();
  return { isPure, loaded: names, digest: digestOf(names), sources };
}

const isUnderTest = (file: string): boolean => /^shared\/(orders|domain)\//.test(file);

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const whole = path.join(root, file);
    hash.update(existsSync(whole) ? readFileSync(whole) : 'gone');
  }
  return hash.digest('hex');
}

/** Whether the run executes what stands at the position: the narrowest range around it, of any of its processes, does. */
export function executes({ sources }: Run, file: string, position: number): boolean {
  const source = sources[file];
  if (!source) return false;
  if (source.digest !== digestOf([file])) return true;
  const around = source.ranges.filter(([start, end]) => start <= position && position < end);
  const narrowest = Math.min(...around.map(([start, end]) => end - start));
  return around.some(([start, end, count]) => count > 0 && end - start === narrowest);
}
