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

/** Whatever any page of these tests asked for. */
export const allRequests: Visit['requests'][] = [];

/** A payer of its own before a page of the shop. */
export async function visitShop(path: string, options: Parameters<typeof visit>[2] = {}): Promise<Visit> {
  const visited = await visit(browser, api + path, options);
  allRequests.push(visited.requests);
  return visited;
}
