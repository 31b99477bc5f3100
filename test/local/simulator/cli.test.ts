import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { catcher } from './support.ts';

const cli = fileURLToPath(new URL('../../../local/simulator-main.ts', import.meta.url));

function start(...args: string[]) {
  const child = spawn(process.execPath, [cli, ...args]);
  after(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      output += chunk;
    });
  }
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const told = async (pattern: RegExp) => {
    while (!pattern.test(output)) {
      if (child.exitCode !== null) throw new Error(output);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    return pattern.exec(output)?.[1] ?? '';
  };
  return { child, ended, told, output: () => output };
}

test('it runs the gateway alone, calls the URL it was given, and Ctrl-C ends it', async t => {
  const shop = await catcher(t);
  const callback = `${shop.url}/cvs`;
  const running = start('--port', '0', '--cvs-callback', callback, '--cvs-ip-code', '2019000777', '--seed', '1');
  const url = await running.told(/^ready: gateway and console (\S+)\//m);
  assert.match((await (await fetch(url)).text()) ?? '', /Gateway simulator/);
  const script = await fetch(`${url}/api/token/1.0/zeus_token.js`);
  assert.match(await script.text(), /zeusToken/);
  const order =
    'money=500&telno=0312345678&email=taro%40example.com&pay_cvs=D002&sendpoint=abc&username=%83%5E%83%8D%83E';
  const body = `clientip=2019000777&act=secure_order&${order}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${url}/cgi-bin/cvs.cgi`, { method: 'POST', headers, body });
  assert.match(await answer.text(), /^rel=Success_order/m);
  await fetch(`${url}/_control/idle`, { method: 'POST' });
  assert.equal(shop.calls.length, 1);
  running.child.kill('SIGINT');
  assert.equal(await running.ended, 0);
});

test('--help tells the options and starts nothing; a mistake is told in a line', async () => {
  const help = start('--help');
  assert.equal(await help.ended, 0);
  for (const option of ['--port', '--card-callback', '--carrier-callback', '--cvs-callback', '--seed'])
    assert.ok(help.output().includes(option), option);
  for (const [args, told] of [
    [['--port', 'x'], /--port must be a number/],
    [['--card-callback', 'nowhere'], /callbacks cannot be/],
    [['--callback-method', 'PUT'], /callbackMethod cannot be/],
    [['--card-calback', 'http://x'], /card-calback/],
  ] as const) {
    const wrong = start(...args);
    assert.equal(await wrong.ended, 1);
    assert.match(wrong.output(), told);
    assert.doesNotMatch(wrong.output(), /\n\s+at /);
  }
});
