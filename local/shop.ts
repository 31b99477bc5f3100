import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { Answer } from './server.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const TOKEN_CLIENT = '/token-client.js';

/**
 * The demo shop's files by URL path. `/` is index.html; beside `x.html`, `x.ts` is bundled for the browser as `/x.js`.
 * Pages carry a policy that lets them talk to this shop and to the gateway, and to no other host.
 */
export function loadShop(folder: string, gatewayUrl: string): Map<string, Answer> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const files = names.filter(name => path.extname(name) in TYPES);
  const scripts = names.filter(name => name.endsWith('.ts') && names.includes(name.replace(/ts$/, 'html')));
  const gateway = new URL(gatewayUrl).origin;
  const shop = new Map([
    ...files.map(
      name => [`/${name}`, toAnswer(name, readFileSync(path.join(folder, name)), pageHeaders(name, gateway))] as const,
    ),
    ...bundlePages(folder, scripts).map(([name, code]) => [`/${name}`, toAnswer(name, code, {})] as const),
  ]);
  const start = shop.get('/index.html');
  if (start) shop.set('/', start).set(TOKEN_CLIENT, toAnswer(TOKEN_CLIENT, bundleTokenClient(), {}));
  return shop;
}

function pageHeaders(name: string, gateway: string): Record<string, string> {
  return name.endsWith('.html') ? { 'content-security-policy': contentSecurityPolicy(name, gateway) } : {};
}

/**
 * No inline script or style; a carrier order's form is posted to the gateway. The checkout runs the vendor's script, and
 * shows an issuer's challenge in a frame, whose address can be any bank's.
 */
function contentSecurityPolicy(name: string, gateway: string): string {
  const isCheckout = name === 'checkout.html';
  return [
    "default-src 'none'",
    isCheckout ? `script-src 'self' ${gateway}` : "script-src 'self'",
    ...(isCheckout ? [`frame-src https: ${gateway}`] : []),
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${gateway}`,
    `form-action 'self' ${gateway}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** As `npm run build:browser` builds it. */
export function bundleTokenClient(): string {
  const entry = fileURLToPath(new URL('../web/token-client/token-client.ts', import.meta.url));
  return bundle({ entryPoints: [entry], minify: true })[0]?.text ?? '';
}

function bundlePages(folder: string, scripts: string[]): [name: string, code: string][] {
  if (scripts.length === 0) return [];
  const entryPoints = scripts.map(name => path.join(folder, name));
  const built = bundle({ entryPoints, external: [TOKEN_CLIENT], outdir: folder });
  return built.map(file => [path.relative(folder, file.path), file.text]);
}

/** For browsers, in memory. */
export function bundle(options: BuildOptions) {
  return buildSync({
    bundle: true,
    charset: 'utf8',
    format: 'esm',
    logLevel: 'warning',
    target: 'es2022',
    ...options,
    write: false,
  }).outputFiles;
}

function toAnswer(name: string, body: string | Buffer, more: Record<string, string>): Answer {
  const headers = {
    'content-type': TYPES[path.extname(name)] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...more,
  };
  return { status: 200, headers, body };
}
