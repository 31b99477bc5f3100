import type { Callback, Reply } from '../../local/simulator/gateway.ts';
import type { FaultName } from '../../local/simulator/state.ts';
import type { Send } from '../../shared/zeus/wire/transport.ts';
import type { Heard } from './history.ts';
import type { SendFault } from './policy.ts';
import { enter, frozen, type Invocation, silence, type World } from './world.ts';

/** Only secure.cgi answers `connect error`; a deletion is refused where there is nothing to delete, and nowhere else. */
function possible(fault: SendFault, path: string, isDeletion: boolean): SendFault {
  if (fault === 'invalid-parameter' && path === '/cgi-bin/secure/api.cgi') return 'refusal';
  if (fault === 'connect-error' && path !== '/cgi-bin/secure.cgi') return 'refusal';
  if (fault === 'invalid-parameter' && path === '/cgi-bin/carrier/secure.cgi') return 'refusal';
  return fault === 'refusal' && isDeletion ? 'maintenance' : fault;
}

const gatewayTimeout = 75_000;

/** The gateway as one invocation meets it. `deliver` takes the callbacks that follow. */
export function sendOf(world: World, me: Invocation, deliver: (callbacks: Callback[]) => void): Send {
  return async (path, _contentType, body, timeoutMs = gatewayTimeout) => {
    if (!me.isAlive) return silence;
    const label = `send to ${path.replace('/cgi-bin/', '')}`;
    const crash = enter(world, me, label);
    if (crash === 'before') {
      me.die(`before ${label}`);
      return silence;
    }
    const still = world.isCalm ? 0 : world.policy.freeze(me);
    if (still > 0) await frozen(world, me, still);
    if (!me.isAlive) return silence;
    const isDeletion = path === '/cgi-bin/secure.cgi' && Buffer.from(body).includes('sendiddel=yes');
    const asked = world.isCalm ? 'none' : world.policy.sendFault(path, world.scheduler.now());
    const fault = possible(asked, path, isDeletion);
    if (fault !== 'none') world.policy.hits.add(`gateway ${fault}`);
    const { recorder } = world;
    const request = recorder.next();
    recorder.add({ kind: 'requested', request, run: me.id, path, body: Buffer.from(body).toString('latin1') });
    world.tell(() => `  ${me.name} #${me.id} ${label}: ${fault}${crash ? ', then dies' : ''}`);
    const take = (forced: FaultName | null) => answerOf(world, request, { path, body }, forced, deliver);
    const reply = await new Promise<Reached>(resolve => {
      // What is waited for at all: an answer that comes later is no answer.
      const stop = world.scheduler.timer(timeoutMs, () => resolve({ kind: 'lost', message: 'time-out' }));
      const hear = (heard: Reached) => {
        stop();
        resolve(heard);
      };
      travel(world, fault, take, hear);
    });
    if (crash) me.die(`after ${label}`);
    if (!me.isAlive) return silence;
    recorder.add({ kind: 'heard', request, heard: heardOf(reply) });
    world.tell(
      () =>
        `  ${me.name} #${me.id} hears ${reply.kind === 'answered' ? JSON.stringify(reply.body.toString('latin1')) : reply.kind}`,
    );
    return reply;
  };
}

const heardOf = (reply: Reached): Heard =>
  reply.kind === 'answered'
    ? { kind: 'answered', status: reply.status, body: reply.body.toString('latin1') }
    : { kind: reply.kind };

function answerOf(
  world: World,
  request: number,
  { path, body }: { path: string; body: Uint8Array },
  forced: FaultName | null,
  deliver: (callbacks: Callback[]) => void,
): Reply {
  const { ledger } = world.gateway.gateway.state;
  const before = ledger.length;
  const reply = world.gateway.handle(path, body, forced);
  const response = reply.body.toString('latin1');
  world.recorder.add({ kind: 'taken', request, response, entries: ledger.slice(before) });
  world.tell(() => `  the gateway takes ${path}: ${reply.body.toString('latin1').trim().replaceAll('\n', ' | ')}`);
  deliver(reply.callbacks);
  return reply;
}

type Reached = Awaited<ReturnType<Send>>;

function travel(
  world: World,
  fault: SendFault,
  take: (forced: FaultName | null) => Reply,
  hear: (reply: Reached) => void,
): void {
  const { scheduler, policy } = world;
  const way = () => (world.isCalm ? 500 : policy.travel('gateway'));
  const heard = (status: number, body: Buffer) =>
    scheduler.after(way(), () => hear({ kind: 'answered', status, body }));
  const lost = (after: number) => scheduler.after(after, () => hear({ kind: 'lost', message: 'lost' }));
  const arrive = (done: (reply: Reply) => void) => scheduler.after(way(), () => done(take(null)));
  const answered = (forced: FaultName) => () => scheduler.after(way(), () => heard(200, take(forced).body));
  const courses: Record<SendFault, () => void> = {
    none: () => arrive(reply => heard(200, reply.body)),
    'refused connection': () => scheduler.after(way(), () => hear({ kind: 'not_sent', message: 'refused' })),
    vanished: () => lost(gatewayTimeout * policy.roll()),
    busy: () => heard(503, Buffer.from('Busy')),
    lost: () => arrive(() => lost(way())),
    garbage: () => arrive(() => heard(200, Buffer.from('\0\xff<<%%&&== 502 ??\r\n~~', 'latin1'))),
    cut: () => arrive(() => lost(way())),
    'cut and closed': () =>
      arrive(reply => heard(200, reply.body.subarray(0, Math.floor(policy.roll() * reply.body.length)))),
    error: () => arrive(() => heard(500, Buffer.from('Error'))),
    slow: () => arrive(() => {}),
    late: () => scheduler.after(20_000 + policy.roll() * 200_000, () => void take(null)),
    maintenance: answered('maintenance'),
    refusal: answered('refusal'),
    'invalid-parameter': answered('invalid-parameter'),
    'connect-error': answered('connect-error'),
  };
  courses[fault]();
}
