/**
 * Which test file executes which part of our sources, measured once by V8's own coverage and kept in dist/ until a file
 * that the run loaded changes.
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
  digest: string;
  loaded: string[];
  ranges: Record<string, Range[]>;
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
  const ranges: Run['ranges'] = {};
  let isPure = true;
  const ours = `${pathToFileURL(root).href}/`;
  for (const each of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(path.join(folder, each), 'utf8'));
    for (const { url, functions } of result) {
      if (url.includes('/node_modules/@aws-sdk/')) isPure = false;
      if (!url.startsWith(ours) || url.includes('/node_modules/')) continue;
      const file = path.relative(root, fileURLToPath(url));
      loaded.add(file);
      if (!isMutated(file)) continue;
      ranges[file] ??= [];
      for (const { ranges: found } of functions) {
        for (const { startOffset, endOffset, count } of found) ranges[file].push([startOffset, endOffset, count]);
      }
    }
  }
  const names = [...loaded].sort();
  return { isPure, digest: digestOf(names), loaded: names, ranges };
}

export const isMutated = (file: string): boolean => /^shared\/(orders|domain)\//.test(file);

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const whole = path.join(root, file);
    hash.update(existsSync(whole) ? readFileSync(whole) : 'gone');
  }
  return hash.digest('hex');
}

/** Whether the run executes what stands at the position: the narrowest range around it, of any of its processes, does. */
export function executes({ ranges }: Run, file: string, position: number): boolean {
  const around = (ranges[file] ?? []).filter(([start, end]) => start <= position && position < end);
  const narrowest = Math.min(...around.map(([start, end]) => end - start));
  return around.some(([start, end, count]) => count > 0 && end - start === narrowest);
}
