import type { Escapes } from './form.ts';

/** What a merchant agrees with the gateway, and what the simulator varies where the manuals leave room. */
export type Settings = {
  /** Registered URLs; null: nothing is called. */
  callbacks: { card: string | null; carrier: string | null; cvs: string | null };
  callbackMethod: 'GET' | 'POST';
  /** From the answer to the callback, and between the callbacks of a test order. */
  callbackDelayMs: number;
  /** Retries after a time-out, 0 (not agreed) to 5. */
  callbackRetries: number;
  /** A 200 whose body does not begin with `successok` counts as an error. */
  checkSuccessok: boolean;
  callbackEscapes: Escapes;
  callbackSpace: '+' | '%20';
  /** Parameters left out of every callback, as if the merchant had not asked for them. */
  callbackOmit: string[];
  /** Card callbacks carry a 5-digit IP code padded with zeros to 10 digits. */
  padCardClientip: boolean;
  /** Scales the 40 s after which a callback times out, and is retried. */
  timeScale: number;
  /** Quick tokens and card-ID charges need the security code. */
  cvvRequired: boolean;
  /** Instalments and revolving payment are agreed. */
  installments: boolean;
  tokenLifeMs: number;
  /** From EnrolReq to PayReq of an EMV 3-D Secure session. */
  sessionLifeMs: number;
  /** The result CGI is called after PayReq too. */
  callbackAfterPay: boolean;
  /** Root element of the answer to AuthReq: the copies of the guide have both. */
  authenticationRoot: 'response' | 'request';
  /** A cancel earlier than this after the charge fails (003). */
  cancelWaitMs: number;
  carrierSale: 'provisional' | 'immediate';
  /** Test ID of carrier names and of convenience-store orders. */
  testId: string;
  /** Callbacks sent only where agreed. */
  optionalCallbacks: ('cvs-02' | 'cvs-03' | 'carrier-provisional-return')[];
  /** Days until a payment number ends, 2 to 59. */
  payDays: number;
  lineEnd: '\n' | '\r\n';
  invalidWord: 'Invalid' | 'invalid';
  /** Between name and value in cvs.cgi's answer. */
  cvsEquals: '=' | '= ' | ' = ';
  /** cvs.cgi's lines in a random order. */
  cvsShuffle: boolean;
  /** cvs.cgi's line for a bad parameter; `{name}` is replaced. */
  cvsParameterLine: string;
  /** The whole gateway is down for maintenance. */
  maintenance: boolean;
};

export type SettingsPatch = Partial<Omit<Settings, 'callbacks'>> & { callbacks?: Partial<Settings['callbacks']> };

export function defaultSettings(): Settings {
  return {
    callbacks: { card: null, carrier: null, cvs: null },
    callbackMethod: 'GET',
    callbackDelayMs: 100,
    callbackRetries: 0,
    checkSuccessok: false,
    callbackEscapes: 'upper',
    callbackSpace: '+',
    callbackOmit: [],
    padCardClientip: false,
    timeScale: 1,
    cvvRequired: false,
    installments: true,
    tokenLifeMs: 60 * 60_000,
    sessionLifeMs: 60 * 60_000,
    callbackAfterPay: true,
    authenticationRoot: 'response',
    cancelWaitMs: 5000,
    carrierSale: 'provisional',
    testId: '12345678',
    optionalCallbacks: [],
    payDays: 14,
    lineEnd: '\n',
    invalidWord: 'Invalid',
    cvsEquals: '=',
    cvsShuffle: false,
    cvsParameterLine: '{name} is not valid',
    maintenance: false,
  };
}

type Check = (value: unknown) => boolean;
const text: Check = value => typeof value === 'string';
const flag: Check = value => typeof value === 'boolean';
const oneOf =
  (...allowed: string[]): Check =>
  value =>
    typeof value === 'string' && allowed.includes(value);
const number =
  (min: number, max: number): Check =>
  value =>
    typeof value === 'number' && value >= min && value <= max;
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check);
const urlOrNull: Check = value => value === null || (typeof value === 'string' && /^https?:\/\//.test(value));

const checks: Record<keyof Settings, Check> = {
  callbacks: value =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([key, url]) => ['card', 'carrier', 'cvs'].includes(key) && urlOrNull(url)),
  callbackMethod: oneOf('GET', 'POST'),
  callbackDelayMs: number(0, 3_600_000),
  callbackRetries: number(0, 5),
  checkSuccessok: flag,
  callbackEscapes: oneOf('upper', 'lower', 'full', 'raw'),
  callbackSpace: oneOf('+', '%20'),
  callbackOmit: listOf(text),
  padCardClientip: flag,
  timeScale: number(0.0001, 10),
  cvvRequired: flag,
  installments: flag,
  tokenLifeMs: number(0, 86_400_000),
  sessionLifeMs: number(0, 86_400_000),
  callbackAfterPay: flag,
  authenticationRoot: oneOf('response', 'request'),
  cancelWaitMs: number(0, 86_400_000),
  carrierSale: oneOf('provisional', 'immediate'),
  testId: value => typeof value === 'string' && /^\d{1,8}$/.test(value),
  optionalCallbacks: listOf(oneOf('cvs-02', 'cvs-03', 'carrier-provisional-return')),
  payDays: number(2, 59),
  lineEnd: oneOf('\n', '\r\n'),
  invalidWord: oneOf('Invalid', 'invalid'),
  cvsEquals: oneOf('=', '= ', ' = '),
  cvsShuffle: flag,
  cvsParameterLine: value => typeof value === 'string' && value.includes('{name}') && !/[\r\n=]/.test(value),
  maintenance: flag,
};

/** The settings with the patch applied; throws on an unknown name or a value of the wrong kind. */
export function patchSettings(settings: Settings, patch: SettingsPatch): Settings {
  for (const [name, value] of Object.entries(patch)) {
    if (!Object.hasOwn(checks, name)) throw new Error(`settings: unknown ${name}`);
    if (!checks[name as keyof Settings](value)) throw new Error(`settings: ${name} cannot be ${JSON.stringify(value)}`);
  }
  return { ...settings, ...patch, callbacks: { ...settings.callbacks, ...patch.callbacks } };
}
