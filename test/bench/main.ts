/** `npm run bench`: everything; `npm run bench -- charge callbacks`: these. Prints Markdown. */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { coldStarts, printColdStarts } from './cold-start.ts';
import { bundleAll, startGround } from './ground.ts';
import { callbacks, printWarm, warmCharges } from './warm.ts';

const sections = ['cold-start', 'charge', 'callbacks'] as const;
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter(name => !(sections as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${sections.join(', ')}`);
  process.exit(2);
}
const wanted = (name: (typeof sections)[number]) => positionals.length === 0 || positionals.includes(name);

console.log(
  `Node ${process.versions.node}, ${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim()}), ${os.type()} ${os.release()}.`,
);
console.log('Medians, in brackets the quartiles of the ratios round by round.');
/** What the functions log is not to be seen here. */
console.info = () => {};

const bundles = bundleAll();
try {
  if (wanted('cold-start')) printColdStarts(await coldStarts(bundles, 40));
  const ground = await startGround();
  if (wanted('charge')) printWarm('A charge, one at a time', 'ms', await warmCharges(ground, bundles, 1500));
  if (wanted('callbacks'))
    printWarm('Callbacks, eight at a time', 'per CPU second', await callbacks(ground, bundles, 30));
  await ground.stop();
} finally {
  bundles.remove();
}
