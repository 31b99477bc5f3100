import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type Method, measured } from '../../scripts/support/cost-measured.ts';
import {
  costOfKeeping,
  costOfOrders,
  costOfStanding,
  defaultInputs,
  defaultPrices,
  type Inputs,
  inputs,
  type Line,
  type Prices,
  prices,
  usdOf,
} from '../../scripts/support/costs.ts';
import { readDocument } from '../docs/markdown.ts';
import { runCommand } from './support.ts';

const cost = (...args: string[]) => runCommand(process.execPath, ['scripts/cost.ts', ...args], '', {});
const folder = mkdtempSync(path.join(tmpdir(), 'cost-'));
after(() => rmSync(folder, { recursive: true }));
const methods = Object.keys(measured) as Method[];
const quantities = (lines: Line[]) => Object.fromEntries(lines.map(({ what, quantity }) => [what, quantity]));

/** Round numbers, for sums by hand. */
const given: Inputs = {
  orders: 2_000_000,
  'gateway-ms': 1000,
  'own-ms': 100,
  'callback-ms': 10,
  'publish-ms': 20,
  'publish-batch': 2,
  'due-ms': 100,
  'due-at-once': 4,
  'cold-share': 0.1,
  'cold-ms': 100,
  'line-bytes': 100,
  'platform-bytes': 500,
  'queue-polls': 1_000_000,
};
const GB = 2 ** 30;

test('card by token, by hand', () => {
  // One call of 100 + 1000 ms, one callback of 10, 3 changes in 1.5 runs of 20; 3.5 runs, a tenth of them 100 ms later.
  const { 'CloudWatch logs': logs, ...others } = quantities(costOfOrders('card', given));
  assert.deepEqual(others, {
    'API Gateway requests': 2,
    'Lambda requests': 7,
    'Lambda GB-seconds': (2_000_000 * (1100 + 10 + 30 + 35)) / 1000 / 2,
    'DynamoDB writes': 20,
    'DynamoDB reads': 2,
    'EventBridge events': 4,
  });
  // 4 lines of 384 bytes, 1.5 of 51; 100 around each; 500 a run.
  assert.equal(logs, (2_000_000 * (384 + 1.5 * 51 + 5.5 * 100 + 3.5 * 500)) / GB);
});

test('a booked settlement is due work, which waits for several responses at once', () => {
  // Two calls and two callbacks, 6 changes in 3 runs, a quarter of the gateway's second.
  assert.equal(
    quantities(costOfOrders('carrier', given))['Lambda GB-seconds'],
    (2_000_000 * (200 + 20 + 60 + 250 + 70)) / 1000 / 2,
  );
});

test('keeping and standing, by hand', () => {
  const stored = (2_000_000 * measured.card.storedBytes) / GB;
  const { 'CloudWatch logs': logs } = quantities(costOfOrders('card', given));
  assert.deepEqual(quantities(costOfKeeping('card', given)), {
    'DynamoDB storage': stored,
    'point-in-time recovery': stored,
    'logs, before compression': logs,
  });
  // 12 runs an hour, each with 2 lines of 90 bytes together.
  assert.deepEqual(quantities(costOfStanding(given)), {
    secret: 4,
    alarms: 60,
    'alarms of several functions': 2,
    'metrics from logs': 4,
    dashboard: 1,
    'due work: schedule': 0.00876,
    'due work: Lambda requests': 0.00876,
    'due work: Lambda GB-seconds': 8760 * 0.05,
    'due work: DynamoDB reads': 0.03504,
    'due work: CloudWatch logs': (8760 * (90 + 200 + 500)) / GB,
    'queue of callbacks': 1,
  });
});

test('every price and every input changes a sum', () => {
  const sum = (inputsGiven: Inputs, paid: Prices) => {
    const lines = methods.flatMap(method => [
      ...costOfOrders(method, inputsGiven),
      ...costOfKeeping(method, inputsGiven),
    ]);
    return usdOf([...lines, ...costOfStanding(inputsGiven)], paid);
  };
  const paid = defaultPrices();
  const before = sum(given, paid);
  for (const name of Object.keys(inputs) as (keyof Inputs)[]) {
    assert.notEqual(sum({ ...given, [name]: given[name] * 2 }, paid), before, name);
  }
  for (const name of Object.keys(prices) as (keyof Prices)[]) {
    assert.notEqual(sum(given, { ...paid, [name]: paid[name] * 2 }), before, name);
  }
});

test('prints the lines of a method, their sum, and what an order costs', async () => {
  const { code, out, err } = await cost('--method', 'card', '--orders', '500000', '--price', 'write=0.8', 'api=2');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^500000 orders: card by token\n/);
  assert.match(out, /DynamoDB writes +5 x 0\.8 a million units +4\.00\n/);
  assert.match(out, /API Gateway requests +0\.5 x 2 a million requests +1\.00\n/);
  const sum = usdOf(costOfOrders('card', { ...defaultInputs(), orders: 500_000 }), {
    ...defaultPrices(),
    write: 0.8,
    api: 2,
  });
  assert.match(out, new RegExp(`together, USD +${sum.toFixed(2)}\n +an order, USD +${(sum / 500_000).toFixed(7)}\n`));
  assert.doesNotMatch(out, /convenience store/);
});

test('all methods where none is named, several where several are', async () => {
  const titles = (out: string) => [...out.matchAll(/ orders: (.*)/g)].map(([, title]) => title);
  assert.deepEqual(
    titles((await cost()).out),
    methods.map(method => measured[method].title),
  );
  assert.deepEqual(titles((await cost('--method', 'cvs', '--method', 'carrier')).out), [
    measured.cvs.title,
    measured.carrier.title,
  ]);
});

test('one file holds all numbers; what comes after it counts more', async () => {
  const file = path.join(folder, 'numbers.json');
  writeFileSync(file, JSON.stringify({ method: 'cvs', 'gateway-ms': 900, orders: 3000, price: { write: 2 } }));
  const byFile = await cost('--file', file, '--orders', '2000');
  const byHand = await cost('--method', 'cvs', '--gateway-ms', '900', '--orders', '2000', '--price', 'write=2');
  assert.equal(byFile.code, 0, byFile.err);
  assert.equal(byFile.out, byHand.out);
});

test('what is no name and what is no number is named, all of it at once', async () => {
  const file = path.join(folder, 'wrong.json');
  writeFileSync(file, JSON.stringify({ 'own-ms': null, price: { read: [], toString: 1 } }));
  const wrong = ['--method', 'cash', '--gateway-ms', 'fast', '--fee', '3', '--due-at-once', '0', '--price', 'wrote=1'];
  const { code, out, err } = await cost('--file', file, ...wrong, 'write=', 'log', '--cold-share', '-1', '--orders');
  assert.deepEqual([code, out], [2, '']);
  assert.deepEqual(err.split('\n'), [
    'own-ms: null is no number from 0',
    'price read: [] is no number from 0',
    'price toString: there is no such price',
    'method: "cash" is none of card, card-id, carrier, cvs',
    'gateway-ms: "fast" is no number from 0',
    'fee: there is no such option',
    'due-at-once: must be above 0',
    'price wrote: there is no such price',
    'price write: "" is no number from 0',
    'price log: nothing is no number from 0',
    'cold-share: "-1" is no number from 0',
    'orders: nothing is no number from 0',
    'The names: npm run cost -- --help',
    '',
  ]);
});

test('a file that cannot be read, or is no JSON, is a complaint', async () => {
  const file = path.join(folder, 'no.json');
  writeFileSync(file, '{');
  assert.deepEqual((await cost('--file', file)).err, `--file ${file}: is no JSON\n`);
  const { code, err } = await cost('--file', `${file}.gone`);
  assert.deepEqual([code, err], [2, `--file ${file}.gone: cannot be read\n`]);
});

test('--help names everything that can be given', async () => {
  const { code, out } = await cost('--help');
  assert.equal(code, 0);
  for (const name of methods) assert.match(out, new RegExp(`^--method .*\\b${name}\\b`, 'm'));
  for (const name of Object.keys(inputs)) assert.match(out, new RegExp(`^--${name} `, 'm'));
  for (const name of Object.keys(prices)) assert.match(out, new RegExp(`^--price ${name} `, 'm'));
});

const titles: Record<string, Record<Method, string>> = {
  'docs/cost.md': {
    card: measured.card.title,
    'card-id': measured['card-id'].title.replace('cardId', '`cardId`'),
    carrier: measured.carrier.title,
    cvs: measured.cvs.title,
  },
  'docs/cost.ja.md': {
    card: 'カード決済（トークン）',
    'card-id': 'カード決済（`cardId`）',
    carrier: 'キャリア決済（予約日に実売上）',
    cvs: 'コンビニ決済',
  },
};

for (const [document, titleOf] of Object.entries(titles)) {
  test(`${document} has the figures of today`, () => {
    const shown = (usd: number) => usd.toFixed(2);
    const sum = (lines: readonly Line[], of: RegExp) =>
      shown(
        usdOf(
          lines.filter(({ what }) => of.test(what)),
          defaultPrices(),
        ),
      );
    const text = readDocument(document);
    const columns = [/^Lambda/, /^DynamoDB/, /^(API|EventBridge|CloudWatch)/, /./];
    for (const method of methods) {
      const lines = costOfOrders(method, defaultInputs());
      const row = `| ${titleOf[method]} | ${columns.map(of => sum(lines, of)).join(' | ')} |`;
      assert.ok(text.includes(row), row);
    }
    const standing = costOfStanding(defaultInputs());
    for (const part of [/./, /^alarms/, /^dashboard/]) {
      assert.ok(text.includes(` ${sum(standing, part)}`), sum(standing, part));
    }
  });
}
