import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { localSecrets } from '../../local/secrets.ts';
import { serve } from '../../local/server.ts';
import { nameForms, send, testCalls } from '../../scripts/support/test-calls.ts';
import { decodeForm } from '../../shared/zeus/wire/form.ts';
import { decodeShiftJis } from '../../shared/zeus/wire/shift-jis.ts';
import { aDeployment, startStack } from './support.ts';

const local = await startStack();
const { callbacks } = local;
const deployed = { api: local.api, callbacks };

interface Found {
  operation: string;
  status: string;
  attention: unknown;
  gateway: { orderNumber: string };
}
const listed = async (query: string): Promise<Found[]> => {
  const answer = await fetch(`${local.api}/orders?${query}`);
  return ((await answer.json()) as { orders: Found[] }).orders;
};

test('the three URLs to register are printed', async () => {
  const { runScript } = await aDeployment({ ...deployed, secret: localSecrets });
  const { code, out } = await runScript('callback-urls');
  assert.equal(code, 0);
  assert.equal(
    out,
    `card    ${callbacks}/local/card\ncarrier ${callbacks}/local/carrier\ncvs     ${callbacks}/local/cvs\n`,
  );
});

test('every way of writing a name arrives, and nothing that the check leaves needs attention', async () => {
  const { runScript } = await aDeployment({ ...deployed, secret: localSecrets });
  const { code, out, err } = await runScript('check-callbacks');
  assert.equal(code, 0, out + err);
  assert.match(out, /carrier POST plain space +arrived\n/);
  assert.match(out, /\n24 of 24 arrived\.\n$/);
  const orders = await listed('');
  assert.equal(orders.length, 24);
  for (const { operation, status, attention, gateway } of orders) {
    assert.deepEqual([operation, status, attention], ['external', 'declined', []]);
    assert.match(gateway.orderNumber, /^callback-check-/);
  }
  assert.deepEqual(await listed('attention=true'), []);
});

test('a machine that may not call is told so, and nothing is left behind', async () => {
  const { runScript } = await aDeployment({
    ...deployed,
    secret: { ...localSecrets, callback: { pathToken: 'another-path-token' } },
  });
  const before = (await listed('')).length;
  const { code, err } = await runScript('check-callbacks');
  assert.equal(code, 2);
  assert.match(err, /^HTTP 403: this machine is not among callbackSources/);
  assert.equal((await listed('')).length, before);
});

test('what is not taken, and what arrives otherwise, is reported', async () => {
  let calls = 0;
  const odd = await serve(0, 1 << 20, async ({ method }) => {
    calls += 1;
    return { status: method === 'GET' ? 200 : 400, headers: {}, body: method === 'GET' ? 'successok' : 'Bad Request' };
  });
  after(() => odd.close());
  const api = await serve(0, 1 << 20, async ({ method, path }) => {
    const order = { status: 'declined', amount: 1, gateway: { orderNumber: 'x', status: '02' }, failure: null };
    return { status: method === 'GET' && path.endsWith('a') ? 404 : 200, headers: {}, body: JSON.stringify(order) };
  });
  after(() => api.close());
  const { cvs, callback } = localSecrets;
  const { runScript } = await aDeployment({ api: api.url, callbacks: odd.url, secret: { cvs, callback } });
  const { code, out } = await runScript('check-callbacks');
  assert.equal(code, 1);
  assert.equal(calls, 10);
  assert.match(out, /cvs +POST nothing escaped +answered HTTP 400 Bad Request\n/);
  assert.match(out, /cvs +GET +every byte escaped +arrived with another orderNumber, code\n/);
  assert.match(out, /\n0 of 10 arrived\.\n$/);
});

test('without any IP code there is nothing to check', async () => {
  const { runScript } = await aDeployment({ ...deployed, secret: { callback: localSecrets.callback } });
  const { code, err } = await runScript('check-callbacks');
  assert.deepEqual([code, err], [2, 'The secret holds no IP code yet: npm run secret\n']);
});

test('all forms say the same name, and the bytes leave as they are written', async () => {
  const names = nameForms.map(
    ({ name }) => decodeForm(Buffer.from(`a=${name}`, 'latin1')).get('a')?.[0] ?? new Uint8Array(),
  );
  for (const name of names) assert.equal(decodeShiftJis(name), 'ゼソポ タ');

  const heard: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    heard.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString('latin1')}`);
    response.end('successok');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const calls = testCalls('test', 'run', { cvs: '2019000003' });
  for (const call of calls) await send(`http://127.0.0.1:${port}/token/cvs`, call);
  server.close();
  assert.deepEqual(
    heard,
    calls.map(({ method, query }) => (method === 'GET' ? `GET /token/cvs?${query} ` : `POST /token/cvs ${query}`)),
  );
});
