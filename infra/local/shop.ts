import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Answer } from './server.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** The demo page's files by URL path: `/` is index.html, and `x.ts` is bundled for the browser as `/x.js`. */
export function loadShop(folder: string): Map<string, Answer> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const scripts = names.filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  const files = names
    .filter(name => path.extname(name) in TYPES)
    .map(name => [`/${name}`, toAnswer(name, readFileSync(path.join(folder, name)))] as const);
  const shop = new Map([...files, ...bundle(folder, scripts)]);
  const start = shop.get('/index.html');
  return start ? shop.set('/', start) : shop;
}

function bundle(folder: string, scripts: string[]): [string, Answer][] {
  if (scripts.length === 0) return [];
  const { outputFiles } = buildSync({
    entryPoints: scripts.map(name => path.join(folder, name)),
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    logLevel: 'warning',
    outdir: folder,
    target: 'es2022',
    write: false,
  });
  return outputFiles.map(file => {
    const name = path.relative(folder, file.path);
    return [`/${name}`, toAnswer(name, Buffer.from(file.contents))];
  });
}

function toAnswer(name: string, body: Buffer): Answer {
  const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body };
}
