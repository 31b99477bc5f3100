import { callbackUrls } from './support/callback-urls.ts';
import { readOutputs } from './support/outputs.ts';
import { readOptions, run } from './support/run.ts';
import { storedSecret } from './support/stored-secret.ts';

// npm run callback-urls             prints the three URLs to register with the vendor

await run(async args => {
  const { options } = readOptions(args, ['outputs', 'deployment']);
  const outputs = readOutputs(options.get('outputs'), options.get('deployment'));
  const urls = callbackUrls(outputs, await storedSecret(outputs).read());
  for (const [service, url] of Object.entries(urls)) console.log(`${service.padEnd(8)}${url}`);
  return 0;
});
