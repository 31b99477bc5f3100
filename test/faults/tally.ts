/** What a run covered: campaigns, faults and pairs of faults, awaits. Tallies of several workers add up. */
import { campaigns, type Fault, faults } from './campaigns.ts';
import type { Explored } from './explore.ts';
import { addCounters, type Counters, noCounters } from './judge-rules.ts';
import type { Coverage } from './world.ts';

export interface Tally {
  seeds: number;
  events: number;
  /** Seeds at which something was found. */
  failed: number[];
  byCampaign: Record<string, { schedules: number; failed: number }>;
  /** In how many schedules each fault was there. */
  byFault: Partial<Record<Fault, number>>;
  /** The same of two, by `pairOf`. */
  byPair: Record<string, number>;
  /** How often each rule of the judge was used. */
  used: Counters;
  coverage: Coverage;
}

export const newTally = (): Tally => ({
  seeds: 0,
  events: 0,
  failed: [],
  byCampaign: {},
  byFault: {},
  byPair: {},
  used: noCounters(),
  coverage: new Map(),
});

const pairOf = (a: Fault, b: Fault): string => `${a} + ${b}`;

const allPairs = faults.flatMap((a, i) => faults.slice(i + 1).map(b => pairOf(a, b)));

export function count(tally: Tally, { seed, events, campaign, faults: met, violations, used }: Explored): void {
  tally.seeds += 1;
  tally.events += events;
  if (violations.length > 0) tally.failed.push(seed);
  addCounters(tally.used, used);
  const own = tally.byCampaign[campaign] ?? { schedules: 0, failed: 0 };
  tally.byCampaign[campaign] = own;
  own.schedules += 1;
  if (violations.length > 0) own.failed += 1;
  const inOrder = faults.filter(each => met.has(each));
  for (const [i, a] of inOrder.entries()) {
    tally.byFault[a] = (tally.byFault[a] ?? 0) + 1;
    for (const b of inOrder.slice(i + 1)) tally.byPair[pairOf(a, b)] = (tally.byPair[pairOf(a, b)] ?? 0) + 1;
  }
}

export function merge(into: Tally, from: Tally): void {
  into.seeds += from.seeds;
  into.events += from.events;
  into.failed.push(...from.failed);
  for (const [name, { schedules, failed }] of Object.entries(from.byCampaign)) {
    const known = into.byCampaign[name] ?? { schedules: 0, failed: 0 };
    into.byCampaign[name] = { schedules: known.schedules + schedules, failed: known.failed + failed };
  }
  addCounters(into.used, from.used);
  addAll(into.byFault as Record<string, number>, from.byFault as Record<string, number>);
  addAll(into.byPair, from.byPair);
  for (const [point, { reached, before, after }] of from.coverage) {
    const known = into.coverage.get(point) ?? { reached: 0, before: 0, after: 0 };
    into.coverage.set(point, {
      reached: known.reached + reached,
      before: known.before + before,
      after: known.after + after,
    });
  }
}

function addAll(into: Record<string, number>, from: Record<string, number>): void {
  for (const [name, times] of Object.entries(from)) into[name] = (into[name] ?? 0) + times;
}

/** Pairs of faults that no schedule had. */
export const missingPairs = ({ byPair }: Tally): string[] => allPairs.filter(pair => !byPair[pair]);

export function linesOf(tally: Tally): string[] {
  const missing = missingPairs(tally);
  const points = [...tally.coverage].sort(([a], [b]) => (a < b ? -1 : 1));
  const cut = points.filter(([, { before, after }]) => before > 0 && after > 0).length;
  return [
    `campaigns: ${campaigns.length}`,
    ...campaigns.map(({ name }) => {
      const { schedules = 0, failed = 0 } = tally.byCampaign[name] ?? {};
      return `  ${name.padEnd(32)} ${schedules} schedules, ${failed} with findings`;
    }),
    `faults: ${faults.filter(each => tally.byFault[each]).length} of ${faults.length} met, by schedules`,
    ...faults.map(each => `  ${each.padEnd(32)} ${tally.byFault[each] ?? 0}`),
    `pairs of faults in one schedule: ${allPairs.length - missing.length} of ${allPairs.length} met`,
    ...missing.slice(0, 20).map(pair => `  not met: ${pair}`),
    'rules of the judge, by how often each was used',
    ...Object.entries(tally.used).map(([rule, times]) => `  ${rule.padEnd(48)} ${times}`),
    `awaits: ${points.length} reached, ${cut} cut before and after their effect`,
    ...points.map(
      ([point, { reached, before, after }]) =>
        `  ${point.padEnd(44)} reached ${reached}, cut before ${before}, after ${after}`,
    ),
  ];
}
