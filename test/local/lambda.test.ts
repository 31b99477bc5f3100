import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type RunningFunction, startFunction } from '../../local/lambda.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-lambda-test-'));
const started: RunningFunction[] = [];
after(async () => {
  await Promise.all(started.map(fn => fn.close()));
  rmSync(folder, { recursive: true });
});

/** A function with this handler body; `lines` gets what it logs. */
function start(body: string, { timeoutSeconds = 30, head = '' } = {}) {
  const file = path.join(folder, `${started.length}.js`);
  writeFileSync(file, `${head}\nexports.handler = async (event, context) => {${body}};`);
  // biome-ignore lint/suspicious/noExplicitAny: log lines are compared, not typed
  const lines: any[] = [];
  const definition = {
    name: 'fn',
    file,
    handler: 'handler',
    environment: { ONLY: 'this' },
    timeoutSeconds,
    memoryMb: 128,
  };
  const fn = startFunction(definition, line => lines.push(JSON.parse(line)));
  started.push(fn);
  const call = async (event: unknown = {}, clockOffsetMs = 0) => {
    const result = await fn.invoke(event, clockOffsetMs);
    return result.kind === 'returned' ? JSON.parse(result.payload) : result;
  };
  return { call, lines };
}

const THREAD = "require('node:worker_threads').threadId";

test('event in, JSON out, under an environment of its own', async () => {
  const { call } = start('return { event, environment: process.env, gone: undefined }');
  assert.deepEqual(await call({ a: [1] }), { event: { a: [1] }, environment: { ONLY: 'this' } });
});

test('nothing returned is null', async () => {
  assert.equal(await start('').call(), null);
});

test('the context tells the request and the time that is left', async () => {
  const { call } = start(
    'return { id: context.awsRequestId, name: context.functionName, left: context.getRemainingTimeInMillis() }',
  );
  const [first, second] = [await call(), await call()];
  assert.match(first.id, /^[0-9a-f-]{36}$/);
  assert.notEqual(first.id, second.id);
  assert.equal(first.name, 'fn');
  assert.ok(first.left > 0 && first.left <= 30_000);
});

test('an instance works on one event at a time and is used again', async () => {
  const meet = path.join(folder, 'meet');
  const { call } = start(`
    const fs = require('node:fs');
    if (event.wait) while (!fs.existsSync(${JSON.stringify(meet)})) await new Promise(done => setTimeout(done, 5));
    else if (event.write) fs.writeFileSync(${JSON.stringify(meet)}, '');
    return ${THREAD};`);
  const [first, second] = await Promise.all([call({ wait: true }), call({ write: true })]);
  assert.ok(existsSync(meet));
  assert.notEqual(first, second);
  assert.ok([first, second].includes(await call()));
});

test('what an instance keeps is there for its next event', async () => {
  const { call } = start('return ++count', { head: 'let count = 0;' });
  assert.deepEqual([await call(), await call()], [1, 2]);
});

test('many at once: every one is answered, by a bounded number of instances', async () => {
  const { call } = start(`return [event, ${THREAD}]`);
  const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => call(i)));
  assert.deepEqual(
    answers.map(([event]) => event),
    Array.from({ length: 150 }, (_, i) => i),
  );
  assert.ok(new Set(answers.map(([, thread]) => thread)).size <= 64);
});

test('a throw fails the run, is logged with its stack, and leaves the instance in use', async () => {
  const { call, lines } = start(`if (event.fail) throw new TypeError('boom'); return ${THREAD}`);
  const before = await call();
  assert.deepEqual(await call({ fail: true }), { kind: 'failed', errorType: 'TypeError', errorMessage: 'boom' });
  assert.equal(await call(), before);
  assert.equal(lines[0].level, 'ERROR');
  assert.equal(lines[0].message.errorMessage, 'boom');
  assert.ok(lines[0].message.stackTrace.length > 1);
});

const ends: [what: string, body: string, errorType: string][] = [
  [
    'a rejection nobody handles',
    "Promise.reject(new RangeError('boom')); await new Promise(() => setInterval(() => {}, 1000));",
    'RangeError',
  ],
  ['an exit', 'process.exit(3)', 'Runtime.ExitError'],
  ['a loop that outlasts its time', 'for (;;);', 'Sandbox.Timedout'],
];
for (const [what, body, errorType] of ends) {
  test(`${what} ends the instance, and the next event gets another`, async () => {
    const { call, lines } = start(`if (event.end) { ${body} } return ${THREAD}`, { timeoutSeconds: 1 });
    const before = await call();
    const result = await call({ end: true });
    assert.equal(result.kind, 'failed');
    assert.equal(result.errorType, errorType);
    assert.notEqual(await call(), before);
    assert.equal(lines.filter(line => line.level === 'ERROR').length, 1);
  });
}

test('a bundle that does not load, or lacks the handler, fails the run', async () => {
  const broken = await start('', { head: "throw new Error('no settings')" }).call();
  assert.deepEqual(broken, { kind: 'failed', errorType: 'Error', errorMessage: 'no settings' });
  const lacking = await start('', { head: 'module.exports = {}; exports = {};' }).call();
  assert.equal(lacking.errorMessage, 'handler is undefined or not exported');
});

test('console lines have the form of the JSON log format', async () => {
  const { call, lines } = start(`
    console.info({ event: 'x', n: 1 });
    console.warn('a', { b: 1 });
    console.error(new Error('boom'));
    console.log(1n);
    console.debug('not at this level');
    return context.awsRequestId;`);
  const requestId = await call();
  const { stackTrace, ...error } = lines[2].message;
  assert.deepEqual(
    lines.map(({ level, message }) => [level, message.stackTrace ? 'error' : message]),
    [
      ['INFO', { event: 'x', n: 1 }],
      ['WARN', 'a { b: 1 }'],
      ['ERROR', 'error'],
      ['INFO', '1n'],
    ],
  );
  assert.deepEqual(error, { errorType: 'Error', errorMessage: 'boom' });
  for (const line of lines) {
    assert.equal(line.requestId, requestId);
    assert.match(line.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
});

test('a moved clock is that of one run only', async () => {
  const { call } = start(`return [Date.now(), new Date().getTime(), Date.parse(Date()), new Date(0).toISOString(),
    new Date() instanceof Date, Date.UTC(2026, 0), context.getRemainingTimeInMillis()]`);
  const year = 365 * 24 * 3_600_000;
  const before = Date.now();
  const [now, constructed, printed, epoch, isDate, utc, left] = await call({}, year);
  const afterwards = Date.now();
  for (const moved of [now, constructed]) assert.ok(moved >= before + year && moved <= afterwards + year);
  assert.ok(printed >= before + year - 1000 && printed <= afterwards + year);
  assert.deepEqual([epoch, isDate, utc], ['1970-01-01T00:00:00.000Z', true, Date.UTC(2026, 0)]);
  assert.ok(left > 0 && left <= 30_000);
  assert.ok((await call())[0] < before + year);
});
