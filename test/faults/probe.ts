import { orderIdOf } from '../../shared/domain/identity.ts';
import { deploymentId } from './deps.ts';
import { explore } from './explore.ts';
import { indexOf } from './judge-index.ts';
import { movesOf } from './judge-moves.ts';
import { explain } from './judge-sequence.ts';
import { subjectsOf } from './judge-subjects.ts';
import { versionsOf } from './judge-views.ts';

const [from, count, tell] = process.argv.slice(2).map(Number);
let bad = 0,
  looked = 0,
  spent = 0,
  playing = 0;
for (let seed = from!; seed < from! + count!; seed += 1) {
  const t0 = performance.now();
  const ex: any = await explore(seed, { isTold: Boolean(tell) });
  const t = performance.now();
  playing += t - t0;
  const index = indexOf(ex.world.recorder.history);
  const versions = versionsOf(index);
  const subjects = subjectsOf(index, versions, [...ex.world.gateway.gateway.state.orders.values()], key =>
    orderIdOf(deploymentId, key),
  );
  for (const s of subjects) {
    try {
      const moves = movesOf(s, index);
      const e = explain(versions.get(s.made.orderId)!, moves, s.dueWork, index);
      looked += e.looked;
      if (e.fault) {
        bad++;
        if (bad < 12 || tell)
          console.log(seed, s.made.method, s.made.operation, s.made.orderId.slice(0, 6), e.looked, e.fault);
        if (tell) console.log(ex.story.join('\n'));
      }
    } catch (error) {
      bad++;
      console.log(
        seed,
        s.made.method,
        (error as Error).name,
        (error as Error).name === 'TooMany' ? '' : (error as Error).stack,
      );
    }
  }
  spent += performance.now() - t;
}
console.log({ bad, looked, judge: spent / count!, play: playing / count! });
process.exit(0);
