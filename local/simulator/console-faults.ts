/** What goes wrong next, and what time it is. */
import { consolePage } from './console-frame.ts';
import { type Gateway, isoNow } from './gateway.ts';
import { button, type Html, html, row, table } from './html.ts';
import { ENDPOINTS, FAULTS } from './state.ts';

export function faultsPage(gateway: Gateway): string {
  return consolePage(gateway, '/faults', { live: [armed(gateway)], still: [faultForm(), clockForm(gateway)] });
}

function armed({ state }: Gateway): Html {
  const rows = state.armed.map(({ endpoint, fault, count, ...more }) =>
    row(
      endpoint,
      fault,
      String(count),
      Object.entries(more)
        .map(pair => pair.join(' '))
        .join(', '),
    ),
  );
  const disarm = rows.length > 0 ? button('disarm', 'Disarm all', { back: '/faults' }) : html``;
  return html`<h2>Armed faults</h2>${table(['For the next', 'Fault', 'Times', 'With'], rows, 'None is armed.')}${disarm}`;
}

function faultForm(): Html {
  const options = (names: readonly string[]) => names.map(name => html`<option>${name}</option>`);
  return html`<h2>Arm a fault</h2><form method="post" action="/_control/faults" class="fields"><input type="hidden" name="back" value="/faults">
<label>Fault <select name="fault">${options(FAULTS)}</select></label>
<label>for the next <select name="endpoint">${options([...ENDPOINTS, 'callback', 'any'])}</select></label>
<label>times <input name="count" inputmode="numeric" value="1" size="3"></label>
<label>ms <input name="ms" inputmode="numeric" size="6"></label><label>bytes <input name="bytes" inputmode="numeric" size="6"></label>
<label>code <input name="code" size="10"></label><label>parameter <input name="parameter" size="10"></label><button>Arm</button></form>
<p class="soft">One order alone: give it the e-mail <code>lost-answer@fault.invalid</code>, or <code>late-answer.1500+no-callback@fault.invalid</code>.</p>`;
}

function clockForm(gateway: Gateway): Html {
  return html`<h2>Clock</h2><form method="post" action="/_control/clock" class="fields"><input type="hidden" name="back" value="/faults">
<label>From now on it is <input name="now" value="${isoNow(gateway)}" size="26"></label><button>Set</button></form>
${button('clock', 'Back to real time', { back: '/faults' })}`;
}
