/** `npm run bench`: everything; `npm run bench -- charge callbacks`: these. Prints Markdown. */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { coldStarts, printColdStarts } from './cold-start.ts';
import { type Bundles, bundleAll, type Ground, startGround } from './ground.ts';
import { dueSettlements, growth, printGrowth } from './growth.ts';
import { shown } from './measure.ts';
import { memory, printMemory } from './memory.ts';
import { callbacks, printWarm, warmCharges } from './warm.ts';

const sections: Record<string, (bundles: Bundles, ground: Ground) => Promise<void>> = {
  'cold-start': async bundles => printColdStarts(await coldStarts(bundles, 40)),
  charge: async (bundles, ground) =>
    printWarm('A charge, one at a time', 'ms', await warmCharges(ground, bundles, 1500)),
  callbacks: async (bundles, ground) =>
    printWarm('Callbacks, eight at a time', 'per CPU second', await callbacks(ground, bundles, 30)),
  growth: async bundles => printGrowth(await growth(bundles, [100, 10_000, 1_000_000], 300)),
  due: async bundles =>
    console.log(`\nDue settlements: ${shown(await dueSettlements(bundles, 5000))} per minute and function.`),
  memory: async (bundles, ground) => printMemory(await memory(ground, bundles, 100, 20_000), 100, 20_000),
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter(name => !Object.hasOwn(sections, name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(sections).join(', ')}.`);
  process.exit(2);
}

const processor = `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim()})`;
console.log(`Node ${process.versions.node}, ${processor}, ${os.type()} ${os.release()}, ${new Date().toISOString()}.`);
console.log('Medians; in brackets the quartiles of the ratios, round by round.');
/** What the functions log is not to be seen here. */
console.info = () => {};

const bundles = bundleAll();
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(sections)) {
    // Each on an empty table.
    const ground = await startGround();
    await sections[name]?.(bundles, ground);
    await ground.stop();
  }
} finally {
  bundles.remove();
}
