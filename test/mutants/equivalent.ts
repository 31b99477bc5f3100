/** Mutants that no test can tell from the code as it is, and why. One that fits no line of the code any more is an error. */
export interface Equivalent {
  file: string;
  before: string;
  after: string;
  why: string;
}

export const equivalents: readonly Equivalent[] = [];
