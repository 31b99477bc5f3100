import { parseSecret } from '../../shared/lambda/secret.ts';
import type { Outputs } from './outputs.ts';

export const services = ['card', 'carrier', 'cvs'] as const;
export type Service = (typeof services)[number];

/** The URLs to register with the vendor. They hold the path token, which is not public, although the source address is checked as well. */
export function callbackUrls({ callbackUrl }: Pick<Outputs, 'callbackUrl'>, secret: string): Record<Service, string> {
  const base = `${callbackUrl}/${parseSecret(secret).pathToken.reveal()}`;
  return { card: `${base}/card`, carrier: `${base}/carrier`, cvs: `${base}/cvs` };
}
