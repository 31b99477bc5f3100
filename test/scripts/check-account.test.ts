import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Request, serve } from '../../local/server.ts';
import { runCommand } from './support.ts';

const heard: Request[] = [];
let answer = { status: 200, quota: 10, unreserved: 10 };
const lambda = await serve(0, 1 << 20, async request => {
  heard.push(request);
  const AccountLimit = {
    ConcurrentExecutions: answer.quota,
    UnreservedConcurrentExecutions: answer.unreserved,
    TotalCodeSize: 1,
  };
  return { status: answer.status, headers: {}, body: JSON.stringify({ AccountLimit }) };
});
after(() => lambda.close());

const check = (...args: string[]) =>
  runCommand(process.execPath, ['scripts/check-account.ts', ...args], '', {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });

for (const { quota, code, says } of [
  {
    quota: 10,
    code: 1,
    says: /^Region ap-northeast-1: 10 concurrent runs, 10 of them not reserved\.\nNothing can be reserved/,
  },
  { quota: 150, code: 1, says: /accountConcurrency=150 would reserve \d+, and AWS keeps 100/ },
  { quota: 1000, code: 0, says: /Set accountConcurrency to 1000: \d{3} are then reserved\./ },
]) {
  test(`a quota of ${quota}`, async () => {
    answer = { status: 200, quota, unreserved: quota };
    const ran = await check();
    assert.equal(ran.code, code, ran.err);
    assert.match(ran.out, says);
    const { method, path, headers } = heard.at(-1) as Request;
    assert.deepEqual([method, path], ['GET', '/2016-08-19/account-settings/']);
    assert.match(headers.authorization ?? '', /\/ap-northeast-1\/lambda\/aws4_request/);
  });
}

test('refused by AWS: one line', async () => {
  answer = { status: 403, quota: 0, unreserved: 0 };
  const ran = await check('--region', 'us-east-1');
  assert.deepEqual([ran.code, ran.out], [2, '']);
  assert.equal(ran.err, 'AWS Lambda answered HTTP 403 to GetAccountSettings\n');
});
