/** Brand letters of the result notification (000 p.55). */
export type Brand = 'V' | 'M' | 'J' | 'A' | 'D' | 'P';

/**
 * What EMV 3-D Secure makes of a card. `enroll`, `authentication`, `payment`: codes of the three answers. `device`: when
 * its page ends. `risk`: the letter for the browser, or the word where there is none.
 */
export type ThreeD = {
  enroll: '000' | '008' | '02090431';
  device: 'prompt' | 'late';
  risk: 'Y' | 'A' | 'N' | 'C' | 'C without URL' | 'maintenance';
  authentication: '001' | '002' | '003' | '004' | '02100431';
  payment: '000' | 'errd001005' | 'errb000000';
};

const FRICTIONLESS: ThreeD = {
  enroll: '000',
  device: 'prompt',
  risk: 'Y',
  authentication: '001',
  payment: '000',
};

/** What the gateway keeps of a card. `fails`: never, at every charge, or only when it is charged by its card ID. */
export type CardFace = {
  first2: string;
  last4: string;
  expires: { year: string; month: string };
  brand: Brand;
  fails: 'never' | 'always' | 'stored';
  threeD: ThreeD;
};

type TestCard = { brand: Brand; fails: CardFace['fails']; threeD?: Partial<ThreeD> };

/**
 * Numbers of the stand-in. Manual 000 p.58 names only the failing one; the success number is each merchant's own
 * at the real gateway, so the usual ones of the industry stand in for it here.
 */
export const TEST_CARDS: Record<string, TestCard> = {
  '4111111111111111': { brand: 'V', fails: 'never' },
  '5555555555554444': { brand: 'M', fails: 'never' },
  '3530111333300000': { brand: 'J', fails: 'never' },
  '378282246310005': { brand: 'A', fails: 'never' },
  '30569309025904': { brand: 'D', fails: 'never' },
  '9000000000000001': { brand: 'P', fails: 'never', threeD: { enroll: '008' } },
  '0000000000000000': { brand: 'V', fails: 'always', threeD: { payment: 'errb000000' } },
  '4000000000000341': { brand: 'V', fails: 'stored' },
  '4000000000320103': { brand: 'V', fails: 'never', threeD: { risk: 'C' } },
  '4000000000320202': { brand: 'V', fails: 'never', threeD: { risk: 'N' } },
  '4000000000320301': { brand: 'V', fails: 'never', threeD: { risk: 'A', authentication: '003' } },
  '4000000000320400': { brand: 'V', fails: 'never', threeD: { authentication: '002' } },
  '4000000000320509': { brand: 'V', fails: 'never', threeD: { risk: 'A', authentication: '004' } },
  '4000000000320608': { brand: 'V', fails: 'never', threeD: { risk: 'C without URL' } },
  '4000000000320707': { brand: 'V', fails: 'never', threeD: { enroll: '02090431' } },
  '4000000000320806': { brand: 'V', fails: 'never', threeD: { authentication: '02100431' } },
  '4000000000320905': { brand: 'V', fails: 'never', threeD: { device: 'late' } },
  '4000000000321002': { brand: 'V', fails: 'never', threeD: { payment: 'errd001005' } },
  '4000000000321101': { brand: 'V', fails: 'never', threeD: { risk: 'maintenance' } },
};

/** What is kept of a number that was looked at. */
export function faceOf(number: string, expires: CardFace['expires']): CardFace {
  const { fails = 'never', threeD = {} } = TEST_CARDS[number] ?? {};
  return {
    first2: number.slice(0, 2),
    last4: number.slice(-4),
    expires,
    brand: brandOf(number) ?? 'P',
    fails,
    threeD: { ...FRICTIONLESS, ...threeD },
  };
}

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
