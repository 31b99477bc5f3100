/** The judge's own reading of what goes over the wire, from the manuals: requests of ours, responses, callbacks. */
import { LOCAL_CONTRACTS } from '../../local/simulator/simulator.ts';
import type { Callback } from '../../shared/domain/order.ts';
import type { Heard } from './history.ts';

/** `enroll`, `authenticate`, `pay`: the three requests of EMV 3-D Secure. */
export type ThreeD = 'enroll' | 'authenticate' | 'pay';
export type Operation = 'create' | 'cancel' | 'settle' | 'withdraw' | 'return' | 'deletion' | ThreeD;

export interface Sent {
  operation: Operation;
  /** Where the parameter exists. */
  sendpoint: string | null;
  orderNumber: string | null;
  cardId: string | null;
  amountYen: number | null;
  /** JST day. */
  day: string | null;
  /** Of EMV 3-D Secure: the session, and the letter from the browser. */
  xid: string | null;
  letter: string | null;
}

export function readRequest(path: string, body: string): Sent {
  const form = path.endsWith('api.cgi') ? new URLSearchParams() : new URLSearchParams(body);
  const threeD = path.endsWith('api.cgi')
    ? threeDActions[/^[^>]*>?\s*<request [^>]*action="(\w+)"/.exec(body)?.[1] ?? '']
    : null;
  if (threeD) return readThreeD(threeD, body);
  const money = form.get('money');
  const sent = {
    sendpoint: form.get('sendpoint'),
    orderNumber: form.get('order_no') ?? /<order_number>([^<]*)/.exec(body)?.[1] ?? null,
    cardId: form.get('sendid'),
    amountYen: money === null ? null : Number(money),
    day: dayOfDigits(form.get('date')),
    xid: null,
    letter: null,
  };
  return { ...sent, operation: operationOf(path, form) };
}

const threeDActions: Record<string, ThreeD> = { enroll: 'enroll', authentication: 'authenticate', payment: 'pay' };

const elementOf = (xml: string, name: string): string | null =>
  new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1] ?? null;

/** three-d-secure.md, 3.1, 3.3 and 3.4. */
function readThreeD(operation: ThreeD, body: string): Sent {
  const amount = elementOf(body, 'amount');
  return {
    operation,
    sendpoint: elementOf(body, 'sendpoint'),
    orderNumber: null,
    cardId: elementOf(body, 'sendid'),
    amountYen: amount === null ? null : Number(amount),
    day: null,
    xid: elementOf(body, 'xid'),
    letter: elementOf(body, 'PaRes'),
  };
}

function operationOf(path: string, form: URLSearchParams): Operation {
  if (path.endsWith('api.cgi')) return 'cancel';
  if (path.endsWith('carrier/secure.cgi')) {
    if (form.get('act') === 'return') return 'return';
    return form.get('autype') === 'auth' ? 'withdraw' : 'settle';
  }
  return form.get('sendiddel') === 'yes' ? 'deletion' : 'create';
}

const dayOfDigits = (digits: string | null | undefined): string | null =>
  digits && /^\d{8}$/.test(digits) ? `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}` : null;

/** What a response proves. `already`: it was done before; `under_way`: it will be done, or was said to be. */
export type Meaning =
  /** `day`: of a settlement; of a store order the last day to pay. */
  | { kind: 'done'; orderNumber: string | null; day: string | null }
  | { kind: 'already' | 'cancelled' | 'under_way' | 'not_processed' | 'unknown' }
  /** EMV 3-D Secure. `expired`: the session is over. */
  | { kind: 'enrolled'; xid: string }
  | { kind: 'authenticated' | 'outside' | 'expired' }
  | { kind: 'refused'; orderNumber: string | null };

/** `truth`: the whole response of the gateway, where it made one. One that came in part may be taken for several things. */
export function readResponse(operation: Operation, path: string, heard: Heard, truth: string | null): Meaning[] {
  if (heard.kind === 'not_sent') return [{ kind: 'not_processed' }];
  if (heard.kind === 'unseen') return partial(readBody(operation, path, truth ?? ''));
  if (heard.kind === 'lost' || heard.status !== 200) return [{ kind: 'unknown' }];
  const meaning = readBody(operation, path, heard.body);
  if (heard.body === truth || meaning.kind === 'unknown') return [meaning];
  return truth?.startsWith(heard.body) ? partial(meaning) : [{ kind: 'unknown' }];
}

/** An order number that was cut off may be taken for the whole, or for none. */
function partial(meaning: Meaning): Meaning[] {
  const without: Meaning[] = 'orderNumber' in meaning ? [{ ...meaning, orderNumber: null }] : [];
  return [meaning, ...without, { kind: 'unknown' }];
}

function readBody(operation: Operation, path: string, body: string): Meaning {
  if (operation === 'enroll' || operation === 'authenticate' || operation === 'pay')
    return readThreeDAnswer(operation, body);
  if (path.endsWith('api.cgi')) return readCancel(body);
  if (path.endsWith('carrier/secure.cgi')) return readCarrier(operation, body);
  return path.endsWith('cvs.cgi') ? readStoreOrder(body) : readCard(operation, body);
}

function readCard(operation: Operation, body: string): Meaning {
  const [word = '', second = ''] = body.split(/\r?\n/);
  const orderNumber = second === '' ? null : second;
  if (word === 'Success_order') return { kind: 'done', orderNumber, day: null };
  if (word === 'SuccessOK') return { kind: 'done', orderNumber: null, day: null };
  if (word === 'maintenance') return { kind: 'not_processed' };
  if (word === 'failure_order' && operation === 'deletion') return { kind: 'already' };
  if (word === 'failure_order' || word === 'connect error') return { kind: 'refused', orderNumber };
  return /^invalid \w/i.test(word) ? { kind: 'refused', orderNumber: null } : { kind: 'unknown' };
}

/** three-d-secure.md, 3.2 to 3.4 and section 5. */
function readThreeDAnswer(operation: ThreeD, body: string): Meaning {
  const [status, code] = [elementOf(body, 'status'), elementOf(body, 'code')];
  if (!status || !/<\/(response|request)>/.test(body)) return { kind: 'unknown' };
  if (status === 'maintenance') return { kind: 'not_processed' };
  const orderNumber = elementOf(body, 'order_number');
  if (status === 'failure') return { kind: 'refused', orderNumber };
  if (status === 'invalid')
    return code === '02100110' || code === '02110110' ? { kind: 'expired' } : { kind: 'refused', orderNumber };
  if (status === 'outside' && operation === 'enroll') return { kind: 'outside' };
  if (status !== 'success') return { kind: 'unknown' };
  if (operation === 'authenticate') return { kind: 'authenticated' };
  if (operation === 'pay') return { kind: 'done', orderNumber, day: null };
  const xid = elementOf(body, 'xid');
  return xid !== null && elementOf(body, 'iframeUrl') !== null ? { kind: 'enrolled', xid } : { kind: 'unknown' };
}

/** 003: one result document. 02180118: cancelled before. */
function readCancel(body: string): Meaning {
  const status = /<status>(\w+)<\/status>/.exec(body)?.[1];
  const code = /<code>(\d+)<\/code>/.exec(body)?.[1];
  if (!status || !body.includes('</response>')) return { kind: 'unknown' };
  if (status === 'success') return { kind: 'done', orderNumber: null, day: null };
  if (status === 'maintenance') return { kind: 'not_processed' };
  return code === '02180118' ? { kind: 'already' } : { kind: 'refused', orderNumber: null };
}

/** 001 p.26 to 35, and what the contract (1.6) takes from the codes. */
const truths: Record<string, Partial<Record<Operation, 'already' | 'cancelled' | 'under_way'>>> = {
  '010100023': { settle: 'already' },
  '010100036': { settle: 'under_way' },
  '010100024': { settle: 'under_way' },
  '010100021': { settle: 'cancelled' },
  '010100030': { return: 'already' },
  '010100026': { return: 'already' },
  '010100038': { return: 'under_way' },
};

function readCarrier(operation: Operation, body: string): Meaning {
  const form = new URLSearchParams(body.trim());
  const result = form.get('result');
  if (result === 'Success_order') return { kind: 'done', orderNumber: null, day: dayOfDigits(form.get('date')) };
  if (result === 'maintenance') return { kind: 'not_processed' };
  if (result !== 'failure_order' && result !== 'invalid') return { kind: 'unknown' };
  const truth = truths[form.get('error_code') ?? '']?.[operation];
  return truth ? { kind: truth } : { kind: 'refused', orderNumber: null };
}

/** 002 p.5 to 7. A bare line names a parameter that was refused. */
function readStoreOrder(body: string): Meaning {
  const lines = body.split(/\r?\n/).filter(line => line !== '');
  const pairs = new Map(lines.map(line => line.split('=').map(each => each.trim()) as [string, string]));
  const orderNumber = pairs.get('order_no') || null;
  if (pairs.get('rel') === 'Success_order')
    return { kind: 'done', orderNumber, day: dayOfDigits(pairs.get('pay_limit')) };
  if (pairs.get('rel') === 'failure_order') return { kind: 'refused', orderNumber };
  const isBare = lines.length === 1 && /^[A-Za-z_]\w*( [\w ]+)?$/.test(lines[0] ?? '');
  return isBare ? { kind: 'refused', orderNumber: null } : { kind: 'unknown' };
}

export interface ReadCallback {
  sendpoint: string;
  callback: Callback;
}

const contracts = { card: LOCAL_CONTRACTS.card, carrier: LOCAL_CONTRACTS.carrier, cvs: LOCAL_CONTRACTS.cvs };

export function readCallback(service: 'card' | 'carrier' | 'cvs', wire: string): ReadCallback {
  const form = new URLSearchParams(wire);
  const of = (name: string) => form.get(name) || null;
  const money = of('money');
  const ipCode = of('clientip');
  const isRight = ipCode !== null && Number(ipCode) === Number(contracts[service].clientip);
  const payBy = dayOfDigits(of('pay_limit'));
  return {
    sendpoint: of('sendpoint') ?? '',
    callback: {
      orderNumber: of(service === 'card' ? 'ordd' : 'order_no'),
      status: of(service === 'card' ? 'result' : 'status') ?? '',
      amountYen: money === null ? null : /^\d+$/.test(money) ? Number(money) : 'invalid',
      ipCode: ipCode === null ? 'absent' : isRight ? 'right' : 'other',
      at: '',
      testId: false,
      testsAccepted: false,
      lacks: [],
      code: null,
      failure: null,
      card: null,
      carrier: null,
      cvs: service === 'cvs' ? { store: null, paymentNumbers: [], payBy } : null,
    },
  };
}
