/** Requests and callbacks in one list, newest first, each with everything known of it inside. */
import type { Gateway } from './gateway.ts';
import { button, chip, type Html, html, timeOf } from './html.ts';
import type { CallbackRecord, RequestRecord } from './state.ts';

export function happenings({ state }: Gateway, most: number): Html {
  const requests = state.requests.map(request => ({ at: request.at, markup: requestItem(request) }));
  const callbacks = state.callbacks.map(callback => {
    const made = state.orders.get(callback.orderNumber)?.history.at(-1)?.at ?? '';
    const at = callback.attempts[0]?.at ?? made;
    return { at, markup: callbackItem(callback, at) };
  });
  const all = [...requests, ...callbacks].sort((a, b) => b.at.localeCompare(a.at));
  const shown = all.slice(0, most).map(({ markup }) => markup);
  const hidden = all.length - shown.length;
  return html`${shown}${hidden > 0 ? html`<p class="soft">and ${hidden} more before</p>` : html``}
${all.length === 0 ? html`<p class="empty">Nothing yet. Requests and callbacks appear here by themselves.</p>` : html``}`;
}

function requestItem(request: RequestRecord): Html {
  const { id, at, method, endpoint, path, violations, notes, faults, answer } = request;
  const said = answer ? `${answer.status} ${answer.body}` : 'no answer';
  const flags = [
    ...violations.map(text => chip(text, 'bad')),
    ...faults.map(fault => chip(fault, 'warn')),
    ...(answer ? [] : [chip('no answer', 'warn')]),
  ];
  return html`<details id="request-${id}" class="request"><summary>${timeOf(at)} <b>${method} ${endpoint}</b> <span class="said">${gist(said)}</span> ${flags}</summary>
<p><code>${path}</code> connection ${request.connection}</p>${parameterList(request.parameters)}
${notes.length > 0 ? html`<p class="soft">${notes.join('; ')}</p>` : html``}<pre>${said}</pre></details>`;
}

/** One line of an answer: XML without its tags. */
function gist(said: string): string {
  return said.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

function callbackItem(callback: CallbackRecord, at: string): Html {
  const { id, service, status, orderNumber, state, attempts, method, url } = callback;
  const last = attempts.at(-1);
  const tone = last?.outcome === 'accepted' ? 'good' : state === 'done' ? 'bad' : 'warn';
  const told = last && state === 'done' ? last.outcome : state;
  const lines = attempts.map(one => html`<li>${timeOf(one.at)} ${one.outcome} ${one.status ?? ''} ${one.body}</li>`);
  return html`<details id="callback-${id}" class="callback"><summary>${timeOf(at)} <b>callback ${service} ${status}</b> <code>${orderNumber}</code> ${chip(told, tone)}</summary>
<p>${method} <code>${url}</code></p>${parameterList(callback.parameters)}<ol>${lines}</ol>${button('resend', 'Resend', { id, back: `/#callback-${id}` })}</details>`;
}

function parameterList(parameters: { name: string; value: string }[]): Html {
  return html`<ul class="parameters">${parameters.map(({ name, value }) => html`<li><code>${name}=${value}</code></li>`)}</ul>`;
}
