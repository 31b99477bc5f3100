import { byId, focusOn, input } from './dom.ts';
import { say, type Words } from './language.ts';

/** Says what is wrong beside the field, to a screen reader too. */
export function showFault(id: string, text: string): void {
  input(id).setAttribute('aria-invalid', 'true');
  byId(`${id}-fault`).textContent = text;
}

export function clearFaults(): void {
  byId('fault').textContent = '';
  for (const field of document.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  for (const text of document.querySelectorAll('.fault')) text.textContent = '';
}

/** Above the form, where no field can say it. */
export function showAlert(words: Words): void {
  const alert = byId('fault');
  alert.textContent = say(words);
  focusOn(alert);
}

/** To the first field that is wrong; false when none is. */
export function focusFirstFault(): boolean {
  const first = document.querySelector<HTMLElement>('[aria-invalid]');
  first?.focus();
  return first !== null;
}

/** Every visible field that must be filled in, all of them at once. */
export function requireFilled(form: HTMLFormElement): boolean {
  const fields = [...form.querySelectorAll<HTMLInputElement>('[required]')];
  for (const field of fields) {
    const isShown = field.closest('fieldset')?.hidden === false;
    if (!isShown) continue;
    if (field.type === 'checkbox') {
      if (!field.checked) showFault(field.id, say(['チェックしてください。', 'Please tick this.']));
    } else if (field.value.trim() === '') showFault(field.id, say(['入力してください。', 'Please fill this in.']));
  }
  return !focusFirstFault();
}
