import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = fileURLToPath(new URL('./vendor-script', import.meta.url));

/** The stand-ins for the vendor's browser script by file name, for the simulator, which writes its mark into them. */
export async function buildVendorScript(): Promise<Record<string, string>> {
  const { outputFiles } = buildSync({
    entryPoints: ['zeus_token.ts', 'zeus_token_cvv.ts'].map(name => path.join(folder, name)),
    bundle: true,
    charset: 'utf8',
    format: 'iife',
    logLevel: 'warning',
    outdir: folder,
    target: 'es2022',
    write: false,
  });
  const scripts = outputFiles.map(file => [path.basename(file.path), file.text]);
  const style = ['zeus_token.css', readFileSync(path.join(folder, 'zeus_token.css'), 'utf8')];
  return Object.fromEntries([...scripts, style]);
}
