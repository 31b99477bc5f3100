/** The JSON control interface under /_control; the console's forms post to the same addresses and are sent back to it. */
import { parseForm, textOf } from './form.ts';
import { answer, type Reply } from './gateway.ts';
import { html } from './html.ts';
import type { Incoming } from './record.ts';
import type { SettingsPatch } from './settings.ts';
import type { Simulator } from './simulator.ts';
import type { ArmedFault } from './state.ts';

type Body = Record<string, unknown>;
type Operation = (simulator: Simulator, body: Body) => unknown;

const operations: Record<string, Operation> = {
  'GET ledger': simulator => simulator.ledger(),
  'GET requests': simulator => simulator.requests(),
  'GET callbacks': simulator => simulator.callbacks(),
  'GET orders': simulator => simulator.orders(),
  'GET cards': simulator => simulator.cards(),
  'GET sessions': simulator => simulator.sessions(),
  'GET faults': simulator => simulator.armed(),
  'POST faults': (simulator, body) => {
    simulator.arm(body as ArmedFault);
    return simulator.armed();
  },
  'DELETE faults': simulator => simulator.disarm(),
  'POST disarm': simulator => simulator.disarm(),
  'GET settings': simulator => simulator.settings(),
  'POST settings': (simulator, body) => simulator.settings(body as SettingsPatch),
  'GET clock': simulator => ({ now: simulator.now() }),
  'POST clock': (simulator, body) => ({
    now: simulator.setClock(typeof body.now === 'string' ? body.now : null),
  }),
  'POST resend': (simulator, body) => simulator.resend(String(body.id)),
  'POST carrier': (simulator, body) =>
    simulator.carrier({ orderNumber: String(body.orderNumber), action: String(body.action) }),
  'POST counter': (simulator, body) =>
    simulator.counter({ orderNumber: String(body.orderNumber), action: String(body.action) }),
  'POST reset': simulator => simulator.reset(),
  'POST idle': simulator => simulator.idle(),
};

export async function control(simulator: Simulator, incoming: Incoming): Promise<Reply | null> {
  const name = /^\/_control\/([a-z]+)$/.exec(incoming.path)?.[1];
  const operation = operations[`${incoming.method} ${name}`];
  if (!operation) return null;
  const form = (incoming.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  try {
    const body = form ? formBody(incoming.body) : jsonBody(incoming.body);
    const result = await operation(simulator, body);
    return form ? backTo(textOf(parseForm(incoming.body), 'back')) : json(200, result ?? { done: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : 'failed';
    return form ? mistake(message) : json(400, { error: message });
  }
}

function jsonBody(bytes: Buffer): Body {
  const parsed: unknown = bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error('body: not a JSON object');
  return parsed as Body;
}

/** Empty fields count as absent; `name` and `value` together are one setting, its value in JSON; `back` is for us. */
function formBody(bytes: Buffer): Body {
  const fields = parseForm(bytes);
  const name = textOf(fields, 'name');
  if (name !== '') return { [name]: JSON.parse(textOf(fields, 'value')) };
  const filled = fields.filter(field => field.bytes.length > 0 && field.name !== 'back');
  return Object.fromEntries(filled.map(field => [field.name, formValue(field.name, field.bytes.toString('utf8'))]));
}

function formValue(name: string, text: string): unknown {
  return ['count', 'ms', 'bytes'].includes(name) ? Number(text) : text;
}

/** To the page of ours that holds the form; the console where it names none. */
function backTo(back: string): Reply {
  const location = /^\/(?![/\\])/.test(back) ? back : '/';
  return { status: 303, headers: { location }, body: Buffer.alloc(0), callbacks: [] };
}

function mistake(message: string): Reply {
  const page = html`<!doctype html><html lang="en"><title>Not done</title><p>Not done: ${message}</p><p><a href="/">Back to the console</a></p></html>`;
  return { ...answer(Buffer.from(page.markup), 'text/html; charset=utf-8'), status: 400 };
}

function json(status: number, value: unknown): Reply {
  return { ...answer(Buffer.from(`${JSON.stringify(value, null, 2)}\n`), 'application/json; charset=utf-8'), status };
}
