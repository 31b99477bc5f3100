import { readFileSync } from 'node:fs';
import { type Method, measured } from './support/cost-measured.ts';
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
} from './support/costs.ts';
import { Complaint, run } from './support/run.ts';

// npm run cost                                           what a million orders of each method cost
// npm run cost -- --method card --orders 50000           of one method
// npm run cost -- --gateway-ms 2500 --price write=0.8    with your own numbers and prices
// npm run cost -- --file numbers.json                    { "gateway-ms": 2500, "price": { "write": 0.8 } }
// npm run cost -- --help                                 all names, with their values

interface Given {
  methods: Method[];
  given: Inputs;
  paid: Prices;
}
type Entry = [name: string, value: unknown];

const HELP = '--help';
/** What is divided by. */
const ABOVE_ZERO = ['orders', 'publish-batch', 'due-at-once'];

await run(async args => {
  if (args.includes(HELP)) printNames();
  else print(readGiven(args));
  return 0;
});

/** Throws a Complaint that names every fault. */
function readGiven(args: string[]): Given {
  const read: Given = { methods: [], given: defaultInputs(), paid: defaultPrices() };
  const faults = entriesOf(args).flatMap(entry => take(read, entry) ?? []);
  if (faults.length > 0) throw new Complaint(`${faults.join('\n')}\nThe names: npm run cost -- ${HELP}`);
  return read.methods.length > 0 ? read : { ...read, methods: Object.keys(measured) as Method[] };
}

/** In their order: what comes later counts. */
function entriesOf(args: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const [arg = '', value] = args.slice(i);
    if (arg === '--price') continue;
    if (arg.startsWith('--')) {
      entries.push(...(arg === '--file' ? entriesIn(value) : [[arg.slice(2), value] as Entry]));
      i += 1;
    } else {
      const [name, price] = arg.split('=');
      entries.push([`price ${name}`, price]);
    }
  }
  return entries;
}

function entriesIn(file = ''): Entry[] {
  try {
    const found: object = JSON.parse(readFileSync(file, 'utf8'));
    return Object.entries(found).flatMap(([name, value]) =>
      name === 'price'
        ? Object.entries(Object(value)).map(([key, usd]): Entry => [`price ${key}`, usd])
        : [[name, value]],
    );
  } catch (error) {
    throw new Complaint(`--file ${file}: ${error instanceof SyntaxError ? 'is no JSON' : 'cannot be read'}`);
  }
}

/** What is wrong with the entry, or null. */
function take({ methods, given, paid }: Given, [name, value]: Entry): string | null {
  if (name === 'method') return takeMethods(methods, value);
  const price = /^price (.*)/.exec(name)?.[1];
  const [into, key]: [Record<string, number>, string] = price === undefined ? [given, name] : [paid, price];
  if (!Object.hasOwn(into, key)) return `${name}: there is no such ${price === undefined ? 'option' : 'price'}`;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
    return `${name}: ${say(value)} is no number from 0`;
  if (number === 0 && ABOVE_ZERO.includes(name)) return `${name}: must be above 0`;
  into[key] = number;
  return null;
}

function takeMethods(methods: Method[], value: unknown): string | null {
  if (typeof value !== 'string' || !Object.hasOwn(measured, value)) {
    return `method: ${say(value)} is none of ${Object.keys(measured).join(', ')}`;
  }
  methods.push(value as Method);
  return null;
}

function say(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function print({ methods, given, paid }: Given): void {
  const { orders } = given;
  for (const method of methods) {
    const once = costOfOrders(method, given);
    printLines(`${orders} orders: ${measured[method].title}`, once, paid);
    console.log(`  ${'an order, USD'.padEnd(73)}${(usdOf(once, paid) / orders).toFixed(7).padStart(10)}`);
    printLines('a month of keeping them', costOfKeeping(method, given), paid);
    console.log();
  }
  printLines('a month of the deployment, at any volume', costOfStanding(given), paid);
  console.log('\nDefaults stand where nothing else was given: check the prices, measure the times.');
}

function printLines(title: string, lines: readonly Line[], paid: Prices): void {
  console.log(title);
  for (const { what, price, quantity } of lines) {
    const unit = `${paid[price]} a ${prices[price].per}`;
    console.log(`  ${what.padEnd(28)}${counted(quantity)} x ${unit.padEnd(30)}${dollars(quantity * paid[price])}`);
  }
  console.log(`  ${'together, USD'.padEnd(73)}${dollars(usdOf(lines, paid))}`);
}

function counted(quantity: number): string {
  return quantity.toLocaleString('en', { maximumFractionDigits: 3 }).padStart(12);
}

function dollars(usd: number): string {
  return usd.toFixed(2).padStart(10);
}

function printNames(): void {
  console.log(`--method ${Object.keys(measured).join(', ')}: all of them where none is named`);
  for (const [name, { value, means }] of Object.entries(inputs)) {
    console.log(`--${name.padEnd(18)}${String(value).padStart(12)}  ${means}`);
  }
  for (const [name, { usd, per }] of Object.entries(prices)) {
    console.log(`--price ${name.padEnd(12)}${String(usd).padStart(12)}  USD a ${per}`);
  }
}
