import type { Action, ActionField } from './actions.ts';
import { h } from './dom.ts';
import { say } from './language.ts';

/** One action as a form of its own; `run` gets the request body. */
export function actionForm(action: Action, run: (body: Record<string, unknown>) => void): HTMLFormElement {
  const fields = action.fields.map(field => ({ field, control: controlFor(action.id, field) }));
  const form = h(
    'form',
    { id: action.id, className: 'action' },
    ...fields.map(({ field, control }) =>
      h('div', { className: 'field' }, h('label', { htmlFor: control.id }, say(field.label)), control),
    ),
    h('button', { type: 'submit' }, say(action.label)),
    ...(action.note ? [h('p', { className: 'note' }, say(action.note))] : []),
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    const said = fields.map(({ field, control }) => [field.name, read(field, control.value)] as const);
    run({ ...action.body, ...Object.fromEntries(said.filter(([, value]) => value !== '')) });
  });
  return form;
}

function controlFor(actionId: string, field: ActionField): HTMLInputElement | HTMLSelectElement {
  const id = `${actionId}-${field.name}`;
  const { type, value, required, options } = field;
  if (!options) return h('input', { id, type, value, required });
  return h('select', { id, required }, ...options.map(([each, label]) => h('option', { value: each }, label)));
}

const read = (field: ActionField, value: string) =>
  field.type === 'number' && value !== '' ? Number(value) : value.trim();
