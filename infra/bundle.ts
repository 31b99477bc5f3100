import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where else than in the environment the AWS SDK would look for credentials. A function's role is always in the
 * environment, so these are never loaded. With SnapStart it is not, and `credential-provider-http` is needed.
 */
const unusedCredentialProviders = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/token-providers',
];

/** CJS: on Node 24 an ESM import of node:http costs 20 ms of a cold start. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  external: unusedCredentialProviders,
  format: 'cjs',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  minify: true,
  platform: 'node',
  target: 'node24',
} as const satisfies BuildOptions;

/** Bundles `functions/<name>.ts` into `<outdir>/<name>/index.js`, all of them in one run of esbuild. */
export function bundleFunctions(names: readonly string[], outdir: string): void {
  const missing = names.filter(name => !existsSync(path.join(root, 'functions', `${name}.ts`)));
  if (missing.length > 0)
    throw new Error(`declared in infra/functions.ts, but not in functions/: ${missing.join(', ')}`);
  const entryPoints = Object.fromEntries(names.map(name => [`${name}/index`, `functions/${name}.ts`]));
  buildSync({ ...bundleOptions, entryPoints, outdir });
}
