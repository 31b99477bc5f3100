/** Markup that is already safe; anything else put into `html` is escaped. */
export type Html = { markup: string };

export function html(strings: TemplateStringsArray, ...parts: (Html | Html[] | string | number | null)[]): Html {
  return { markup: strings.map((text, i) => text + (i < parts.length ? safe(parts[i] ?? '') : '')).join('') };
}

function safe(part: Html | Html[] | string | number): string {
  if (Array.isArray(part)) return part.map(one => one.markup).join('');
  return typeof part === 'object' ? part.markup : escapeHtml(String(part));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A button that posts to the control interface. */
export function button(operation: string, label: string, fields: Record<string, string>): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="/_control/${operation}">${hidden}<button>${label}</button></form> `;
}

export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'plain';

/** A word with a colour behind it. */
export function chip(text: string, tone: Tone): Html {
  return html`<span class="chip ${tone}">${text}</span>`;
}

export function table(heads: string[], rows: Html[], empty: string): Html {
  const body = rows.length > 0 ? rows : [html`<tr><td colspan="${heads.length}" class="empty">${empty}</td></tr>`];
  return html`<table><thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;
}

export function row(...cells: (string | Html)[]): Html {
  return html`<tr>${cells.map(cell => html`<td>${cell}</td>`)}</tr>`;
}

/** Time of day in Japan. */
export function timeOf(iso: string): Html {
  const jst = new Date(Date.parse(iso) + 9 * 3_600_000).toISOString();
  return html`<time datetime="${iso}" title="${jst.slice(0, 10)} JST">${jst.slice(11, 19)}</time>`;
}
