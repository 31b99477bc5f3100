import { readFileSync, writeFileSync } from 'node:fs';

/** A part of a document that a script writes, between `<!-- name:begin -->` and `<!-- name:end -->`. */
export interface GeneratedPart {
  /** Path from the root of the repository. */
  document: string;
  name: string;
}

export function readPart(part: GeneratedPart): string {
  const [, content] = split(part);
  return content;
}

export function writePart(part: GeneratedPart, content: string): void {
  const [before, , after] = split(part);
  writeFileSync(urlOf(part), before + content + after);
}

const urlOf = ({ document }: GeneratedPart): URL => new URL(`../../${document}`, import.meta.url);

function split(part: GeneratedPart): [before: string, content: string, after: string] {
  const [begin, end] = [`<!-- ${part.name}:begin -->\n`, `<!-- ${part.name}:end -->`];
  const text = readFileSync(urlOf(part), 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${part.document} has no part ${part.name}.`);
  return [text.slice(0, from + begin.length), text.slice(from + begin.length, to), text.slice(to)];
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`).join('');
