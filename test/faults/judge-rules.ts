/** Where the contract lets what is shown differ from the gateway's books. Each time one is used it is counted. */

/** By name, the sentence of the contract that allows it. */
export const rules = {
  'no answer and no callback':
    '1.4, unknown: it may have happened; only a callback, an operator, or the answer itself settles it.',
  'no answer to an operation':
    '1.6: a lost answer of a cancel, return, settlement or withdrawal raises outcome_unknown at once.',
  'a repeat proves nothing':
    '1.6: every other refusal, maintenance and no connection prove nothing: it stays open with outcome_unknown.',
  'no callback of what happened without us':
    '1.5: an order is what is known about it; a callback that was not taken is not known.',
  'an order number that was cut off':
    '1.5: an answer’s number that begins exactly one callback’s number is that number; before a callback nothing tells.',
  "a callback with another order's number":
    '1.5: the order is the one that sendpoint names; the number is taken as its payment.',
  'a callback with another amount than was taken': '1.5, paid: with the amount named there, else the one asked for.',
  'a key that ten others followed':
    '1.1: calls on an existing order or card compare their key with the last 10 keys used on it.',
  'an operator decided': '1.5: decisions outrank every callback they had seen.',
  'a stale claim is shown as unknown':
    '1.4, sending: after 120 s every read says unknown; due work stores and publishes it so.',
  '3-D Secure whose time is over is shown so':
    'three-d-secure.md, 7.4: enrolling reads not_processed after 120 s, waiting expired after its time; due work stores it.',
  'a card deleted while it was registered':
    '1.1: a deletion and a registration at once are the merchant’s contradiction.',
  'events lost with the bus of a killed stack': 'Load run only: the local bus keeps its events in memory.',
  'a booking that its callback did not follow':
    '1.6: a booking at the gateway whose day has passed without a callback raises settlement_due; nothing is sent.',
} as const;

export type Rule = keyof typeof rules;

export type Counters = Record<Rule, number>;

export const noCounters = (): Counters => Object.fromEntries(Object.keys(rules).map(name => [name, 0])) as Counters;

/** Takes what the judge finds and which rules it used. */
export interface Verdict {
  found: string[];
  used: Counters;
}

export function addCounters(into: Counters, from: Counters): void {
  for (const name of Object.keys(rules) as Rule[]) into[name] += from[name];
}
