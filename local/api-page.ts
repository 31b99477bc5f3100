import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Answer } from './server.ts';
import { loadShop } from './shop.ts';

/** The page that shows the API's description, at /docs, and what it loads. Nothing comes from outside. */
export function loadDocs(gatewayUrl: string): Map<string, Answer> {
  const docs = loadShop(fileURLToPath(new URL('./api-page', import.meta.url)), gatewayUrl);
  const page = docs.get('/docs.html');
  if (!page) throw new Error('local/api-page has no docs.html');
  const openApi = readFileSync(new URL('../docs/openapi.json', import.meta.url));
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return docs.set('/docs', page).set('/docs/openapi.json', { status: 200, headers, body: openApi });
}
