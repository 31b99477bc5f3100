type Child = Node | string;
type Properties<T> = Partial<Omit<T, 'children'>> & { data?: Record<string, string> };

/** An element with properties and children; text goes in as text. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const { data = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found as T;
}

export const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);
export const select = (id: string): HTMLSelectElement => byId<HTMLSelectElement>(id);
export const typedIn = (id: string): string => input(id).value.trim();

/** Moves a reader there: headings take focus only from here. */
export function focusOn(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus();
}

/** A definition list of what there is to tell. */
export function facts(rows: readonly (readonly [name: string, value: Child | null])[]): HTMLDListElement {
  const told = rows.filter((row): row is [string, Child] => row[1] !== null && row[1] !== '');
  return h('dl', {}, ...told.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}
