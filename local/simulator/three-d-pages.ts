/**
 * The two pages of EMV 3-D Secure in the shop's page: the device page (0×0, ends by itself) and the issuer's challenge.
 * Each ends with a `postMessage` to its parent.
 */
import { parseForm, textOf } from './form.ts';
import { answer, type Gateway, type Reply } from './gateway.ts';
import { type Html, html } from './html.ts';
import type { Incoming } from './record.ts';
import type { ThreeDSession } from './state.ts';
import { addStep } from './three-d-session.ts';

/** After the 20 s for which the browser script waits. */
const LATE_MS = 21_000;

/** Null: neither page. */
export function threeDPage(gateway: Gateway, incoming: Incoming): Reply | null {
  const { path, method, body, query } = incoming;
  if (path !== '/3ds/device' && path !== '/3ds/challenge') return null;
  const fields = parseForm(method === 'POST' ? body : query);
  const pageId = textOf(fields, 'session');
  const session = [...gateway.state.sessions.values()].find(one => one.pageId === pageId);
  if (!session) return { ...page('受付がありません', [html`<p>受付がありません。</p>`]), status: 404 };
  return path === '/3ds/device' ? devicePage(gateway, session) : challengePage(gateway, session, textOf(fields, 'do'));
}

function devicePage(gateway: Gateway, session: ThreeDSession): Reply {
  const late = session.card.threeD.device === 'late';
  addStep(gateway, session, 'device', late ? 'late' : 'prompt');
  return page('端末情報', [message({ event: '3DSMethodFinished' }, late ? LATE_MS : 0)]);
}

/** A second decision changes nothing. */
function challengePage(gateway: Gateway, session: ThreeDSession, action: string): Reply {
  if (session.state === 'challenge' && action === 'leave') {
    addStep(gateway, session, 'challenge', 'left');
    return page('本人認証', [html`<p>この画面を離れました。この先は何も起こりません。</p>`]);
  }
  if (session.state === 'challenge' && (action === 'pass' || action === 'fail')) {
    session.state = action === 'pass' ? 'authenticated' : 'refused';
    addStep(gateway, session, 'challenge', session.state);
  }
  if (session.state === 'challenge') return page('本人認証', [question(session)]);
  const transStatus = session.state === 'refused' ? 'N' : 'Y';
  return page('本人認証', [html`<p>お待ちください。</p>`, message({ event: 'AuthResultReady', transStatus }, 0)]);
}

function question({ pageId, card, fields }: ThreeDSession): Html {
  const button = (action: string, label: string) => html`<button name="do" value="${action}">${label}</button> `;
  return html`<h1>カード会社の本人認証</h1><p lang="en" class="soft">The issuer’s page, acted by the simulator</p>
<p>${fields.money.toLocaleString('en')}円　カード末尾 ${card.last4}</p>
<form method="post" action="/3ds/challenge"><input type="hidden" name="session" value="${pageId}">
${button('pass', '認証する (pass)')}${button('fail', '認証に失敗する (fail)')}${button('leave', '何もせずに離れる (leave)')}</form>`;
}

/** The page's script sends it to whatever page it stands in. */
function message(data: Record<string, string>, delayMs: number): Html {
  return html`<template id="message" data-delay="${delayMs}" data-message="${JSON.stringify(data)}"></template>`;
}

function page(title: string, parts: Html[]): Reply {
  const document = html`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/three-d-pages.css"><script type="module" src="/three-d-pages.js"></script></head>
<body>${parts}</body></html>
`;
  return answer(Buffer.from(document.markup, 'utf8'), 'text/html; charset=utf-8');
}
