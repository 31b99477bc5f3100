import { type ArmedFault, ENDPOINTS, type Endpoint, FAULTS, type Fault, type FaultName, type State } from './state.ts';

const CALLBACK_FAULTS: FaultName[] = ['callback-twice', 'no-callback', 'callback-late'];
const FORCED: FaultName[] = ['maintenance', 'refusal', 'invalid-parameter', 'connect-error'];

const XML_ENDPOINTS = ['token', 'cancel', 'enroll', 'risk', 'authenticate', 'pay'];

export function isCallbackFault(fault: Fault): boolean {
  return CALLBACK_FAULTS.includes(fault.fault);
}

/** Decides what the gateway says, not how it gets there. */
export function isForced(fault: Fault): boolean {
  return FORCED.includes(fault.fault);
}

export function arm(state: State, fault: ArmedFault): void {
  const { endpoint, count = 1 } = fault;
  if (!FAULTS.includes(fault.fault)) throw new Error(`fault: unknown ${fault.fault}`);
  if (!['any', 'callback', ...ENDPOINTS].includes(endpoint)) throw new Error(`fault: unknown endpoint ${endpoint}`);
  if (!Number.isInteger(count) || count < 1) throw new Error('fault: count must be a positive integer');
  if (endpoint === 'callback' && !isCallbackFault(fault)) throw new Error('fault: only callback faults fit callbacks');
  if (fault.fault === 'connect-error' && !['charge', 'deletion', 'any'].includes(endpoint)) {
    throw new Error('fault: only secure.cgi answers connect error');
  }
  if (fault.fault === 'invalid-parameter' && XML_ENDPOINTS.includes(endpoint)) {
    throw new Error('fault: XML endpoints refuse with a code, arm a refusal');
  }
  state.armed.push({ ...fault, count });
}

/** Takes one use of the first answer fault and of the first callback fault armed for the endpoint. */
export function takeArmed(state: State, endpoint: Endpoint | 'callback'): Fault[] {
  const fits = (fault: ArmedFault) =>
    fault.endpoint === endpoint || (fault.endpoint === 'any' && endpoint !== 'callback');
  const found = [
    state.armed.find(fault => fits(fault) && !isCallbackFault(fault)),
    state.armed.find(fault => fits(fault) && isCallbackFault(fault)),
  ].filter(fault => fault !== undefined);
  for (const fault of found) fault.count -= 1;
  state.armed = state.armed.filter(fault => fault.count > 0);
  return found.map(({ endpoint: _endpoint, count: _count, ...fault }) => fault);
}

/**
 * Faults asked for by e-mail: `lost-answer@fault.invalid`, several joined by `+`, a value after a dot
 * (`late-answer.1500`, `refusal.800002`, `invalid-parameter.telno`). What is no fault is ignored.
 */
export function faultsOfEmail(email: string): Fault[] {
  const [local = '', domain] = email.split('@');
  return domain === 'fault.invalid' ? local.split('+').flatMap(parse) : [];
}

function parse(text: string): Fault[] {
  const [name = '', value] = text.split('.');
  const fault = FAULTS.find(known => known === name);
  if (!fault) return [];
  if (value === undefined) return [{ fault }];
  if (fault === 'refusal') return [{ fault, code: value }];
  if (fault === 'invalid-parameter') return [{ fault, parameter: value }];
  const figure = Number.parseInt(value, 10) || 0;
  return [fault.startsWith('truncated') ? { fault, bytes: figure } : { fault, ms: figure }];
}
