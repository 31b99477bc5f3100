import { BlockList, isIP, SocketAddress } from 'node:net';

/** The settings of one deployment, from the CDK context (`cdk.json` or `cdk deploy -c name=value`), checked. */
export interface Settings {
  /** Part of every order ID: fixed for the life of the table. */
  deploymentId: string;
  /** Addresses that callbacks may come from; IPv6 in its canonical form. */
  callbackSources: string[];
  methods: Method[];
  authorization: { type: 'iam' } | { type: 'jwt'; issuer: string; audience: string[] };
  logRetentionDays: number;
  gatewayBaseUrl: string;
  alarmEmail: string | null;
  /** The account's quota of concurrent runs, which all its functions share. */
  accountConcurrency: number;
  region: string;
  /** A table restored from a backup, which takes the place of the stack's own; null: none. */
  restoredTable: { tableArn: string; streamArn: string } | null;
  /** The only account that it may be deployed to; null: whichever the credentials are of. */
  account: string | null;
  /** A domain of one's own for the API, with its certificate in the same region; null: API Gateway's. */
  apiDomain: { name: string; certificateArn: string } | null;
  /** X-Ray traces of the functions. */
  tracing: (typeof TRACING)[number];
  /** Whether successful test payments count; never in production. */
  testPayments: 'refuse' | 'accept';
  /** Callbacks that lack one of the parameters that checks need do not count. */
  strictCallbacks: boolean;
  /** Closed orders are deleted so many days after their last change; null: never. */
  orderRetentionDays: number | null;
  /** EMV 3-D Secure: not deployed, a choice of each charge, or the only way to charge a card with the payer present. */
  threeDSecure: (typeof THREE_D_SECURE)[number];
  /** Cards that take no part in it are refused, or charged without. */
  threeDSecureOutside: (typeof THREE_D_SECURE_OUTSIDE)[number];
}

export type Method = 'card' | 'carrier' | 'cvs';

/** Reads one context value; undefined where it is not set. */
export type Context = (name: string) => unknown;

const METHODS: readonly Method[] = ['card', 'carrier', 'cvs'];
/** What AWS gives to a new account. */
const NEW_ACCOUNT = 10;
/** The first of each is the default. */
const THREE_D_SECURE = ['optional', 'off', 'required'] as const;
const THREE_D_SECURE_OUTSIDE = ['refuse', 'charge'] as const;
const TRACING = ['off', 'active'] as const;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** What CloudWatch Logs accepts, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** All faults at once, one line each, or the settings. */
export function readSettings(context: Context): { settings: Settings } | { faults: string[] } {
  const faults: string[] = [];
  const read: Read = <T>(name: string, parse: (value: unknown) => T | Fault): T => {
    const result = parse(context(name));
    if (isFault(result)) faults.push(`${name}: ${result.fault}`);
    return result as T;
  };
  const settings: Settings = {
    deploymentId: read('deploymentId', parseDeploymentId),
    callbackSources: read('callbackSources', parseSources),
    methods: read('methods', parseMethods),
    authorization: parseAuthorization(read),
    logRetentionDays: read('logRetentionDays', parseRetention),
    gatewayBaseUrl: read('gatewayBaseUrl', parseGateway),
    alarmEmail: read('alarmEmail', parseEmail),
    accountConcurrency: read('accountConcurrency', parseConcurrency),
    region: read('region', parseRegion),
    account: read('account', parseAccount),
    restoredTable: read('restoredTable', parseRestoredTable),
    apiDomain: parseApiDomain(read),
    tracing: read('tracing', value => parseWord(value, TRACING)),
    testPayments: read('testPayments', parseTestPayments),
    strictCallbacks: read('strictCallbacks', parseStrict),
    orderRetentionDays: read('orderRetentionDays', parseOrderRetention),
    threeDSecure: read('threeDSecure', value => parseWord(value, THREE_D_SECURE)),
    threeDSecureOutside: read('threeDSecureOutside', value => parseWord(value, THREE_D_SECURE_OUTSIDE)),
  };
  return faults.length > 0 ? { faults } : { settings };
}

/** The addresses among these that RFC 5737 and RFC 3849 set aside for documentation. */
export function documentationAddresses(addresses: readonly string[]): string[] {
  const reserved = new BlockList();
  for (const net of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) reserved.addSubnet(net, 24, 'ipv4');
  reserved.addSubnet('2001:db8::', 32, 'ipv6');
  return addresses.filter(address => reserved.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'));
}

interface Fault {
  fault: string;
}

function parseDeploymentId(value: unknown): string | Fault {
  if (isUnset(value)) return fault('is required, e.g. "shop-1"; it can never be changed later');
  return typeof value === 'string' && /^[a-z0-9-]{1,32}$/.test(value)
    ? value
    : fault(`must be 1 to 32 of a-z, 0-9 and "-", not ${JSON.stringify(value)}`);
}

function parseSources(value: unknown): string[] | Fault {
  if (isUnset(value)) return fault("is required: the addresses that the gateway's callbacks come from");
  const list = toList(value);
  if (list === null) return fault('must be a list of addresses: a JSON array of strings, or separated by commas');
  if (list.length === 0) return fault('must name at least one address');
  const wrong = list.filter(address => isIP(address) === 0 || address.includes('%'));
  if (wrong.length > 0) return fault(`not an IPv4 or IPv6 address: ${wrong.map(quote).join(', ')}`);
  return [...new Set(list.map(canonicalAddress))];
}

function parseMethods(value: unknown): Method[] | Fault {
  if (isUnset(value)) return [...METHODS];
  const list = toList(value);
  if (list === null || list.length === 0) return fault(`must be one or more of ${METHODS.join(', ')}`);
  const wrong = list.filter(method => !METHODS.some(known => known === method));
  if (wrong.length > 0) return fault(`must be of ${METHODS.join(', ')}, not ${wrong.map(quote).join(', ')}`);
  return METHODS.filter(method => list.includes(method));
}

type Read = <T>(name: string, parse: (value: unknown) => T | Fault) => T;

function parseAuthorization(read: Read): Settings['authorization'] {
  const type = read('authorization', value => {
    if (isUnset(value) || value === 'iam') return 'iam';
    return value === 'jwt' ? 'jwt' : fault(`must be "iam" or "jwt", not ${JSON.stringify(value)}`);
  });
  if (type !== 'jwt') return { type: 'iam' };
  const issuer = read('jwtIssuer', value => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    return url?.protocol === 'https:' ? String(value) : fault('must be an https URL when authorization is "jwt"');
  });
  const audience = read('jwtAudience', value => {
    const list = toList(value);
    return list && list.length > 0 ? list : fault('must name at least one audience when authorization is "jwt"');
  });
  return { type, issuer, audience };
}

function parseRetention(value: unknown): number | Fault {
  if (isUnset(value)) return 365;
  return RETENTION_DAYS.includes(Number(value)) ? Number(value) : fault(`must be one of ${RETENTION_DAYS.join(' ')}`);
}

function parseGateway(value: unknown): string | Fault {
  if (isUnset(value)) return 'https://linkpt.cardservice.co.jp';
  if (typeof value !== 'string' || !URL.canParse(value)) return fault(`is no URL: ${JSON.stringify(value)}`);
  const url = new URL(value);
  const secure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (!secure) return fault('must be https (http only for this machine itself)');
  if (`${url.origin}/` !== url.href) return fault('must be scheme, host and port only');
  return url.origin;
}

function parseEmail(value: unknown): string | null | Fault {
  if (isUnset(value)) return null;
  const isAddress = typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);
  return isAddress ? value : fault('must be an e-mail address');
}

function parseConcurrency(value: unknown): number | Fault {
  if (isUnset(value)) return NEW_ACCOUNT;
  return /^[1-9]\d{0,5}$/.test(String(value)) ? Number(value) : fault('must be a whole number from 1 to 999999');
}

function parseRegion(value: unknown): string | Fault {
  if (isUnset(value)) return 'ap-northeast-1';
  return /^[a-z]{2}(-[a-z]+)+-\d$/.test(String(value))
    ? String(value)
    : fault('must be a region, e.g. "ap-northeast-1"');
}

function parseAccount(value: unknown): string | null | Fault {
  if (isUnset(value)) return null;
  return typeof value === 'string' && /^\d{12}$/.test(value) ? value : fault('must be 12 digits, in quotes');
}

/** The ARN of the table's stream names the table too. */
function parseRestoredTable(value: unknown): Settings['restoredTable'] | Fault {
  if (isUnset(value)) return null;
  const match = /^(arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255})\/stream\/[\w:.-]+$/.exec(
    String(value),
  );
  return match?.[1]
    ? { tableArn: match[1], streamArn: match[0] }
    : fault("must be the ARN of the restored table's stream, arn:aws:dynamodb:…:table/…/stream/…");
}

/** Two settings that need each other. */
function parseApiDomain(read: Read): Settings['apiDomain'] {
  const name = read('apiDomain', value => {
    if (isUnset(value)) return null;
    const isName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(String(value));
    return isName ? String(value) : fault('must be a domain name, e.g. "payments.example.com"');
  });
  const certificateArn = read('apiCertificateArn', value => {
    if (isUnset(value)) return name === null ? null : fault('is required with apiDomain');
    if (name === null) return fault('is of no use without apiDomain');
    return /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/.test(String(value))
      ? String(value)
      : fault('must be the ARN of a certificate, arn:aws:acm:…:certificate/…');
  });
  return name === null || certificateArn === null ? null : { name, certificateArn };
}

function parseTestPayments(value: unknown): Settings['testPayments'] | Fault {
  if (isUnset(value)) return 'refuse';
  return value === 'refuse' || value === 'accept' ? value : fault('must be "refuse" or "accept"');
}

function parseStrict(value: unknown): boolean | Fault {
  if (isUnset(value)) return false;
  return ['true', 'false'].includes(String(value)) ? String(value) === 'true' : fault('must be true or false');
}

/** Longer than any payment, its settlement (50 days) and its deadline (59 days) may take. */
const SHORTEST_RETENTION_DAYS = 90;

function parseOrderRetention(value: unknown): number | null | Fault {
  if (isUnset(value)) return null;
  const days = /^\d{1,4}$/.test(String(value)) ? Number(value) : 0;
  return days >= SHORTEST_RETENTION_DAYS
    ? days
    : fault(`must be a whole number from ${SHORTEST_RETENTION_DAYS} to 9999, or left out to keep every order`);
}

function parseWord<T extends string>(value: unknown, words: readonly [T, ...T[]]): T | Fault {
  if (isUnset(value)) return words[0];
  return (
    words.find(word => word === value) ?? fault(`must be one of ${words.join(', ')}, not ${JSON.stringify(value)}`)
  );
}

const fault = (text: string): Fault => ({ fault: text });

function isFault(value: unknown): value is Fault {
  return typeof value === 'object' && value !== null && 'fault' in value;
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A JSON array of strings, given as such or as text, or text separated by commas; null for anything else. */
function toList(value: unknown): string[] | null {
  const list = typeof value === 'string' ? textToList(value) : value;
  if (!Array.isArray(list) || !list.every(item => typeof item === 'string')) return null;
  return list.map(item => item.trim());
}

function textToList(text: string): unknown {
  if (!text.trim().startsWith('[')) return text.split(',');
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** As `sourceIp` would spell it: the comparison at run time is one of text. */
function canonicalAddress(address: string): string {
  return isIP(address) === 6 ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

const quote = (text: string): string => JSON.stringify(text);
