import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, simulate } from './support.ts';

const folder = '/api/';
const files = {
  'token/1.0/zeus_token.js': "run('{simulator-mark}')",
  'token/1.0/zeus_token_cvv.js': 'runCvv()',
  'token/1.0/zeus_token.css': 'p{}',
  'token/2.0/zeus_token2.js': 'run2()',
  'token/2.0/zeus_token_cvv2.js': 'runCvv2()',
  '3ds2/3ds-web-wrapper.js': 'wrap()',
};

const get = (url: string) => send(url, { method: 'GET' });

test('the files it was given are served to every origin and kept by nobody, built once, the mark of the run in them', async t => {
  let builds = 0;
  const vendorScript = async () => {
    builds += 1;
    return files;
  };
  const gateway = await simulate(t, { vendorScript });
  assert.equal(builds, 0);
  const mark = await get(`${gateway.url}${folder}token/1.0/simulator-mark`);
  assert.match(mark.text, /^[0-9a-f]{32}$/);
  for (const [name, text] of Object.entries(files)) {
    const { status, headers, text: got } = await get(`${gateway.url}${folder}${name}`);
    assert.deepEqual([status, got], [200, text.replace('{simulator-mark}', mark.text)]);
    assert.equal(headers['content-type'], `text/${name.endsWith('css') ? 'css' : 'javascript'}; charset=utf-8`);
    for (const answer of [headers, mark.headers]) {
      assert.deepEqual([answer['access-control-allow-origin'], answer['cache-control']], ['*', 'no-store']);
    }
  }
  assert.equal(builds, 1);
  assert.equal((await get(`${gateway.url}${folder}token/1.0/other.js`)).text, 'not found\n');
  assert.deepEqual(gateway.requests(), []);

  const other = await simulate(t, { vendorScript });
  assert.notEqual((await get(`${other.url}${folder}token/1.0/simulator-mark`)).text, mark.text);
});

test('without files their addresses say why there are none', async t => {
  const gateway = await simulate(t);
  for (const name of Object.keys(files)) {
    const { status, text } = await get(`${gateway.url}${folder}${name}`);
    assert.deepEqual([status, text], [404, `This simulator was started without a ${name} to serve.\n`]);
  }
});
