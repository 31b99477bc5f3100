import { parseArgs } from 'node:util';
import { runLoad } from './load.ts';

const { values } = parseArgs({
  options: {
    charges: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '50' },
    kills: { type: 'string', default: '5' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const { violations, used, statuses, charged, seconds } = await runLoad({
  charges: Number(values.charges),
  parallel: Number(values.parallel),
  kills: Number(values.kills),
  say,
});
say(`${values.charges} charges at ${values.parallel} in parallel, ${values.kills} kills, ${seconds.toFixed(0)} s`);
say(`charged at the gateway: ${charged}; orders: ${JSON.stringify(statuses)}`);
say(`the judge's rules that were used: ${JSON.stringify(used)}`);
for (const violation of violations.slice(0, 20)) say(violation);
say(`${violations.length} findings`);
process.exit(violations.length > 0 ? 1 : 0);
