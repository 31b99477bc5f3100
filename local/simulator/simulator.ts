import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { actOnCarrierOrder } from './carrier-status.ts';
import { createClock } from './clock.ts';
import { createCourier } from './courier.ts';
import { COUNTER_ACTIONS, settleAtCounter } from './cvs-status.ts';
import { arm } from './faults.ts';
import { type Callback, type Gateway, isoNow, seededRandom } from './gateway.ts';
import { createPages } from './pages.ts';
import { passTime } from './passing-time.ts';
import { createServer } from './server.ts';
import { defaultSettings, patchSettings, type Settings, type SettingsPatch } from './settings.ts';
import {
  type ArmedFault,
  type CallbackRecord,
  type Contracts,
  createState,
  type GatewayOrder,
  type LedgerEntry,
  type RequestRecord,
  type StoredCard,
  type ThreeDSession,
} from './state.ts';
import type { VendorScript } from './vendor-script.ts';

export type SimulatorOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  contracts?: Contracts;
  callbacks?: { card?: string; carrier?: string; cvs?: string };
  settings?: SettingsPatch;
  log?: (line: string) => void;
  /** Makes whatever varies (order of answer parameters, payment numbers, order numbers) repeatable. */
  seed?: number;
  /** Stand-ins for the gateway's browser script and style; without them their addresses answer 404. */
  vendorScript?: VendorScript;
};

export type Simulator = {
  url: string;
  close: () => Promise<void>;
  /** What really happened at the gateway; tests judge by it. */
  ledger: () => LedgerEntry[];
  requests: () => RequestRecord[];
  callbacks: () => CallbackRecord[];
  orders: () => GatewayOrder[];
  cards: () => StoredCard[];
  /** EMV 3-D Secure sessions with their steps. */
  sessions: () => ThreeDSession[];
  arm: (fault: ArmedFault) => void;
  armed: () => ArmedFault[];
  disarm: () => void;
  settings: (patch?: SettingsPatch) => Settings;
  /** Moves the clock to a time, from where it runs on; null: real time. Answers the new time. */
  setClock: (iso: string | null) => string;
  now: () => string;
  resend: (callbackId: string) => Promise<CallbackRecord>;
  /** Payer or carrier: `complete`, `fail`, `fail-settlement` (06), `fail-return` (09), `next-settlement-fails`, `next-return-fails`. */
  carrier: (step: { orderNumber: string; action: string }) => GatewayOrder;
  /** Store: `pay` (04, 11), `reverse` (06, 13); head office: `confirm` (05, 12); `expire` (03), `reissue`. */
  counter: (step: { orderNumber: string; action: string }) => GatewayOrder;
  reset: () => void;
  /** Resolves when no callback is under way. */
  idle: () => Promise<void>;
};

/** The secrets of a local run. */
export const LOCAL_CONTRACTS: Contracts = {
  card: { clientip: '2019000001', key: '0123456789abcdef0123456789abcdef01234567' },
  carrier: { clientip: '2019000002', zkey: '89abcdef0123456789abcdef0123456789abcdef' },
  cvs: { clientip: '2019000003' },
};

/** Starts the gateway's stand-in on 127.0.0.1; see README.md beside this file. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const log = options.log ?? (() => {});
  const gateway = createGateway(options);
  const courier = createCourier(gateway, log);
  const call = (callbacks: Callback[]) => void courier.dispatch(callbacks, gateway.settings.callbackDelayMs);
  const simulator: Simulator = {
    url: '',
    close: async () => {
      clearInterval(timer);
      courier.stop(true);
      const closed = new Promise(resolve => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    ledger: () => structuredClone(gateway.state.ledger),
    requests: () => structuredClone(gateway.state.requests),
    callbacks: () => structuredClone(gateway.state.callbacks),
    orders: () => structuredClone([...gateway.state.orders.values()]),
    cards: () => structuredClone(gateway.state.cards),
    sessions: () => structuredClone([...gateway.state.sessions.values()]),
    arm: fault => arm(gateway.state, fault),
    armed: () => structuredClone(gateway.state.armed),
    disarm: () => {
      gateway.state.armed = [];
    },
    settings: (patch = {}) => {
      gateway.settings = patchSettings(gateway.settings, patch);
      return structuredClone(gateway.settings);
    },
    now: () => isoNow(gateway),
    setClock: iso => {
      gateway.clock.set(iso);
      call(passTime(gateway));
      return isoNow(gateway);
    },
    resend: async id => structuredClone(await courier.resend(id)),
    carrier: ({ orderNumber, action }) => {
      const order = gateway.state.orders.get(orderNumber);
      if (order?.service !== 'carrier') throw new Error(`carrier: unknown order ${orderNumber}`);
      call(actOnCarrierOrder(gateway, order, action));
      return structuredClone(order);
    },
    counter: ({ orderNumber, action }) => {
      const order = gateway.state.orders.get(orderNumber);
      const known = COUNTER_ACTIONS.find(name => name === action);
      if (order?.service !== 'cvs') throw new Error(`counter: unknown order ${orderNumber}`);
      if (!known) throw new Error(`counter: unknown action ${action}`);
      call(settleAtCounter(gateway, order, known));
      return structuredClone(order);
    },
    reset: () => {
      courier.stop(false);
      // Order numbers go on, so that none of before comes again.
      gateway.state = { ...createState(), counter: gateway.state.counter };
      gateway.settings = initialSettings(options);
      gateway.clock.set(null);
    },
    idle: () => courier.idle(),
  };
  const server = createServer(gateway, courier, createPages(gateway, simulator, options.vendorScript), log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const timer = setInterval(() => call(passTime(gateway)), 1000).unref();
  simulator.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway.url = simulator.url;
  return simulator;
}

function createGateway(options: SimulatorOptions): Gateway {
  const seed = options.seed ?? randomInt(2 ** 32);
  return {
    state: createState(),
    settings: initialSettings(options),
    contracts: options.contracts ?? LOCAL_CONTRACTS,
    clock: createClock(),
    random: seededRandom(seed),
    serial: serialOf(seed),
    url: '',
  };
}

/** Four groups like 11.111.11.11 that differ from run to run, so that order numbers of two runs never meet. */
function serialOf(seed: number): string {
  const random = seededRandom(seed);
  const part = () => String(10 + Math.floor(random() * 990));
  return `11.${part()}.${part()}.${part()}`;
}

function initialSettings(options: SimulatorOptions): Settings {
  const callbacks = options.callbacks ?? {};
  return patchSettings(patchSettings(defaultSettings(), { callbacks }), options.settings ?? {});
}
