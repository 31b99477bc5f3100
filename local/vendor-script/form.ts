/**
 * The form that is drawn where the page has an area for it. Both kinds of card can be filled in at any time: the
 * manual's page for stored cards picks its radio button only when the payer has typed everything and goes on.
 */
import { resultFields } from './fields.ts';
import { type TextName, textOf } from './texts.ts';

const YEARS = 15;

/** A browser fills in real cards, and those have no place here. */
const notByBrowser = { autocomplete: 'off' };

export function drawForm(area: HTMLElement, withCvv: boolean): void {
  const stored = withCvv ? cvv('zeus_token_card_cvv_for_registerd_card') : [];
  const drawn = [
    ...choice('quick'),
    element('div', { id: 'zeus_registerd_card_area' }, ...stored),
    ...choice('new'),
    element('div', { id: 'zeus_new_card_area' }, ...newCard(withCvv)),
    ...Object.keys(resultFields).map(id => input(id, { type: 'hidden', value: '' })),
  ];
  area.replaceChildren(...drawn);
}

export function drawRefusal(area: HTMLElement): void {
  const text = 'オフラインでの試験用スクリプトです。配信元のシミュレーターがここにないため、動作しません。';
  area.replaceChildren(element('p', { role: 'alert' }, text));
}

/** A new card is what a page gets that picks nothing. */
function choice(action: 'quick' | 'new'): Node[] {
  const id = `zeus_token_action_type_${action}`;
  const radio = input(id, { type: 'radio', name: 'zeus_card_option', value: action });
  radio.checked = action === 'new';
  return [radio, label(id, `zeus_token_action_type_${action}_label`)];
}

function newCard(withCvv: boolean): Node[] {
  const number = { type: 'tel', inputmode: 'numeric', ...notByBrowser };
  const security = withCvv ? cvv('zeus_token_card_cvv') : [];
  return [
    row(label('zeus_token_card_number', 'zeus_token_card_number_label'), input('zeus_token_card_number', number)),
    row(...expires()),
    ...security,
    row(
      label('zeus_token_card_name', 'zeus_token_card_name_label'),
      input('zeus_token_card_name', { type: 'text', autocapitalize: 'characters', ...notByBrowser }),
    ),
  ];
}

function expires(): Node[] {
  const thisYear = new Date().getFullYear();
  const months = Array.from({ length: 12 }, (_, i) => String(i + 1).padStart(2, '0'));
  const years = Array.from({ length: YEARS }, (_, i) => String(thisYear + i));
  return [
    label('zeus_token_card_expires_month', 'zeus_token_card_expires_label'),
    select('month', months),
    suffix('month'),
    select('year', years),
    suffix('year'),
    element('span', { id: 'zeus_token_card_expires_note' }, textOf('zeus_token_card_expires_note')),
  ];
}

function select(part: 'month' | 'year', values: string[]): Node {
  const id = `zeus_token_card_expires_${part}`;
  const options = ['', ...values].map(value => element('option', { value }, value));
  const named = `zeus_token_card_expires_label ${id}_suffix`;
  const described = { 'aria-labelledby': named, 'aria-describedby': 'zeus_token_card_expires_note' };
  return element('select', { id, name: id, ...notByBrowser, ...described }, ...options);
}

function suffix(part: 'month' | 'year'): Node {
  const name = `zeus_token_card_expires_${part}_suffix` as const;
  return element('span', { id: name }, textOf(name));
}

function cvv(id: 'zeus_token_card_cvv' | 'zeus_token_card_cvv_for_registerd_card'): Node[] {
  const forCard = id === 'zeus_token_card_cvv' ? 'new' : 'registerd';
  const attributes = { type: 'tel', inputmode: 'numeric', size: '4', maxlength: '5', ...notByBrowser };
  return [row(label(id, `zeus_token_card_cvv_for_${forCard}_card_label`), input(id, attributes))];
}

function row(...children: Node[]): Node {
  return element('div', { class: 'zeus_token_row' }, ...children);
}

/** Its ID is the name of its text. */
function label(of: string, name: TextName): Node {
  return element('label', { id: name, for: of }, textOf(name));
}

function input(id: string, attributes: Record<string, string>): HTMLInputElement {
  return element('input', { id, name: id, ...attributes });
}

/** A page's texts go in as text, never as HTML. */
function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
