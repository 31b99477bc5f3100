/**
 * Where the gateway serves its browser scripts and style (000 p.11, and those with EMV 3-D Secure). The stand-ins for them run the project's own token
 * code, so they are no part of this: the caller that starts the simulator hands them in, and without them there are none.
 */
import { randomBytes } from 'node:crypto';
import { answer, type Reply } from './gateway.ts';

const FOLDER = '/api/';
const JAVASCRIPT = 'text/javascript; charset=utf-8';

const TYPES: Record<string, string> = {
  'token/1.0/zeus_token.js': JAVASCRIPT,
  'token/1.0/zeus_token_cvv.js': JAVASCRIPT,
  'token/1.0/zeus_token.css': 'text/css; charset=utf-8',
  'token/2.0/zeus_token2.js': JAVASCRIPT,
  'token/2.0/zeus_token_cvv2.js': JAVASCRIPT,
  '3ds2/3ds-web-wrapper.js': JAVASCRIPT,
};

const HEADERS = {
  'access-control-allow-origin': '*',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** The files by their paths below `/api/`; `{simulator-mark}` in them becomes the mark of this run. Built when one is first asked for. */
export type VendorScript = () => Promise<Record<string, string>>;

/** Answers the files, and at `simulator-mark` the mark by which a script knows the simulator it came from. */
export function createVendorScript(build?: VendorScript): (path: string) => Promise<Reply | null> {
  const mark = randomBytes(16).toString('hex');
  let built: Promise<Record<string, string>> | null = null;
  return async path => {
    if (path === `${FOLDER}token/1.0/simulator-mark`) return file(200, 'text/plain', mark);
    const name = path.startsWith(FOLDER) ? path.slice(FOLDER.length) : '';
    const type = TYPES[name];
    if (type === undefined) return null;
    built ??= build?.() ?? Promise.resolve({});
    const text = (await built)[name];
    if (text === undefined) return file(404, 'text/plain', `This simulator was started without a ${name} to serve.\n`);
    return file(200, type, text.replaceAll('{simulator-mark}', mark));
  };
}

function file(status: number, type: string, text: string): Reply {
  const reply = answer(Buffer.from(text, 'utf8'), type);
  return { ...reply, status, headers: { ...reply.headers, ...HEADERS } };
}
