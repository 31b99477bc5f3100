/**
 * The stand-in for the vendor's browser script: what manual 000 (simple version, own HTML, texts) says that pages may
 * rely on, and nothing of that script itself. For offline tests: it serves only the simulator it came from.
 */

import { encodeNewCard, encodeQuick, tokenFault } from '../../shared/zeus/operations/token.ts';
import { failed, requestToken, type TokenResult } from '../../web/token-client/request-token.ts';
import { type Answer, answerOf } from './answer.ts';
import { clearCard, fillResults, guardForms, isStoredCard, readNewCard, readStoredCvv } from './fields.ts';
import { drawForm, drawRefusal } from './form.ts';
import { originOf, whoseIs } from './origin.ts';
import { errorMessage } from './texts.ts';

declare const zeusTokenIpcode: unknown;

const TIMEOUT_MS = 30_000;

export function start({ withCvv }: { withCvv: boolean }): void {
  // First: where the script then refuses to run, the page's own form can be sent all the same.
  guardForms();
  const origin = originOf(document.currentScript);
  console.info(`zeus_token: a stand-in for offline tests, for the simulator at ${origin} alone. No real cards.`);
  whenParsed(() => {
    const area = document.getElementById('zeus_token_card_info_area');
    if (area) drawForm(area, withCvv);
    void whoseIs(origin).then(whose => {
      if (whose !== 'own' && area) drawRefusal(area);
    });
  });
  const getToken = (callback?: (answer: Answer) => void) => void deliver(origin, withCvv, callback);
  Object.assign(window, { zeusToken: { getToken, getErrorMessage: errorMessage } });
}

/** The script stands in the head, above the area. */
function whenParsed(run: () => void): void {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', run);
  else run();
}

/** One answer for each call, never before `getToken` has returned. What an earlier call filled in is gone by then. */
async function deliver(origin: string, withCvv: boolean, callback?: (answer: Answer) => void): Promise<void> {
  fillResults(null);
  const result = await ask(origin, encode(withCvv));
  if (result.kind === 'token') {
    fillResults(result.token);
    clearCard();
  }
  callback?.(answerOf(result));
}

/** As typed; only the gateway checks it: the manual has codes for wrong input in its responses. */
function encode(withCvv: boolean): string {
  return isStoredCard()
    ? encodeQuick(ipCode(), withCvv ? readStoredCvv() : null)
    : encodeNewCard(ipCode(), readNewCard(withCvv));
}

/** Read late, because the page sets it below the script. */
function ipCode(): string {
  if (typeof zeusTokenIpcode === 'string') return zeusTokenIpcode;
  console.error('zeus_token: zeusTokenIpcode must be a string, the IP code for cards.');
  return '';
}

async function ask(origin: string, xml: string): Promise<TokenResult> {
  const whose = await whoseIs(origin);
  if (whose === 'silent') return failed('unreachable', [tokenFault('90100100')]);
  if (whose === 'another') return failed('malformed', [tokenFault('99999999')]);
  return requestToken(xml, { gatewayUrl: origin, timeoutMs: TIMEOUT_MS });
}
