/** Dependencies together with what the vendor issued: the method's IP code, and the key where one is needed. */
import type { Masked } from '../domain/masked.ts';
import type { Method } from '../domain/words.ts';
import type { IpCodes } from './secret.ts';

export interface WithIpCodes {
  ipCodes(): Promise<IpCodes>;
}
export interface WithCardKey extends WithIpCodes {
  cardKey(): Promise<Masked | null>;
}
export interface WithCarrierKey extends WithIpCodes {
  carrierKey(): Promise<Masked | null>;
}

export async function withIpCode<D extends WithIpCodes>(deps: D, method: Method): Promise<D & { ipCode: string }> {
  return { ...deps, ipCode: filled((await deps.ipCodes())[method], method) };
}

export async function withCardKey<D extends WithCardKey>(deps: D): Promise<D & { ipCode: string; key: Masked }> {
  const [ipCodes, key] = await Promise.all([deps.ipCodes(), deps.cardKey()]);
  return { ...deps, ipCode: filled(ipCodes.card, 'card'), key: filled(key, 'card') };
}

export async function withCarrierKey<D extends WithCarrierKey>(deps: D): Promise<D & { ipCode: string; zkey: Masked }> {
  const [ipCodes, zkey] = await Promise.all([deps.ipCodes(), deps.carrierKey()]);
  return { ...deps, ipCode: filled(ipCodes.carrier, 'carrier'), zkey: filled(zkey, 'carrier') };
}

/** Throws where the secret has no value for the method. */
export function filled<T>(value: T | null, method: Method): T {
  if (value === null) throw new Error(`The secret holds no IP code or no key for ${method}, or malformed ones.`);
  return value;
}
