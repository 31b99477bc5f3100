import { createServer } from 'node:net';

/** The variables of `npm start`; all of it binds to 127.0.0.1. */
export interface LocalSettings {
  ports: Record<PortVariable, number>;
  /** Set: this gateway is used, and no simulator starts. */
  gatewayBaseUrl: string | null;
  /** Set: the data survives a restart. */
  dataDir: string | null;
  testPayments: 'refuse' | 'accept';
}

const DEFAULT_PORTS = { API_PORT: 4100, CALLBACK_PORT: 4101, GATEWAY_PORT: 4102, DYNAMODB_PORT: 4103 } as const;
type PortVariable = keyof typeof DEFAULT_PORTS;

/** A runner that was killed a moment ago may still hold a port. */
const GRACE_MS = 1_500;

/** An error that the user can put right: printed as it is, without a stack. */
export class StartProblem extends Error {}

/** Reads the variables; a port given as 0 becomes a free one. Throws a StartProblem that names every fault. */
export async function readLocalSettings(env: NodeJS.ProcessEnv, graceMs = GRACE_MS): Promise<LocalSettings> {
  const asked = Object.entries(DEFAULT_PORTS).map(([variable, port]) => {
    return { variable: variable as PortVariable, port: env[variable] ? Number(env[variable]) : port };
  });
  const wrong = asked.filter(({ port }) => !Number.isInteger(port) || port < 0 || port > 65_535);
  if (wrong.length > 0) throw new StartProblem(`not a port: ${wrong.map(({ variable }) => variable).join(', ')}`);
  const testPayments = env.TEST_PAYMENTS || 'accept';
  if (testPayments !== 'accept' && testPayments !== 'refuse')
    throw new StartProblem('TEST_PAYMENTS must be accept or refuse');
  const ports = await findPorts(asked, Date.now() + graceMs);
  return { ports, gatewayBaseUrl: env.ZEUS_BASE_URL || null, dataDir: env.DATA_DIR || null, testPayments };
}

async function findPorts(asked: { variable: PortVariable; port: number }[], deadline: number) {
  const probes = await Promise.all(asked.map(({ port }) => probe(port)));
  for (const found of probes) found?.release();
  const taken = asked.filter((_, i) => probes[i] === null);
  if (taken.length > 0 && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 50));
    return findPorts(asked, deadline);
  }
  if (taken.length > 0) throw new StartProblem(taken.map(({ variable, port }) => portInUse(variable, port)).join('; '));
  const entries = asked.map(({ variable }, i) => [variable, probes[i]?.port]);
  return Object.fromEntries(entries) as Record<PortVariable, number>;
}

export function portInUse(variable: string, port: number): string {
  return `port ${port} is in use: set ${variable} to another one`;
}

/** Held until all are probed, so that one port asked for twice is noticed. */
function probe(port: number): Promise<{ port: number; release(): void } | null> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const found = typeof address === 'object' && address ? address.port : port;
      resolve({ port: found, release: () => server.close() });
    });
  });
}
