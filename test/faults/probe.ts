import { explore } from './explore.ts';
import { addCounters, noCounters } from './judge-rules.ts';

const [from = 1, count = 1, tell = 0] = process.argv.slice(2).map(Number);
const used = noCounters();
let bad = 0;
const t0 = performance.now();
for (let seed = from; seed < from + count; seed += 1) {
  const ex = await explore(seed, { isTold: Boolean(tell) });
  addCounters(used, ex.used);
  if (ex.violations.length > 0) {
    bad++;
    if (bad < 40) console.log(seed, ex.violations.join('\n    '));
  }
  if (tell) console.log(ex.story.join('\n'));
}
console.log(JSON.stringify({ bad, ms: (performance.now() - t0) / count, used }));
process.exit(0);
