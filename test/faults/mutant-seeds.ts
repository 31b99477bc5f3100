import { explore } from './explore.ts';
import { mutants } from './mutants.ts';

export type Mutant = keyof typeof mutants;

/**
 * A seed that catches each mutant; ours holds at every one of them. A change of our functions' awaits, or of what is played,
 * shifts what a seed plays: then the next seed that catches it takes its place.
 */
export const mutantSeeds: Record<Mutant, number> = {
  'what was heard is not tried to be stored again': 7,
  'a callback is not tried to be stored again': 5,
  'keys are never kept': 6,
  'NG undoes what was paid': 308,
  'a success is stored as unknown': 6,
  'the number in a response is dropped': 6,
  'a decision outranks what came later': 51,
  'a second payment number is ignored': 4,
  'the amount asked for is forgotten': 7,
  'no due time is set': 10,
  'a repeated settlement asks for the first amount': 7,
  'a booking is settled twice': 83,
  'a refusal reads as maintenance': 5,
  'events of attention are missing': 1,
  'an event has a new ID each time': 10,
  'another request under the same key is the same': 14,
  'callbacks of no order are dropped': 2,
  'bookings are settled a day early': 63,
  'lists leave out what needs attention': 2,
  'reads are one change behind': 1,
  'claim after send': 3,
  'the version is ignored': 5,
  'unknown treated as declined': 1,
  'a request without a response is sent twice': 4,
  'a stale claim is sent again': 38,
  'successok before the write': 4,
  'the amount of a callback is not compared': 133,
  'order number as the only key': 1,
  'a lost answer is forgotten': 61,
  'a claim is never stale': 10,
  'events are dropped': 9,
  'one reason for attention hides the others': 51,
  'the phone of a card is kept too late': 10,
  'Powertools idempotency instead of our claim': 1,
  'an acknowledgement clears all': 964,
};

const within = 400;

export interface Caught {
  seed: number;
  finding: string;
}

/** From the named seed on, the first that catches the mutant; null: none of so many does. */
export async function catchMutant(mutant: Mutant): Promise<Caught | null> {
  const named = mutantSeeds[mutant];
  for (let seed = named; seed < named + within; seed += 1) {
    const [finding] = (await explore(seed, { variant: mutants[mutant] })).violations;
    if (finding) return { seed, finding };
  }
  return null;
}
