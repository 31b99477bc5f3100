/** The carriers' codes on the wire. Manual 001, order parameters, row 3. */
import type { Carrier } from '../../domain/words.ts';

export const carrierCodes: Readonly<Record<Carrier, string>> = { docomo: 'D', au: 'A', softbank: 'S' };

/** D, A or S of a callback; null for any other. */
export function carrierOfCode(code: string | null): Carrier | null {
  const found = Object.entries(carrierCodes).find(entry => entry[1] === code);
  return (found?.[0] as Carrier | undefined) ?? null;
}
