/** Virtual time. Every await of what is explored ends in an event here; between two events all of them are left to settle. */
export interface Scheduler {
  now(): number;
  /** A message under way. */
  after(milliseconds: number, run: () => void): void;
  /** A clock that goes off; the returned function stops it. */
  timer(milliseconds: number, run: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
  /** Fires events until none is left. */
  runToRest(): Promise<void>;
  /** Events fired so far. */
  fired(): number;
}

interface Event {
  at: number;
  isTimer: boolean;
  isStopped: boolean;
  run(): void;
}

/** A schedule that never ends is a finding of its own. */
const mostEvents = 20_000;

/**
 * `pick` decides which of so many messages under way comes next, whatever their times; clocks then go off only when no
 * message is left. Without it time decides.
 */
export function createScheduler(start: number, pick?: (messages: number) => number): Scheduler {
  /** The earliest last. */
  const events: Event[] = [];
  let time = start;
  let fired = 0;

  function add(milliseconds: number, isTimer: boolean, run: () => void): Event {
    const event = { at: time + Math.max(0, milliseconds), isTimer, isStopped: false, run };
    let index = events.length;
    while (index > 0 && (events[index - 1]?.at ?? 0) <= event.at) index -= 1;
    events.splice(index, 0, event);
    return event;
  }

  function next(): Event | undefined {
    while (events.at(-1)?.isStopped) events.pop();
    if (!pick) return events.pop();
    const messages = events.filter(event => !event.isTimer && !event.isStopped).reverse();
    if (messages.length === 0) return events.pop();
    const chosen = messages.length === 1 ? messages[0] : messages[pick(messages.length)];
    if (chosen) events.splice(events.indexOf(chosen), 1);
    return chosen;
  }

  const timer = (milliseconds: number, run: () => void) => {
    const event = add(milliseconds, true, run);
    return () => {
      event.isStopped = true;
    };
  };

  return {
    now: () => time,
    after: (milliseconds, run) => void add(milliseconds, false, run),
    timer,
    sleep: milliseconds => new Promise(resolve => void timer(milliseconds, resolve)),
    fired: () => fired,
    runToRest() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let isOver = false;
      const turn = () => {
        if (isOver) return;
        const event = next();
        fired += 1;
        isOver = !event || fired > mostEvents;
        if (!event) return resolve();
        if (isOver) return reject(new Error(`No rest after ${mostEvents} events.`));
        time = Math.max(time, event.at);
        event.run();
      };
      const turns = () => {
        for (let n = 0; n < turnsAtOnce; n += 1) setImmediate(turn);
        setImmediate(() => {
          if (!isOver) turns();
        });
      };
      turns();
      return promise;
    },
  };
}

/**
 * Between two immediates every promise that can go on has gone on. Several are asked for at once, because each turn of
 * Node's event loop costs a system call.
 */
const turnsAtOnce = 32;
