import { fileURLToPath } from 'node:url';

/**
 * Once before a whole run; a file that runs alone does without. What Node makes of each source file, its types stripped and
 * compiled, is kept for every process of this run and the next ones.
 */
export function globalSetup(): void {
  process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../dist/compile-cache', import.meta.url));
}
