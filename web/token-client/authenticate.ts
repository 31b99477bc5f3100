/**
 * EMV 3-D Secure in the shop's page, by the vendor's own script: it gives device data to the issuer, shows a challenge
 * where there is one, and posts the result to the shop's `termUrl`. Source: docs/three-d-secure.md, sections 2 and 6.
 */
import { addressOf, defaultGateway } from './request-token.ts';

/** `browser` of the response to POST /card/authentications. */
export interface BrowserBlock {
  md: string;
  paReq: string;
  threeDSMethod: string;
  iframeUrl: string;
}

export interface AuthenticationSettings {
  gatewayUrl?: string;
  /** Empty element of the page for the issuer's challenge. */
  container: HTMLElement;
  /** On the shop's own server, https or absolute: where the script posts the result. */
  termUrl: string;
  browser: BrowserBlock;
  /** For all of it, the payer's part included: 10 minutes unless given. A payer who leaves shows in nothing else. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * None of these says that the order is paid or that it is not: ask your server afterwards. `answered`: termUrl's response
 * arrived, JSON as what it holds. `script_missing`: nothing was begun. `script_error`: the script gave up, or the response
 * of termUrl did not arrive.
 */
export type AuthenticationResult =
  | { kind: 'answered'; answer: unknown }
  | { kind: 'failed'; reason: FailureReason; message: string };

type FailureReason = 'script_missing' | 'script_error' | 'timed_out' | 'aborted';

/** What the vendor's script defines, and calls. */
interface VendorPage {
  setPareqParams?(md: string, paReq: string, termUrl: string, threeDSMethod: string, iframeUrl: string): void;
  _onPaResSuccess?(answer: unknown): void;
  _onError?(error: unknown): void;
}

const scriptPath = '/api/3ds2/3ds-web-wrapper.js';
let isUsed = false;

/**
 * Settles once, with whatever comes first: the script may call back twice, and may post to termUrl twice. Rejects only for
 * a mistake in the page: a gateway without https, or a second use. The script keeps its state in globals and may go on
 * late, so each page is good for one authentication: load it again for the next.
 */
export async function authenticate(settings: AuthenticationSettings): Promise<AuthenticationResult> {
  const { container, timeoutMs = 600_000, signal } = settings;
  const script = addressOf(scriptPath, settings.gatewayUrl ?? defaultGateway);
  if (isUsed) throw new Error('One authentication a page: load the page again');
  isUsed = true;
  const { promise, resolve } = Promise.withResolvers<AuthenticationResult>();
  const fail = (reason: FailureReason, message = '') => resolve({ kind: 'failed', reason, message });
  const timer = setTimeout(fail, timeoutMs, 'timed_out');
  const abort = () => fail('aborted');
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const frame = document.createElement('div');
  frame.id = '3dscontainer';
  container.replaceChildren(frame);
  // The page's functions come after the script, which overwrites them when it loads.
  const own = {
    _onPaResSuccess: (answer: unknown) => resolve({ kind: 'answered', answer: unpack(answer) }),
    _onError: (error: unknown) => fail('script_error', messageOf(error)),
  };
  let isOver = false;
  const begin = () => {
    if (!isOver) start(settings, own);
  };
  loadOnce(script.href).then(begin, error => fail('script_missing', messageOf(error)));
  const result = await promise;
  isOver = true;
  clearTimeout(timer);
  signal?.removeEventListener('abort', abort);
  // Stays, empty and hidden: the script may still look for it.
  frame.replaceChildren();
  frame.hidden = true;
  return result;
}

function start({ browser, termUrl }: AuthenticationSettings, own: Required<Omit<VendorPage, 'setPareqParams'>>): void {
  Object.assign(window, own);
  try {
    (window as VendorPage).setPareqParams?.(
      browser.md,
      browser.paReq,
      termUrl,
      browser.threeDSMethod,
      browser.iframeUrl,
    );
  } catch (error) {
    own._onError(error);
  }
}

/** Of the vendor's three files one may be loaded: a page that has its token from one has this in it. */
function loadOnce(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const isThere = () => 'setPareqParams' in window;
    if (isThere()) return resolve();
    const script = document.createElement('script');
    const end = () => (isThere() ? resolve() : reject(new Error(src)));
    script.onload = end;
    script.onerror = end;
    script.src = src;
    document.head.append(script);
  });
}

/** The script hands over text; an older copy of it the object that the text holds. */
function unpack(answer: unknown): unknown {
  try {
    return JSON.parse(answer as string);
  } catch {
    return answer;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Object && 'message' in error ? String(error.message) : String(error);
}
