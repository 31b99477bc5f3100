import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './shop.ts';

const folder = fileURLToPath(new URL('./vendor-script', import.meta.url));

/** The stand-ins for the vendor's browser script by file name, for the simulator, which writes its mark into them. */
export async function buildVendorScript(): Promise<Record<string, string>> {
  const entryPoints = ['zeus_token.ts', 'zeus_token_cvv.ts'].map(name => path.join(folder, name));
  const scripts = bundle({ entryPoints, format: 'iife', outdir: folder }).map(file => [
    path.basename(file.path),
    file.text,
  ]);
  const style = ['zeus_token.css', readFileSync(path.join(folder, 'zeus_token.css'), 'utf8')];
  return Object.fromEntries([...scripts, style]);
}
