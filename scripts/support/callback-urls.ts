import type { SecretContent } from '../../infra/secret-parts.ts';
import type { Outputs } from './outputs.ts';
import { Complaint } from './run.ts';

export const services = ['card', 'carrier', 'cvs'] as const;
export type Service = (typeof services)[number];

/** The URLs to register with the vendor. They hold the path token, which is not public, although the source address is checked as well. */
export function callbackUrls(
  { callbackUrl }: Pick<Outputs, 'callbackUrl'>,
  secret: SecretContent,
): Record<Service, string> {
  const pathToken = secret.callback?.pathToken;
  if (pathToken === undefined) throw new Complaint('There is no path token yet: npm run secret');
  const base = `${callbackUrl}/${pathToken}`;
  return { card: `${base}/card`, carrier: `${base}/carrier`, cvs: `${base}/cvs` };
}
