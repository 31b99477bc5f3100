import { explore } from './explore.ts';
import { mutants } from './mutants.ts';

const only = process.argv[2];
for (const [name, variant] of Object.entries(mutants)) {
  if (only && !name.includes(only)) continue;
  let hit = '';
  let seed = 1;
  for (; seed <= 400 && !hit; seed += 1) hit = (await explore(seed, { variant })).violations[0] ?? '';
  console.log(`${name} | ${hit ? seed - 1 : 'NOT FOUND'} | ${hit.slice(0, 150)}`);
}
process.exit(0);
