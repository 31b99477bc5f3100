/** The command line of `npm run simulator`. */
import { parseArgs } from 'node:util';
import { defaultSettings, patchSettings } from './settings.ts';
import { LOCAL_CONTRACTS, type SimulatorOptions, startSimulator } from './simulator.ts';
import type { VendorScript } from './vendor-script.ts';

const HELP = `npm run simulator -- [options]

Runs a stand-in for the payment gateway on this machine, with a console at its address.

  --port NUMBER             where it listens, on 127.0.0.1; 4102 if left out, 0 for any free port
  --card-callback URL       URL that is called with results of card payments
  --carrier-callback URL    the same for carrier billing
  --cvs-callback URL        the same for convenience stores
  --callback-method METHOD  GET, or POST where that is agreed; GET if left out
  --card-ip-code CODE       IP code for cards; ${LOCAL_CONTRACTS.card.clientip} if left out
  --card-key KEY            key of cancels; ${LOCAL_CONTRACTS.card.key} if left out
  --carrier-ip-code CODE    IP code for carrier billing; ${LOCAL_CONTRACTS.carrier.clientip} if left out
  --carrier-key KEY         zkey; ${LOCAL_CONTRACTS.carrier.zkey} if left out
  --cvs-ip-code CODE        IP code for convenience stores; ${LOCAL_CONTRACTS.cvs.clientip} if left out
  --seed NUMBER             makes order and payment numbers repeatable
  --help                    this text

Replace the gateway's host name in your integration by the address it prints. Test cards, faults and the control
interface are described in docs/simulator.md.
`;

const text = { type: 'string' } as const;
const options = {
  port: { type: 'string', default: '4102' },
  'card-callback': text,
  'carrier-callback': text,
  'cvs-callback': text,
  'callback-method': { type: 'string', default: 'GET' },
  'card-ip-code': { type: 'string', default: LOCAL_CONTRACTS.card.clientip },
  'card-key': { type: 'string', default: LOCAL_CONTRACTS.card.key },
  'carrier-ip-code': { type: 'string', default: LOCAL_CONTRACTS.carrier.clientip },
  'carrier-key': { type: 'string', default: LOCAL_CONTRACTS.carrier.zkey },
  'cvs-ip-code': { type: 'string', default: LOCAL_CONTRACTS.cvs.clientip },
  seed: text,
  help: { type: 'boolean', default: false },
} as const;

/** Runs what the arguments ask for; a mistake is told in a line. */
export async function runSimulator(vendorScript: VendorScript): Promise<void> {
  try {
    const { values } = parseArgs({ options });
    if (values.help) console.log(HELP);
    else await run({ ...readOptions(values), vendorScript });
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    console.error(code === 'EADDRINUSE' ? 'The port is in use: give another one with --port' : message);
    console.error('--help lists the options.');
    process.exitCode = 1;
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

function readOptions(values: Values): SimulatorOptions {
  const callbacks = {
    ...(values['card-callback'] && { card: values['card-callback'] }),
    ...(values['carrier-callback'] && { carrier: values['carrier-callback'] }),
    ...(values['cvs-callback'] && { cvs: values['cvs-callback'] }),
  };
  const settings = { callbackMethod: values['callback-method'] as 'GET' | 'POST' };
  patchSettings(defaultSettings(), { ...settings, callbacks });
  return {
    port: wholeNumber('port', values.port, 65_535),
    callbacks,
    settings,
    contracts: {
      card: { clientip: values['card-ip-code'], key: values['card-key'] },
      carrier: { clientip: values['carrier-ip-code'], zkey: values['carrier-key'] },
      cvs: { clientip: values['cvs-ip-code'] },
    },
    ...(values.seed !== undefined && { seed: wholeNumber('seed', values.seed, 2 ** 32 - 1) }),
    log: line => console.log(line),
  };
}

function wholeNumber(name: string, value: string, most: number): number {
  if (!/^\d+$/.test(value) || Number(value) > most) throw new Error(`--${name} must be a number from 0 to ${most}`);
  return Number(value);
}

async function run(given: SimulatorOptions): Promise<void> {
  const gateway = await startSimulator(given);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void gateway.close());
  const called = Object.entries(given.callbacks ?? {}).map(([service, url]) => `${service} callbacks to ${url}`);
  console.log([`ready: gateway and console ${gateway.url}/`, ...called].join(', '));
  if (called.length === 0) console.log('No callback URL was given: results are not called, see --help.');
}
