import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './shop.ts';

const folder = fileURLToPath(new URL('./vendor-script', import.meta.url));

/** A global of the three scripts with EMV 3-D Secure: of two in one page, the second does not run. */
const banner = { js: 'let timeout;' };

/**
 * The stand-ins for the vendor's browser scripts, by their paths below `/api/` at the gateway, for the simulator, which
 * writes its mark into them.
 */
export async function buildVendorScript(): Promise<Record<string, string>> {
  return {
    'token/1.0/zeus_token.js': script('zeus_token.ts'),
    'token/1.0/zeus_token_cvv.js': script('zeus_token_cvv.ts'),
    'token/1.0/zeus_token.css': readFileSync(path.join(folder, 'zeus_token.css'), 'utf8'),
    'token/2.0/zeus_token2.js': script('zeus_token2.ts', banner),
    'token/2.0/zeus_token_cvv2.js': script('zeus_token_cvv2.ts', banner),
    '3ds2/3ds-web-wrapper.js': script('3ds-web-wrapper.ts', banner),
  };
}

function script(name: string, top?: { js: string }): string {
  const built = bundle({ entryPoints: [path.join(folder, name)], format: 'iife', ...(top && { banner: top }) });
  return built[0]?.text ?? '';
}
