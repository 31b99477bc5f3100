/**
 * The stand-in for the vendor's browser script of EMV 3-D Secure, from public descriptions of what it does
 * (docs/three-d-secure.md) and nothing of that script itself. It keeps the traps that pages must live with: its functions
 * are globals that it overwrites when it loads, a late device event runs the risk step again, and broken XML is an error
 * after which it goes on with nothing.
 */
import { originOf, whoseIs } from './origin.ts';

/** After so long without the device page's event it goes on regardless. */
const DEVICE_WAIT_MS = 20_000;

/** Globals: pages put their own in the place of the first three, once this file has loaded. */
interface PageFunctions {
  _onPaResSuccess(answer: string): void;
  _onError(error: { message: string }): void;
  loadedChallenge(): void;
  /** The first version's, which no longer exists. */
  startVersion1(md: string, paReq: string): void;
}

interface Session {
  md: string;
  termUrl: string;
  /** Status of the risk step's response. */
  status: string;
}

const page = window as unknown as PageFunctions;
let origin = '';
let session: Session | null = null;
let deviceTimer: ReturnType<typeof setTimeout> | undefined;

export function startThreeD(): void {
  origin = originOf(document.currentScript);
  addEventListener('message', receive);
  Object.assign(window, {
    setPareqParams,
    _onPaResSuccess: () => {},
    _onError: () => {},
    loadedChallenge: () => document.getElementById('challenge_wait')?.setAttribute('hidden', ''),
  });
}

function setPareqParams(md: string, paReq: string, termUrl: string, method: string | null, iframeUrl: string): void {
  if (method === null) page.startVersion1(md, paReq);
  session = { md, termUrl: /^https?:\/\//.test(termUrl) ? termUrl : decodeURIComponent(termUrl), status: '' };
  void whoseIs(origin).then(whose => {
    if (whose !== 'own') {
      page._onError({ message: 'This stand-in runs with its own simulator alone.' });
      return;
    }
    showFrame('3ds_device', iframeUrl, { width: '0', height: '0', frameborder: '0', title: '端末の確認' });
    deviceTimer = setTimeout(askRisk, DEVICE_WAIT_MS);
  });
}

function showFrame(id: string, encodedUrl: string, attributes: Record<string, string>): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  for (const [name, value] of Object.entries({ id, name: id, ...attributes })) frame.setAttribute(name, value);
  frame.src = decodeURIComponent(encodedUrl);
  document.getElementById('3dscontainer')?.append(frame);
  return frame;
}

/** Nothing remembers that the timer was faster: a late event runs the risk step a second time. */
function receive(message: MessageEvent): void {
  if (message.origin !== origin) return;
  const { event, transStatus } = JSON.parse(String(message.data)) as { event: string; transStatus?: string };
  if (event === '3DSMethodFinished' || event === '3DSMethodSkipped') {
    clearTimeout(deviceTimer);
    askRisk();
  } else if (event === 'AuthResultReady') report(transStatus ?? 'N');
}

function askRisk(): void {
  const body = `<?xml version="1.0" encoding="utf-8"?><request service="secure_link_3d" action="securePa"><xid>${session?.md}</xid></request>`;
  post(`${origin}/cgi-bin/token/token.cgi`, 'application/xml', body, text => {
    const answer = new DOMParser().parseFromString(text, 'text/xml');
    if (answer.querySelector('parsererror')) page._onError({ message: 'The answer is no XML.' });
    const value = (name: string) => answer.querySelector(name)?.textContent?.trim() ?? '';
    if (session) session.status = value('status');
    const letter = ['success', 'outside'].includes(value('status')) ? value('transStatus') || 'N' : 'N';
    const url = value('challengeUrl');
    if (letter !== 'C' && letter !== 'D') report(letter);
    else if (url) challenge(url);
    else page._onError({ message: 'The answer has no challengeUrl.' });
  });
}

function challenge(encodedUrl: string): void {
  const shape = { width: '100%', height: '420', frameborder: '0', title: '本人認証' };
  const frame = showFrame('3ds_challenge', encodedUrl, shape);
  frame.onload = () => page.loadedChallenge();
}

/** The status is that of the risk step, also after a challenge. */
function report(letter: string): void {
  if (!session) return;
  const { md, termUrl, status } = session;
  const body = JSON.stringify({ MD: md, PaRes: letter, status });
  post(termUrl, 'application/json', body, answer => page._onPaResSuccess(answer));
}

function post(url: string, type: string, body: string, done: (answer: string) => void): void {
  const request = new XMLHttpRequest();
  request.open('POST', url);
  request.setRequestHeader('Content-Type', type);
  request.onload = () => {
    if (request.status >= 200 && request.status < 400) done(request.responseText);
    else page._onError({ message: `HTTP ${request.status}` });
  };
  request.onerror = () => page._onError({ message: 'HTTP 0' });
  request.send(body);
}
