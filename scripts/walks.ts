import { readFileSync } from 'node:fs';
import { type GeneratedPart, table, writePart } from './support/generated-part.ts';

// npm run walks    writes the three walks of docs/architecture.md, with the line count of each file

export const part: GeneratedPart = { document: 'docs/architecture.md', name: 'walks' };

/** What a reader may be asked to read, to follow one request from end to end. */
export const limits = { files: 7, lines: 800 };

export interface Walk {
  title: string;
  files: readonly string[];
}

export const walks: readonly Walk[] = [
  {
    title: 'A charge by token',
    files: [
      'functions/token-charge.ts',
      'shared/orders/token-charge.ts',
      'shared/orders/engine.ts',
      'shared/domain/sends.ts',
      'shared/domain/summarize.ts',
      'shared/zeus/operations/token-charge.ts',
      'shared/zeus/wire/transport.ts',
    ],
  },
  {
    title: 'A card callback',
    files: [
      'functions/callback.ts',
      'shared/lambda/callback.ts',
      'shared/zeus/callbacks/card.ts',
      'shared/orders/callbacks.ts',
      'shared/domain/changes.ts',
      'shared/domain/facts.ts',
      'shared/domain/summarize.ts',
    ],
  },
  {
    title: 'A settlement that is due',
    files: [
      'functions/due-work.ts',
      'shared/orders/due-work.ts',
      'shared/orders/carrier-settle.ts',
      'shared/orders/operate.ts',
      'shared/orders/engine.ts',
      'shared/domain/sends.ts',
      'shared/zeus/operations/carrier-settle.ts',
    ],
  },
];

/** Throws for a file that is gone. */
export const linesOf = (file: string): number =>
  readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n').length;

export const lengthOf = ({ files }: Walk): number => files.map(linesOf).reduce((sum, lines) => sum + lines, 0);

export const walksText = (): string =>
  `Files in reading order, each read once from top to bottom. At most ${limits.files} files and ${limits.lines} lines a walk; \`npm run walks\` counts them.\n\n${walks.map(walkText).join('\n')}`;

const walkText = (walk: Walk): string =>
  `**${walk.title}**: ${walk.files.length} files, ${lengthOf(walk)} lines.\n\n${table(
    ['file', 'lines'],
    walk.files.map(file => [`\`${file}\``, String(linesOf(file))]),
  )}`;

if (import.meta.main) writePart(part, walksText());
