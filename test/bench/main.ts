/** `npm run bench`: everything; `npm run bench -- charge callbacks`: these. Prints Markdown. */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { coldStarts, firstAnswers, printColdStarts, printFirstAnswers } from './cold-start.ts';
import { dueSettlements } from './due.ts';
import { type Bundles, bundleAll, type Ground, logToNull, startGround } from './ground.ts';
import { growth, printGrowth } from './growth.ts';
import { shown } from './measure.ts';
import { memory, printMemory } from './memory.ts';
import { callbacks, printWarm, warmCharges } from './warm.ts';

const sections: Record<string, (bundles: Bundles, ground: Ground) => Promise<void>> = {
  'cold-start': async bundles => printColdStarts(await coldStarts(bundles, 40)),
  'first-answer': async (bundles, ground) => printFirstAnswers(await firstAnswers(ground, bundles, 40)),
  charge: async (bundles, ground) =>
    printWarm('A charge, one at a time', 'ms', await warmCharges(ground, bundles, 1500)),
  callbacks: async (bundles, ground) =>
    printWarm('Callbacks, eight at a time', 'per CPU second', await callbacks(ground, bundles, 30)),
  growth: async bundles => printGrowth(await growth(bundles, [100, 10_000, 1_000_000], 300)),
  due: async (bundles, ground) => {
    const perMinute = shown(await dueSettlements(ground, bundles, 5000));
    console.log(`\nDue settlements: ${perMinute} per minute and function, with a gateway that answers at once.`);
  },
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
logToNull();

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
