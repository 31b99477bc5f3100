/** Plays seeds 1 to the first argument, up to the first at which something is found: prints it, exit code 1. */
import { explore } from '../faults/explore.ts';

const count = Number(process.argv[2]);
for (let seed = 1; seed <= count; seed += 1) {
  const { violations } = await explore(seed);
  if (violations.length === 0) continue;
  process.stdout.write(`seed ${seed}: ${violations[0]}`);
  process.exit(1);
}
