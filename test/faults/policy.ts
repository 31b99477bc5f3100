import type { Dice } from './random.ts';
import type { Invocation, Policy } from './world.ts';

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

const storeFaults: Record<StoreFault, number> = { none: 0, refused: 4, unheard: 4, repeated: 4, overtaken: 3, late: 2 };

const sendFaults: Record<SendFault, number> = {
  none: 0,
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

/** How rough a schedule is: probabilities of a crash of an invocation, of a fault at a store request and at a send. */
export interface Roughness {
  crash: number;
  store: number;
  send: number;
}

export function dicePolicy(dice: Dice, { crash, store, send }: Roughness): Policy {
  const awaits = 12;
  return {
    travel: what => (what === 'store' ? 2 + dice.below(60) : 5 + dice.below(dice.chance(0.1) ? 60_000 : 3000)),
    storeFault(_label, isWrite) {
      if (!dice.chance(store)) return 'none';
      const fault = dice.weighted(storeFaults);
      return isWrite || fault === 'refused' ? fault : 'none';
    },
    sendFault: () => (dice.chance(send) ? dice.weighted(sendFaults) : 'none'),
    crash(me: Invocation) {
      if (me.steps === 0) me.crashAt = dice.chance(crash) ? Math.min(dice.below(awaits), dice.below(awaits)) : -1;
      if (me.steps !== me.crashAt) return null;
      return dice.chance(0.4) ? 'before' : 'after';
    },
    roll: dice.roll,
  };
}
