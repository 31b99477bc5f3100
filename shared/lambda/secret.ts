import { Masked } from '../domain/masked.ts';

/** What the vendor issued per service, and the callback URLs' path token. */
export interface Credentials {
  card: { ipCode: string; key: Masked } | null;
  carrier: { ipCode: string; zkey: Masked } | null;
  cvs: { ipCode: string } | null;
  pathToken: Masked;
  /** The one before, valid until it is taken away; null: there is none. */
  previousPathToken: Masked | null;
}

/** A rotated key is in use after this at the latest. */
const keptForMilliseconds = 10 * 60_000;

/** Reads the secret once per instance and now and then again; an instance that has it survives an outage of the service. */
export function credentialsFrom(readSecret: () => Promise<string>): () => Promise<Credentials> {
  let kept: { credentials: Credentials; until: number } | null = null;
  return async () => {
    if (kept && Date.now() < kept.until) return kept.credentials;
    try {
      kept = { credentials: parseSecret(await readSecret()), until: Date.now() + keptForMilliseconds };
    } catch (error) {
      if (!kept) throw error;
      kept.until = Date.now() + keptForMilliseconds / 10;
    }
    return kept.credentials;
  };
}

/** A service whose part is missing or malformed is null, so that the others work on. Throws without a path token. */
export function parseSecret(text: string): Credentials {
  const secret = parseJson(text);
  const read = (service: string, name: string): string | null => {
    const value = secret[service]?.[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const readIpCode = (service: string, form: RegExp): string | null => {
    const value = read(service, 'clientip');
    return value !== null && form.test(value) ? value : null;
  };
  const [cardCode, key] = [readIpCode('card', /^(\d{5}|\d{10})$/), read('card', 'key')];
  const [carrierCode, zkey] = [readIpCode('carrier', /^\d{10}$/), read('carrier', 'zkey')];
  const cvsCode = readIpCode('cvs', /^\d{10}$/);
  const pathToken = read('callback', 'pathToken');
  const previous = read('callback', 'previousPathToken');
  if (!pathToken) throw new Error('The secret has no callback.pathToken: fill it before the first call.');
  return {
    card: cardCode && key ? { ipCode: cardCode, key: new Masked(key) } : null,
    carrier: carrierCode && zkey ? { ipCode: carrierCode, zkey: new Masked(zkey) } : null,
    cvs: cvsCode ? { ipCode: cvsCode } : null,
    pathToken: new Masked(pathToken),
    previousPathToken: previous === null ? null : new Masked(previous),
  };
}

function parseJson(text: string): Record<string, Record<string, unknown> | undefined> {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
