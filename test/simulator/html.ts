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
