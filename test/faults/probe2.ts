import { converge } from './converge.ts';
import { explorePromptly } from './liveness.ts';

let bad = 0;
let orders = 0;
const t = performance.now();
for (let seed = 1; seed <= Number(process.argv[2]); seed++) {
  const c = await converge(seed);
  orders += c.orders;
  if (c.found.length) {
    bad++;
    if (bad < 6) console.log('C', seed, c.found[0]?.slice(0, 1500));
  }
}
console.log('converge', { bad, orders, ms: performance.now() - t });
bad = 0;
const u = performance.now();
for (let seed = 1; seed <= Number(process.argv[3]); seed++) {
  const c = await explorePromptly(seed);
  if (c.violations.length) {
    bad++;
    if (bad < 12) console.log('L', seed, c.campaign, c.violations.join(' ; ').slice(0, 400));
  }
}
console.log('liveness', { bad, ms: performance.now() - u });
process.exit(0);
