/** Where all of a schedule's decisions come from: equal seeds decide equally. */
export interface Dice {
  /** 0 up to 1. */
  roll(): number;
  /** A whole number from 0 to `sides` - 1. */
  below(sides: number): number;
  chance(probability: number): boolean;
  /** One of the items, each as likely as it weighs. */
  weighted<T extends string>(weights: Partial<Record<T, number>>): T;
  pick<T>(items: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, as good as it needs to be. */
export function seededDice(seed: number): Dice {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x6d2b79f5) >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (sides: number) => Math.floor(roll() * sides);
  return {
    roll,
    below,
    chance: probability => roll() < probability,
    weighted(weights) {
      const entries = Object.entries(weights) as [never, number][];
      let left = roll() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of entries) {
        left -= weight;
        if (left < 0) return item;
      }
      throw new Error('Nothing to choose from.');
    },
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('Nothing to choose from.');
      return item;
    },
  };
}
