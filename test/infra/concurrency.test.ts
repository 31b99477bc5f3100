import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functions } from '../../infra/functions.ts';
import { appWith, functionOf, resourcesOf, templateWith } from './template.ts';

const reservedAt = (quota: number, methods = 'card,carrier,cvs') => {
  const template = templateWith({ accountConcurrency: quota, methods });
  const deployed = functions.filter(({ method }) => method === null || methods.includes(method));
  const reserved = deployed.map(({ name }) => [
    name,
    functionOf(template, name).Properties.ReservedConcurrentExecutions as number | undefined,
  ]);
  return { template, reserved: Object.fromEntries(reserved) as Record<string, number | undefined> };
};

/** All functions that send to the gateway while a caller waits. */
const waiting = functions.filter(
  ({ name, trigger }) => 'routes' in trigger && !['orders', 'carrier-order'].includes(name),
);

test("a new account's quota reserves nothing", () => {
  for (const quota of [10, 99]) {
    for (const [name, reserved] of Object.entries(reservedAt(quota).reserved)) assert.equal(reserved, undefined, name);
  }
});

for (const quota of [100, 1000, 5000]) {
  test(`a quota of ${quota}: callbacks have a tenth, those that wait for the gateway at most half together`, () => {
    const { reserved } = reservedAt(quota);
    assert.equal(reserved.callback, quota / 10);
    assert.equal(reserved['callback-retry'], 5);
    const ofWaiting = waiting.map(({ name }) => reserved[name] ?? 0);
    assert.equal(new Set(ofWaiting).size, 1);
    assert.ok(Math.min(...ofWaiting) >= 1);
    const sum = ofWaiting.reduce((a, b) => a + b, 0);
    assert.ok(sum <= quota / 2 && sum > quota / 2 - waiting.length, `${sum}`);
    for (const name of ['orders', 'carrier-order', 'due-work', 'publish'])
      assert.equal(reserved[name], undefined, name);
  });
}

test('fewer methods, larger shares', () => {
  const { reserved } = reservedAt(1000, 'cvs');
  assert.equal(reserved['cvs-order'], 500);
});

test('the API takes as many requests a second as run at once in half a second', () => {
  const [stage] = Object.values(resourcesOf(reservedAt(1000).template, 'AWS::ApiGatewayV2::Stage'));
  assert.deepEqual(stage?.Properties.DefaultRouteSettings, { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 2000 });
});

test('what AWS would refuse, and what cannot be reserved, is a warning', () => {
  const warningAt = (accountConcurrency: number) => {
    const { stack } = appWith({ accountConcurrency });
    return stack.node.metadata.map(({ data }) => String(data)).find(text => text.startsWith('accountConcurrency'));
  };
  assert.match(warningAt(10) ?? '', /nothing can be reserved/);
  assert.match(warningAt(100) ?? '', /60 are reserved, and AWS refuses to deploy what leaves less than 100/);
  assert.equal(warningAt(1000), undefined);
});
