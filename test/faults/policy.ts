import type { Campaign, Fault } from './campaigns.ts';
import type { Dice } from './random.ts';
import type { Policy } from './world.ts';

/**
 * What becomes of a request to the store. `refused`: throttled or not reached. `unheard`: done, but its caller gave up.
 * `repeated`: done, unheard, and sent again by the client. `overtaken`: the client's repetition is done first, the
 * original later. `late`: its caller has given up, and long after that it is done.
 */
export type StoreFault = 'none' | 'refused' | 'unheard' | 'repeated' | 'overtaken' | 'late';

/**
 * What becomes of a request to the gateway. Done, but unheard: `lost`, `garbage`, `cut`, `error`, `slow` (its answer
 * takes longer than is waited for), `late` (done long after its caller has gone). Not done: `refused connection`,
 * `vanished`, `busy` (an error page), and refusals of the gateway itself.
 */
export type SendFault =
  | 'none'
  | 'refused connection'
  | 'vanished'
  | 'busy'
  | 'lost'
  | 'garbage'
  | 'cut'
  | 'cut and closed'
  | 'error'
  | 'slow'
  | 'late'
  | 'maintenance'
  | 'refusal'
  | 'invalid-parameter'
  | 'connect-error';

const awaits = 12;
/** Clocks of two functions may differ by four minutes. */
const mostClockOff = 120_000;

/** A time in which nothing answers. */
interface Outage {
  from: number;
  to: number;
  store: boolean;
  gateway: boolean;
}

export function dicePolicy(dice: Dice, campaign: Campaign, start: number): Policy {
  const hits = new Set<Fault>();
  const { crash, freeze, clockOff, clockStepsBack, store, stores, send, sends } = campaign;
  const outages = outagesOf(dice, campaign, start);
  const isOut = (what: 'store' | 'gateway', at: number) =>
    outages.some(each => each[what] && each.from <= at && at < each.to);
  let maintenanceUntil = 0;

  return {
    hits,
    travel: what => (what === 'store' ? 2 + dice.below(60) : 5 + dice.below(dice.chance(0.1) ? 60_000 : 3000)),
    storeFault(_label, isWrite, at) {
      if (isOut('store', at)) {
        hits.add('outage');
        return isWrite ? dice.weighted({ refused: 6, unheard: 2, late: 1 }) : 'refused';
      }
      if (!dice.chance(store)) return 'none';
      const fault = dice.weighted(stores);
      return isWrite || fault === 'refused' ? fault : 'none';
    },
    sendFault(_path, at) {
      if (isOut('gateway', at)) {
        hits.add('outage');
        return dice.weighted({ 'refused connection': 4, vanished: 2, lost: 2, busy: 1 });
      }
      if (at < maintenanceUntil) return 'maintenance';
      const fault = dice.chance(send) ? dice.weighted(sends) : 'none';
      if (lostAnswers.has(fault) && dice.chance(campaign.maintenanceAfter)) {
        hits.add('maintenance after a lost answer');
        maintenanceUntil = at + dice.pick([120_000, 1_200_000, 20_000_000]) * dice.roll();
      }
      return fault;
    },
    crash(me) {
      if (me.steps === 0) me.crashAt = placeOf(dice, crash);
      if (me.steps !== me.crashAt) return null;
      return dice.chance(0.4) ? 'before' : 'after';
    },
    freeze(me) {
      if (me.steps === 1) me.freezeAt = 1 + placeOf(dice, freeze);
      return me.steps === me.freezeAt ? dice.pick([5000, 60_000, 200_000]) * dice.roll() : 0;
    },
    clockOff: () => (dice.chance(clockOff) ? mostClockOff * (2 * dice.roll() - 1) : 0),
    clockStepsBack: me =>
      clockStepsBack > 0 && dice.chance(clockStepsBack) ? (mostClockOff + me.clockOff) * dice.roll() : 0,
    indexBehind: () => (campaign.indexBehind > 0 && dice.chance(campaign.indexBehind) ? 1 + dice.below(4) : 0),
    queueAgain: () => dice.chance(campaign.queueAgain),
    busTakesPart: () => dice.chance(campaign.busTakesPart),
    roll: dice.roll,
  };
}

const lostAnswers: ReadonlySet<SendFault> = new Set([
  'lost',
  'garbage',
  'cut',
  'cut and closed',
  'error',
  'slow',
  'late',
]);

/** At which of its first awaits an invocation meets it; -1: at none. */
const placeOf = (dice: Dice, probability: number): number =>
  dice.chance(probability) ? Math.min(dice.below(awaits), dice.below(awaits)) : -1;

function outagesOf(dice: Dice, { outages }: Campaign, start: number): Outage[] {
  return Array.from({ length: outages === 0 ? 0 : 1 + dice.below(outages) }, () => {
    const from = start + dice.pick([60_000, 400_000, 4_000_000]) * dice.roll();
    const what = dice.weighted({ both: 5, store: 3, gateway: 1 });
    return {
      from,
      to: from + dice.pick([10_000, 90_000, 900_000]) * dice.roll(),
      store: what !== 'gateway',
      gateway: what !== 'store',
    };
  });
}

/** Nothing goes wrong, and every message takes as long: what small worlds begin with. */
export const quietPolicy = (): Policy => ({
  hits: new Set(),
  travel: () => 10,
  storeFault: () => 'none',
  sendFault: () => 'none',
  crash: () => null,
  freeze: () => 0,
  clockOff: () => 0,
  clockStepsBack: () => 0,
  indexBehind: () => 0,
  queueAgain: () => false,
  busTakesPart: () => false,
  roll: () => 0.5,
});
