import type { Method } from '../domain/words.ts';
import type { Credentials } from './secret.ts';

export interface WithCredentials {
  credentials(): Promise<Credentials>;
}

/** The dependencies with what the vendor issued for the method. */
export async function withIssued<D extends WithCredentials, M extends Method>(
  deps: D,
  method: M,
): Promise<D & NonNullable<Credentials[M]>> {
  return { ...deps, ...issued(await deps.credentials(), method) };
}

/** Throws where the secret has nothing for the method. */
export function issued<M extends Method>(all: Credentials, method: M): NonNullable<Credentials[M]> {
  const found = all[method];
  if (!found) throw new Error(`The secret holds no IP code and key for ${method}, or malformed ones.`);
  return found;
}
