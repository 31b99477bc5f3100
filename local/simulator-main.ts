/** `npm run simulator`: the gateway alone, for an integration in any language. Ctrl-C ends it. */
import { runSimulator } from './simulator/cli.ts';
import { buildVendorScript } from './vendor-script.ts';

await runSimulator(buildVendorScript);
