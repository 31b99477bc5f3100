/** Draws mutants that type-check, with the compiler held open: no file is written, and one check takes a few milliseconds. */
import path from 'node:path';
import { API, type Program, type Snapshot } from 'typescript/unstable/sync';
import { seededDice } from '../faults/random.ts';
import { type Mutation, mutationsOf, type OtherValues } from './mutations.ts';

export interface Mutant extends Mutation {
  /** From the root of the repository. */
  file: string;
  line: number;
  /** The line as it is, and as it becomes. */
  before: string;
  after: string;
}

export const root = path.join(import.meta.dirname, '../..');
const config = path.join(root, 'tsconfig.json');

/** What only an unused name makes is no error here: a dropped statement often leaves one. */
const unusedNames = [6133, 6192, 6196, 6198, 6199];

export function openCompiler() {
  const mutated = { file: '', text: '' };
  const readFile = (name: string) => (name === mutated.file ? mutated.text : undefined);
  const api = new API({ cwd: root, fs: { readFile } });
  const first = api.updateSnapshot({ openProjects: [config] });
  const textOf = (file: string) => sourceOf(first, file).text;

  /** Every mutation of the files, whether it type-checks or not. */
  const all = (files: readonly string[]): Mutant[] =>
    files.flatMap(file => {
      const source = sourceOf(first, file);
      return mutationsOf(source, valuesBeside(first, file)).map(each => ({
        file,
        ...each,
        ...linesOf(source.text, each),
      }));
    });

  /** Whether the file, and then the others, still type-check. */
  const isTyped = ({ file, start, end, text }: Mutant, others: readonly string[]): boolean => {
    const whole = textOf(file);
    const changed = [path.join(root, file)];
    Object.assign(mutated, { file: changed[0], text: whole.slice(0, start) + text + whole.slice(end) });
    const snapshot = api.updateSnapshot({ fileChanges: { changed } });
    const program = programOf(snapshot);
    const isFine = [file, ...others].every(each => {
      const name = path.join(root, each);
      const errors = [...program.getSyntacticDiagnostics(name), ...program.getSemanticDiagnostics(name)];
      return errors.every(({ code }) => unusedNames.includes(code));
    });
    snapshot.dispose();
    mutated.file = '';
    api.updateSnapshot({ fileChanges: { changed } }).dispose();
    return isFine;
  };
  return { all, isTyped, close: () => api.close() };
}

function programOf(snapshot: Snapshot): Program {
  const project = snapshot.getProject(config);
  if (!project) throw new Error(`${config} is no project.`);
  return project.program;
}

function sourceOf(snapshot: Snapshot, file: string) {
  const source = programOf(snapshot).getSourceFile(path.join(root, file));
  if (!source) throw new Error(`${file} is not in the project.`);
  return source;
}

/** The other values of the union of words that a literal is written or compared as. */
function valuesBeside(snapshot: Snapshot, file: string): OtherValues {
  const checker = snapshot.getProject(config)?.checker;
  sourceOf(snapshot, file);
  return literal => {
    const { parent } = literal;
    const compared =
      'left' in parent && 'right' in parent ? (parent.left === literal ? parent.right : parent.left) : null;
    const type = compared
      ? checker?.getTypeAtLocation(compared as typeof literal)
      : checker?.getContextualType(literal as Parameters<typeof checker.getContextualType>[0]);
    if (!type?.isUnionType()) return [];
    return type.getTypes().flatMap(each => ('value' in each && typeof each.value === 'string' ? [each.value] : []));
  };
}

function linesOf(text: string, { start, end, text: instead }: Mutation) {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', end);
  const to = next < 0 ? text.length : next;
  return {
    line: text.slice(0, start).split('\n').length,
    before: text.slice(from, to).trim(),
    after: (text.slice(from, start) + instead + text.slice(end, to)).trim(),
  };
}

/** In a random order; equal seeds, equal order. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const dice = seededDice(seed);
  const left = [...items];
  return items.map(() => left.splice(dice.below(left.length), 1)[0] as T);
}
