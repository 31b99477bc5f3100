import { callbackUrls, services } from './support/callback-urls.ts';
import { check } from './support/check.ts';
import { readOutputs } from './support/outputs.ts';
import { Complaint, readOptions, run } from './support/run.ts';
import { apiOf } from './support/signed-request.ts';
import { storedSecret } from './support/stored-secret.ts';
import { testCalls } from './support/test-calls.ts';

// npm run check-callbacks
//
// After the first deployment: calls the callback URLs as the gateway would, with a name in every way of writing Shift_JIS into a
// URL or a form, and reports whether the rest of each call arrived whole. Run it from an address among callbackSources.
// Each call leaves an external order `callback-check-…`, declined and without attention. Exit code 0: all arrived.

await run(async args => {
  const { options } = readOptions(args, ['outputs', 'deployment']);
  const outputs = readOutputs(options.get('outputs'), options.get('deployment'));
  const secret = await storedSecret(outputs).read();
  const ipCodes = Object.fromEntries(
    services.flatMap(service => (secret[service]?.clientip ? [[service, secret[service].clientip]] : [])),
  );
  const calls = testCalls(outputs.deploymentId, Date.now().toString(36), ipCodes);
  if (calls.length === 0) throw new Complaint('The secret holds no IP code yet: npm run secret');

  const findings = await check(callbackUrls(outputs, secret), apiOf(outputs), calls);
  for (const { call, fault } of findings) {
    console.log(`${call.service.padEnd(8)}${call.method.padEnd(5)}${call.form.padEnd(26)}${fault ?? 'arrived'}`);
  }
  const faults = findings.filter(({ fault }) => fault !== null).length;
  console.log(`${findings.length - faults} of ${findings.length} arrived.`);
  return faults === 0 ? 0 : 1;
});
