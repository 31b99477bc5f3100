/** Brand letters of the result notification (000 p.55). */
export type Brand = 'V' | 'M' | 'J' | 'A' | 'D' | 'P';

/** What the gateway keeps of a card. `fails`: never, at every charge, or only when it is charged by its card ID. */
export type CardFace = { last4: string; brand: Brand; fails: 'never' | 'always' | 'stored' };

/**
 * Numbers of the stand-in. Manual 000 p.58 names only the failing one; the success number is each merchant's own
 * at the real gateway, so the usual ones of the industry stand in for it here.
 */
export const TEST_CARDS: Record<string, { brand: Brand; fails: CardFace['fails'] }> = {
  '4111111111111111': { brand: 'V', fails: 'never' },
  '5555555555554444': { brand: 'M', fails: 'never' },
  '3530111333300000': { brand: 'J', fails: 'never' },
  '378282246310005': { brand: 'A', fails: 'never' },
  '30569309025904': { brand: 'D', fails: 'never' },
  '9000000000000001': { brand: 'P', fails: 'never' },
  '0000000000000000': { brand: 'V', fails: 'always' },
  '4000000000000341': { brand: 'V', fails: 'stored' },
};

/** Brand by the number's beginning; null for none that the gateway takes. */
export function brandOf(number: string): Brand | null {
  const known = TEST_CARDS[number];
  if (known) return known.brand;
  if (number.startsWith('4')) return 'V';
  if (/^(5[1-5]|2[2-7])/.test(number)) return 'M';
  if (/^35/.test(number)) return 'J';
  if (/^3[47]/.test(number)) return 'A';
  if (/^3(0|6|8|9)/.test(number)) return 'D';
  return number.startsWith('9') ? 'P' : null;
}

export function rightLength(number: string, brand: Brand): boolean {
  if (brand === 'A') return number.length === 15;
  return brand === 'D' ? number.length === 14 || number.length === 16 : number.length === 16;
}

export function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < number.length; i += 1) {
    const digit = Number(number.charAt(number.length - 1 - i)) * (i % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
