import { after } from 'node:test';
import { launchBrowser, noBrowser, startAll, type Visit, visit } from '../support.ts';

/** One stack and one browser for all tests of the shop. */
const [local, browser] = noBrowser ? [null, null] : await Promise.all([startAll(), launchBrowser()]);
after(async () => {
  await browser?.close();
  await local?.stop();
});

export const skip = noBrowser;
export const api = local?.api ?? '';
export const gateway = local?.gateway ?? '';
export const tokenUrl = `${gateway}/cgi-bin/token/token.cgi`;

/** A payer of its own before a page of the shop. */
export const visitShop = (path: string, options: Parameters<typeof visit>[2] = {}): Promise<Visit> =>
  visit(browser, api + path, options);
