import { readFileSync } from 'node:fs';

export interface Block {
  /** What stands behind the fence: `sh`, or `json name-of-the-file`. */
  info: string;
  text: string;
}

export const readDocument = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

export const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));

/** What two languages of a document must share: levels of headings, shapes of tables, lists, and where code stands. */
export function outlineOf(markdown: string): string[] {
  const withoutCode = markdown.replace(/^```(.+)\n[\s\S]*?^```$/gm, '```$1');
  return withoutCode.split('\n').flatMap(line => {
    if (/^#+ /.test(line)) return [line.replace(/ .*/s, '')];
    if (line.startsWith('|')) return [`row of ${line.replaceAll(/`[^`]*`/g, '').split('|').length - 2}`];
    if (/^(- \[ \]|\d+\.|-) /.test(line)) return [line.replace(/ .*/s, '')];
    return line.startsWith('```') ? [line] : [];
  });
}

/** Words of code, which no translation changes. */
export const codeOf = (markdown: string): string[] =>
  [...markdown.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
