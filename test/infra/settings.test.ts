import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentationAddresses, readSettings } from '../../infra/settings.ts';

const restored = 'arn:aws:dynamodb:ap-northeast-3:123456789012:table/orders-restored';
const certificate = 'arn:aws:acm:ap-northeast-3:123456789012:certificate/12ab-34cd';
const needed = { deploymentId: 'shop-1', callbackSources: ['192.0.2.1'] };

function read(context: Record<string, unknown>) {
  return readSettings(name => context[name]);
}

function faultsOf(context: Record<string, unknown>): string[] {
  const result = read({ ...needed, ...context });
  return 'faults' in result ? result.faults : [];
}

test('two settings are needed, the rest has defaults', () => {
  assert.deepEqual(read(needed), {
    settings: {
      deploymentId: 'shop-1',
      callbackSources: ['192.0.2.1'],
      methods: ['card', 'carrier', 'cvs'],
      authorization: { type: 'iam' },
      logRetentionDays: 365,
      gatewayBaseUrl: 'https://linkpt.cardservice.co.jp',
      alarmEmail: null,
      accountConcurrency: 10,
      region: 'ap-northeast-1',
      account: null,
      restoredTable: null,
      apiDomain: null,
      tracing: 'off',
      testPayments: 'refuse',
      strictCallbacks: false,
      orderRetentionDays: null,
      threeDSecure: 'optional',
      threeDSecureOutside: 'refuse',
    },
  });
});

test('every setting is read, from JSON or as text from the command line', () => {
  const expected = {
    settings: {
      deploymentId: 'shop-1',
      callbackSources: ['192.0.2.1', '2001:db8::1'],
      methods: ['card', 'cvs'],
      authorization: { type: 'jwt', issuer: 'https://issuer.example/', audience: ['shop', 'back-office'] },
      logRetentionDays: 90,
      gatewayBaseUrl: 'http://127.0.0.1:4102',
      alarmEmail: 'alarm@example.com',
      accountConcurrency: 1000,
      region: 'ap-northeast-3',
      account: '123456789012',
      restoredTable: { tableArn: restored, streamArn: `${restored}/stream/2026-12-01T00:00:00.000` },
      apiDomain: { name: 'payments.example.com', certificateArn: certificate },
      tracing: 'active',
      testPayments: 'accept',
      strictCallbacks: true,
      orderRetentionDays: 400,
      threeDSecure: 'required',
      threeDSecureOutside: 'charge',
    },
  };
  const common = {
    ...needed,
    authorization: 'jwt',
    jwtIssuer: 'https://issuer.example/',
    alarmEmail: 'alarm@example.com',
    region: 'ap-northeast-3',
    account: '123456789012',
    restoredTable: `${restored}/stream/2026-12-01T00:00:00.000`,
    apiDomain: 'payments.example.com',
    apiCertificateArn: certificate,
    tracing: 'active',
    testPayments: 'accept',
    threeDSecure: 'required',
    threeDSecureOutside: 'charge',
  };
  const fromJson = read({
    ...common,
    callbackSources: ['192.0.2.1', '2001:DB8:0:0:0:0:0:1', '192.0.2.1'],
    methods: ['cvs', 'card'],
    jwtAudience: ['shop', 'back-office'],
    logRetentionDays: 90,
    gatewayBaseUrl: 'http://127.0.0.1:4102',
    accountConcurrency: 1000,
    strictCallbacks: true,
    orderRetentionDays: 400,
  });
  const fromText = read({
    ...common,
    callbackSources: '["192.0.2.1", "2001:db8::1"]',
    methods: 'card, cvs',
    jwtAudience: 'shop,back-office',
    logRetentionDays: '90',
    gatewayBaseUrl: 'http://127.0.0.1:4102/',
    accountConcurrency: '1000',
    strictCallbacks: 'true',
    orderRetentionDays: '400',
  });
  assert.deepEqual(fromJson, expected);
  assert.deepEqual(fromText, expected);
});

test('every fault is named at once, one line each', () => {
  const result = read({
    deploymentId: 'Shop 1',
    callbackSources: '192.0.2.1,gateway.example,192.0.2.0/24',
    methods: ['card', 'cash'],
    authorization: 'jwt',
    jwtIssuer: 'http://issuer.example',
    logRetentionDays: 100,
    gatewayBaseUrl: 'http://gateway.example',
    alarmEmail: 'nobody',
    accountConcurrency: 0,
    region: 'Tokyo',
    account: 123456789012,
    restoredTable: 'orders-restored',
    apiDomain: 'https://payments.example.com',
    apiCertificateArn: 'certificate/12ab',
    tracing: 'on',
    testPayments: 'yes',
    strictCallbacks: 1,
    orderRetentionDays: 89,
  });
  assert.ok('faults' in result);
  assert.deepEqual(result.faults, [
    'deploymentId: must be 1 to 32 of a-z, 0-9 and "-", not "Shop 1"',
    'callbackSources: not an IPv4 or IPv6 address: "gateway.example", "192.0.2.0/24"',
    'methods: must be of card, carrier, cvs, not "cash"',
    'jwtIssuer: must be an https URL when authorization is "jwt"',
    'jwtAudience: must name at least one audience when authorization is "jwt"',
    'logRetentionDays: must be one of 1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653',
    'gatewayBaseUrl: must be https (http only for this machine itself)',
    'alarmEmail: must be an e-mail address',
    'accountConcurrency: must be a whole number from 1 to 999999',
    'region: must be a region, e.g. "ap-northeast-1"',
    'account: must be 12 digits, in quotes',
    "restoredTable: must be the ARN of the restored table's stream, arn:aws:dynamodb:…:table/…/stream/…",
    'apiDomain: must be a domain name, e.g. "payments.example.com"',
    'apiCertificateArn: must be the ARN of a certificate, arn:aws:acm:…:certificate/…',
    'tracing: must be one of off, active, not "on"',
    'testPayments: must be "refuse" or "accept"',
    'strictCallbacks: must be true or false',
    'orderRetentionDays: must be a whole number from 90 to 9999, or left out to keep every order',
  ]);
});

const refused: [name: string, context: Record<string, unknown>][] = [
  ['deploymentId', { deploymentId: undefined }],
  ['deploymentId', { deploymentId: 'a'.repeat(33) }],
  ['callbackSources', { callbackSources: undefined }],
  ['callbackSources', { callbackSources: [] }],
  ['callbackSources', { callbackSources: '[]' }],
  ['callbackSources', { callbackSources: '192.0.2.1,' }],
  ['callbackSources', { callbackSources: '["192.0.2.1"' }],
  ['callbackSources', { callbackSources: [3_221_225_985] }],
  ['callbackSources', { callbackSources: { address: '192.0.2.1' } }],
  ['callbackSources', { callbackSources: ['192.0.2.256'] }],
  ['callbackSources', { callbackSources: ['fe80::1%eth0'] }],
  ['methods', { methods: [] }],
  ['authorization', { authorization: 'none' }],
  ['gatewayBaseUrl', { gatewayBaseUrl: 'gateway.example' }],
  ['gatewayBaseUrl', { gatewayBaseUrl: 'https://gateway.example/path' }],
  ['gatewayBaseUrl', { gatewayBaseUrl: 'https://user@gateway.example' }],
  ['gatewayBaseUrl', { gatewayBaseUrl: 'ftp://127.0.0.1' }],
  ['accountConcurrency', { accountConcurrency: 1.5 }],
  ['apiCertificateArn', { apiDomain: 'payments.example.com' }],
  ['apiCertificateArn', { apiCertificateArn: certificate }],
];

for (const [name, context] of refused) {
  test(`refused: ${JSON.stringify(context)}`, () => {
    const faults = faultsOf(context);
    assert.equal(faults.length, 1);
    assert.match(String(faults[0]), new RegExp(`^${name}: `));
  });
}

test('documentation addresses are told from others', () => {
  const reserved = ['192.0.2.1', '198.51.100.255', '203.0.113.7', '2001:db8::1'];
  assert.deepEqual(documentationAddresses([...reserved, '192.0.3.1', '127.0.0.1', '::1']), reserved);
});

test('3-D Secure: words of its own, each fault named', () => {
  assert.deepEqual(faultsOf({ threeDSecure: 'on', threeDSecureOutside: 'allow' }), [
    'threeDSecure: must be one of optional, off, required, not "on"',
    'threeDSecureOutside: must be one of refuse, charge, not "allow"',
  ]);
});
