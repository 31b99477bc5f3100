import { explore } from './explore.ts';
import { mutants } from './mutants.ts';

/** The seed that catches each mutant, and what it must be caught at. Ours holds at every one of them. */
export const mutantSeeds: Record<keyof typeof mutants, { seed: number; finding: string }> = {
  'claim after send': { seed: 8, finding: 'charged twice' },
  'no claim identity': { seed: 36, finding: 'successok without a trace' },
  'unknown treated as declined': { seed: 375, finding: 'charged but declined' },
  'a stale claim re-sent': { seed: 57, finding: 'charged twice' },
  'successok before the write': { seed: 19, finding: 'successok without a trace' },
  'transition without condition': { seed: 19, finding: 'cancelled at the gateway only' },
  'order number as the only key': { seed: 7, finding: 'successok without a trace' },
  'Powertools idempotency instead of our claim': { seed: 16, finding: 'charged twice' },
};

export async function caughtBy(): Promise<{ mutant: string; seed: number; found: string; isCaught: boolean }[]> {
  const results = [];
  for (const [mutant, { seed, finding }] of Object.entries(mutantSeeds)) {
    const { violations } = await explore(seed, { variant: mutants[mutant as keyof typeof mutants] });
    const found = violations.find(each => each.startsWith(finding));
    results.push({ mutant, seed, found: found ?? violations.join('; '), isCaught: found !== undefined });
  }
  return results;
}
