/** Campaigns: named mixes of what goes wrong. A seed chooses one; together they bring every pair of faults about. */
import type { SendFault, StoreFault } from './policy.ts';
import type { Dice } from './random.ts';

/** What else can go wrong than single requests. Each is counted by its name, as each store and gateway fault is. */
export type Trouble =
  | 'crash before'
  | 'crash after'
  | 'frozen'
  | 'clock off'
  | 'clock steps back'
  | 'index behind'
  | 'outage'
  | 'maintenance after a lost answer'
  | 'queue delivers again'
  | 'bus takes a part'
  | 'callback late'
  | 'callback again'
  | 'callback missing'
  | 'wrong amount'
  | 'wrong IP code'
  | "another order's number"
  | 'two values'
  | 'old key'
  | 'more than ten keys'
  | 'first amount in 06 to 09'
  | 'vague repeats'
  | 'browser leaves'
  | 'browser late'
  | 'browser posts twice'
  | 'forged words'
  | "another session's md"
  | 'paid from elsewhere';

export type Fault = Trouble | `store ${Exclude<StoreFault, 'none'>}` | `gateway ${Exclude<SendFault, 'none'>}`;

/** Probabilities, unless said otherwise. */
export interface Campaign {
  name: string;
  /** How often it is chosen, relative to the others. */
  weight: number;
  /** Of an invocation. */
  crash: number;
  freeze: number;
  clockOff: number;
  /** Of an await. */
  clockStepsBack: number;
  /** Of a request to the table and to the gateway. */
  store: number;
  stores: Partial<Record<StoreFault, number>>;
  send: number;
  sends: Partial<Record<SendFault, number>>;
  /** Of a query. */
  indexBehind: number;
  /** At most so many times in which table, gateway or both are not there. */
  outages: number;
  /** Of a lost answer. */
  maintenanceAfter: number;
  /** Of a message of the queue. */
  queueAgain: number;
  /** Of a request to the bus. */
  busTakesPart: number;
  /** Of a callback: it comes later than everything else, or a wrong one comes too. */
  silent: number;
  wrongCallback: number;
  /** Of a creating call, of an operation. */
  oldKey: number;
  manyKeys: number;
  /** Of a schedule: what the manuals leave open is as inconvenient as it can be. */
  lies: number;
  /** How often an order is a card charge with 3-D Secure, relative to 11 others. */
  threeD: number;
  /** Of each step of the payer's browser: it does something else. */
  oddBrowser: number;
  /** Of a schedule: every callback is delivered in the end. */
  allArrive: number;
}

const storeFaults: Campaign['stores'] = { refused: 4, unheard: 4, repeated: 4, overtaken: 3, late: 2 };

const sendFaults: Campaign['sends'] = {
  'refused connection': 5,
  vanished: 4,
  busy: 1,
  lost: 5,
  garbage: 1,
  cut: 1,
  'cut and closed': 1,
  error: 1,
  slow: 3,
  late: 3,
  maintenance: 2,
  refusal: 3,
  'invalid-parameter': 1,
  'connect-error': 1,
};

/** What every campaign has a little of. */
const usual = {
  crash: 0.1,
  freeze: 0,
  clockOff: 0,
  clockStepsBack: 0,
  store: 0.05,
  stores: storeFaults,
  send: 0.15,
  sends: sendFaults,
  indexBehind: 0,
  outages: 0,
  maintenanceAfter: 0,
  queueAgain: 0.1,
  busTakesPart: 0.2,
  silent: 0.05,
  wrongCallback: 0.04,
  oldKey: 0.02,
  manyKeys: 0.02,
  lies: 0,
  threeD: 4,
  oddBrowser: 0.1,
  allArrive: 0.7,
};

export const campaigns: readonly Campaign[] = [
  { ...usual, name: 'lost requests', weight: 6, crash: 0, store: 0, send: 0.3 },
  { ...usual, name: 'crashes', weight: 8, crash: 0.4, store: 0.1, send: 0.25 },
  { ...usual, name: 'table in trouble', weight: 8, store: 0.3, send: 0.3 },
  { ...usual, name: 'late writes', weight: 6, store: 0.25, stores: { late: 5, overtaken: 3, unheard: 1 } },
  { ...usual, name: 'outages', weight: 8, crash: 0.05, outages: 3, queueAgain: 0.4 },
  { ...usual, name: 'maintenance after lost answers', weight: 6, send: 0.3, maintenanceAfter: 0.7 },
  { ...usual, name: 'clocks', weight: 8, clockOff: 0.6, clockStepsBack: 0.04 },
  { ...usual, name: 'frozen functions', weight: 6, freeze: 0.3 },
  { ...usual, name: 'index behind', weight: 4, indexBehind: 0.5 },
  { ...usual, name: 'wrong callbacks', weight: 6, wrongCallback: 0.4, silent: 0.1 },
  { ...usual, name: 'keys', weight: 6, crash: 0.15, oldKey: 0.5, manyKeys: 0.5 },
  { ...usual, name: 'a gateway that is vague', weight: 8, send: 0.3, lies: 1 },
  { ...usual, name: 'odd browsers', weight: 8, crash: 0.2, send: 0.25, clockOff: 0.3, threeD: 60, oddBrowser: 0.35 },
  {
    ...usual,
    name: 'silence',
    weight: 6,
    send: 0.35,
    sends: { slow: 4, vanished: 4, late: 2 },
    silent: 0.5,
    allArrive: 0,
  },
  {
    ...usual,
    name: 'everything at once',
    weight: 14,
    crash: 0.15,
    freeze: 0.1,
    clockOff: 0.3,
    clockStepsBack: 0.01,
    store: 0.12,
    send: 0.25,
    indexBehind: 0.15,
    outages: 2,
    maintenanceAfter: 0.25,
    queueAgain: 0.4,
    silent: 0.15,
    wrongCallback: 0.15,
    oldKey: 0.15,
    manyKeys: 0.15,
    lies: 0.5,
    oddBrowser: 0.25,
  },
];

const weights = Object.fromEntries(campaigns.map(({ name, weight }) => [name, weight]));

/** `only`: the one that every seed plays. */
export function campaignOf(dice: Dice, only: string | null = null): Campaign {
  const drawn = dice.weighted(weights);
  const name = only ?? drawn;
  const campaign = campaigns.find(each => each.name === name);
  if (!campaign) throw new Error(`There is no campaign ${name}.`);
  return campaign;
}

/** In the order of the table: what is played. */
export const faults: readonly Fault[] = [
  'crash before',
  'crash after',
  'frozen',
  'clock off',
  'clock steps back',
  ...(['refused', 'unheard', 'repeated', 'overtaken', 'late'] as const).map(each => `store ${each}` as const),
  ...(Object.keys(sendFaults) as Exclude<SendFault, 'none'>[]).map(each => `gateway ${each}` as const),
  'index behind',
  'outage',
  'maintenance after a lost answer',
  'queue delivers again',
  'bus takes a part',
  'callback late',
  'callback again',
  'callback missing',
  'wrong amount',
  'wrong IP code',
  'old key',
  'more than ten keys',
  'first amount in 06 to 09',
  'vague repeats',
  'browser leaves',
  'browser late',
  'browser posts twice',
  'forged words',
  "another session's md",
  'paid from elsewhere',
];
