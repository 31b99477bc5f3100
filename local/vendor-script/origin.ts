/** Written in by the simulator that serves this file, another for each run. */
const mark = '{simulator-mark}';

const TIMEOUT_MS = 10_000;

/** Throws where no simulator can have served the script: without an address, or elsewhere than here without https. */
export function originOf(script: Document['currentScript']): string {
  const src = script instanceof HTMLScriptElement ? script.src : '';
  if (!src)
    throw new Error('zeus_token: load this stand-in with <script src> from the simulator; it runs nowhere else.');
  const { origin, protocol, hostname } = new URL(src);
  if (protocol !== 'https:' && !/^(localhost|127\.0\.0\.1)$/.test(hostname))
    throw new Error(`zeus_token: this stand-in is for a simulator on this machine, not for ${origin}.`);
  return origin;
}

/**
 * `own`: what answers there is the simulator that served this file. Asked before every card that leaves the page, so
 * that a saved copy sends nothing, wherever it lies, and a page that outlived its simulator neither.
 */
export async function whoseIs(origin: string): Promise<'own' | 'another' | 'silent'> {
  try {
    const answer = await fetch(`${origin}/api/token/1.0/simulator-mark`, {
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok && (await answer.text()) === mark) return 'own';
    console.error(`zeus_token: ${origin} is not the simulator that this stand-in came from. Nothing is sent; reload.`);
    return 'another';
  } catch {
    console.error(`zeus_token: the simulator that this stand-in came from is silent at ${origin}. Nothing is sent.`);
    return 'silent';
  }
}
