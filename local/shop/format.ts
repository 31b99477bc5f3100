import { isEnglish, say } from './language.ts';
import type { Money } from './order-shape.ts';

const zone = { timeZone: 'Asia/Tokyo' } as const;
const locale = () => (isEnglish() ? 'en-GB' : 'ja-JP');

export const yen = (amount: number): string =>
  isEnglish() ? `¥${amount.toLocaleString('en')}` : `${amount.toLocaleString('ja')}円`;

/** An amount that the gateway has not named is said to be unknown. */
export const money = ({ amount }: Money): string =>
  amount === null ? say(['金額不明', 'an unknown amount']) : yen(amount);

/** To the second, in Japan. */
export const time = (iso: string): string => new Date(iso).toLocaleTimeString(locale(), { ...zone, hour12: false });

export const dateTime = (iso: string): string =>
  new Date(iso).toLocaleString(locale(), { ...zone, dateStyle: 'medium', timeStyle: 'medium' });

/** The JST day, YYYY-MM-DD, some days from now. */
export const dayFromNow = (days: number): string =>
  new Date(Date.now() + (days * 24 + 9) * 3_600_000).toISOString().slice(0, 10);
