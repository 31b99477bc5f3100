import assert from 'node:assert/strict';
import { test } from 'node:test';
import { post, send, simulate } from './support.ts';
import { authenticate, elementText, enrol, risk, said, xidOf } from './three-d-support.ts';

test('a page of another origin may ask for the risk step', async t => {
  const simulator = await simulate(t);
  const url = `${simulator.url}/cgi-bin/token/token.cgi`;
  const preflight = await send(url, { method: 'OPTIONS', headers: { origin: 'http://shop.example' } });
  assert.deepEqual([preflight.status, preflight.headers['access-control-allow-headers']], [204, 'Content-Type']);
  const { headers } = await risk(simulator, await xidOf(simulator));
  assert.equal(headers['access-control-allow-origin'], '*');
});

test('the device page: at once, or later than the browser script waits', async t => {
  const simulator = await simulate(t);
  const delays: string[] = [];
  for (const number of ['4111111111111111', '4000000000320905']) {
    const page = decodeURIComponent(elementText((await enrol(simulator, number)).text, 'iframeUrl') ?? '');
    const { text } = await send(page, { method: 'GET' });
    delays.push(
      /data-delay="(\d+)" data-message="{&quot;event&quot;:&quot;3DSMethodFinished&quot;}"/.exec(text)?.[1] ?? '',
    );
  }
  assert.deepEqual(delays, ['0', '21000']);
  assert.equal((await send(`${simulator.url}/3ds/device?session=a`, { method: 'GET' })).status, 404);
});

for (const [action, letter, result] of [
  ['pass', 'Y', 'success 001'],
  ['fail', 'N', 'failure 02100431'],
] as const) {
  test(`the challenge page, ${action}: decided once`, async t => {
    const simulator = await simulate(t);
    const xid = await xidOf(simulator, '4000000000320103');
    const page = decodeURIComponent(elementText((await risk(simulator, xid)).text, 'challengeUrl') ?? '');
    const session = new URL(page).searchParams.get('session') ?? '';
    const press = (button: string) => post(`${simulator.url}/3ds/challenge`, { session, do: button });
    assert.match((await send(page, { method: 'GET' })).text, /name="do" value="pass"/);
    assert.doesNotMatch((await press('leave')).text, /data-message/);
    assert.equal(said(await authenticate(simulator, xid)), 'invalid 02100112');
    const told = new RegExp(`AuthResultReady&quot;,&quot;transStatus&quot;:&quot;${letter}&quot;`);
    assert.match((await press(action)).text, told);
    assert.match((await press('fail')).text, told);
    assert.match((await press('pass')).text, told);
    assert.equal(said(await authenticate(simulator, xid)), result);
  });
}
