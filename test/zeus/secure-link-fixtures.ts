/** Fixtures and made-up responses of `secure_link_3d`. */
import { readFileSync } from 'node:fs';
import type { Reply } from '../../shared/zeus/wire/transport.ts';

export const orderId = 'Zx3_-Aa9Zx3_-Aa9Zx3_-Aa9Zx3_-Aa9';
/** As the fixtures have it, unescaped. */
export const xid = 'a%64b+/<&c==';

export const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/secure-link/${name}.xml`, import.meta.url));

export const answered = (body: Buffer | string, status = 200): Reply => ({
  kind: 'answered',
  status,
  body: Buffer.from(body),
});

export const answeredWith = (action: string, status: string, code: string | null, more = ''): Reply =>
  answered(
    `<response service="secure_link_3d" action="${action}"><result><status>${status}</status>${
      code === null ? '' : `<code>${code}</code>`
    }</result>${more}</response>`,
  );

/** What is no response of the guide to the action. */
export const noResponses = (action: string): [string, Reply][] => [
  ['empty', answered('')],
  ['a page', answered('<html><body>success</body></html>')],
  ['cut off', answered(`<response service="secure_link_3d" action="${action}"><result><status>succ`)],
  [
    'another service',
    answered(`<response service="secure_link" action="${action}"><result><status>success</status></result></response>`),
  ],
  ['another action', answeredWith('other', 'success', '000')],
  [
    'no status',
    answered(`<response service="secure_link_3d" action="${action}"><result><code>000</code></result></response>`),
  ],
  ['two statuses', answeredWith(action, 'success</status><status>failure', '000')],
  ['a status that is not listed', answeredWith(action, 'accepted', '000')],
  ['a redirect', { ...answeredWith(action, 'success', '000'), status: 302 } as Reply],
  ['HTTP 500', { ...answeredWith(action, 'success', '000'), status: 500 } as Reply],
  ['lost', { kind: 'lost', message: 'time-out' }],
];
