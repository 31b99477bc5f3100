import { explore } from './explore.ts';
import { mutants } from './mutants.ts';

export type Mutant = keyof typeof mutants;

/**
 * A seed that catches each mutant; ours holds at every one of them. A change of our functions' awaits, or of what is played,
 * shifts what a seed plays: then the next seed that catches it takes its place.
 */
export const mutantSeeds: Record<Mutant, number> = {
  'what was heard is not tried to be stored again': 4,
  'a callback is not tried to be stored again': 99,
  'keys are never kept': 7,
  'NG undoes what was paid': 308,
  'a success is stored as unknown': 2,
  'the number in a response is dropped': 2,
  'a decision outranks what came later': 164,
  'a second payment number is ignored': 42,
  'the amount asked for is forgotten': 11,
  'no due time is set': 5,
  'a repeated settlement asks for the first amount': 1573,
  'a booking is settled twice': 351,
  'a refusal reads as maintenance': 12,
  'events of attention are missing': 1,
  'an event has a new ID each time': 2,
  'another request under the same key is the same': 14,
  'callbacks of no order are dropped': 72,
  'bookings are settled a day early': 5,
  'lists leave out what needs attention': 3,
  'reads are one change behind': 1,
  'claim after send': 5,
  'the version is ignored': 4,
  'unknown treated as declined': 1,
  'a request without a response is sent twice': 13,
  'a stale claim is sent again': 78,
  'successok before the write': 2,
  'the amount of a callback is not compared': 29,
  'order number as the only key': 1,
  'a lost answer is forgotten': 76,
  'a claim is never stale': 10,
  'events are dropped': 9,
  'one reason for attention hides the others': 29,
  'the phone of a card is kept too late': 10,
  'Powertools idempotency instead of our claim': 1,
  'an acknowledgement clears all': 1304,
  'a payment request without a response is sent again': 13,
  "the gateway's result of the authentication is ignored": 62,
  "the browser's word is believed": 4,
  'the session of a browser is not compared': 5,
  'the payment takes the session that the browser names': 111,
  'an unknown payment is asked for again': 488,
  'an order waits for its payer for ever': 16,
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
