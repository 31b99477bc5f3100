import { reservedInAll, SMALLEST_QUOTA, UNRESERVED } from '../infra/concurrency.ts';
import { functions } from '../infra/functions.ts';
import { readAccountLimits } from './support/account.ts';
import { Complaint, readOptions, run } from './support/run.ts';

// npm run -s check-account -- --region ap-northeast-1
//
// Reads the account's quota of concurrent runs, and says what accountConcurrency should be. Exit code 1: too small to go live.

await run(async args => {
  const { options, rest } = readOptions(args, ['region']);
  if (rest.length > 0) throw new Complaint('Only --region is taken.');
  const region = options.get('region') ?? process.env.AWS_REGION ?? 'ap-northeast-1';
  const { quota, unreserved } = await readAccountLimits(region);
  const reserve = reservedInAll(functions, quota);
  console.log(`Region ${region}: ${quota} concurrent runs, ${unreserved} of them not reserved.`);
  if (quota < SMALLEST_QUOTA) {
    console.log(
      `Nothing can be reserved. Request 1000 in the console of Service Quotas: AWS Lambda, "Concurrent executions".`,
    );
    return 1;
  }
  if (quota - reserve < UNRESERVED) {
    console.log(
      `accountConcurrency=${quota} would reserve ${reserve}, and AWS keeps ${UNRESERVED}. Request a larger quota.`,
    );
    return 1;
  }
  console.log(`Set accountConcurrency to ${quota}: ${reserve} are then reserved.`);
  return 0;
});
