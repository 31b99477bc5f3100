import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { appWith, functionOf, resourcesOf, templateWith } from './template.ts';

const routes = [
  'POST /card/authentications',
  'POST /card/charges/{orderId}/completion',
  'POST /card/recurring-authentications',
];

const routesWith = (context: Record<string, unknown>): string[] =>
  Object.values(resourcesOf(templateWith(context), 'AWS::ApiGatewayV2::Route'))
    .map(({ Properties }) => String(Properties.RouteKey))
    .filter(route => routes.includes(route))
    .sort();

test('check 26: off: the three routes do not exist; otherwise they do', () => {
  assert.deepEqual(routesWith({ threeDSecure: 'off' }), []);
  assert.deepEqual(routesWith({}), routes);
  assert.deepEqual(routesWith({ threeDSecure: 'required' }), routes);
  assert.deepEqual(routesWith({ methods: 'carrier' }), []);
});

test('check 26: the settings reach the functions that act on them', () => {
  const template = templateWith({ threeDSecure: 'required', threeDSecureOutside: 'charge' });
  const of = (name: string) => functionOf(template, name).Properties.Environment.Variables;
  assert.equal(of('token-charge').THREE_D_SECURE, 'required');
  for (const name of ['card-authentication', 'card-completion'])
    assert.equal(of(name).THREE_D_SECURE_OUTSIDE, 'charge');
});

const warnings = (context: Record<string, unknown>): number =>
  Annotations.fromStack(appWith(context).stack).findWarning('*', Match.stringLikeRegexp('threeDSecure is')).length;

test('synth warns as long as 3-D Secure is not required, where cards are deployed', () => {
  assert.deepEqual(
    [warnings({}), warnings({ threeDSecure: 'off' }), warnings({ threeDSecure: 'required' })],
    [1, 1, 0],
  );
  assert.equal(warnings({ methods: 'cvs' }), 0);
});
