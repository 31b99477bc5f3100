import { terminal } from './support/ask.ts';
import { services } from './support/callback-urls.ts';
import { readOutputs } from './support/outputs.ts';
import { Complaint, readOptions, readStandardInput, run } from './support/run.ts';
import { askForContent, fill } from './support/secret-content.ts';
import { storedSecret } from './support/stored-secret.ts';

// npm run secret < secret.json      fills the stack's secrets from one JSON
// npm run secret                    asks on the terminal; an empty answer leaves what is stored
//
// What is given goes on top of what is stored; a path token is made where there is none. Each part goes into the secret of those
// who read it; if that breaks off, the same command again finishes it. Prints nothing secret.

await run(async args => {
  const { options, rest } = readOptions(args, ['outputs', 'deployment']);
  if (rest.length > 0) throw new Complaint('Nothing secret may stand in the arguments: give it on standard input.');
  const secret = storedSecret(readOutputs(options.get('outputs'), options.get('deployment')));
  const given = process.stdin.isTTY ? await askOnTerminal() : await readStandardInput();
  const before = await secret.read();
  const { content, pathToken } = fill(before, given);
  await secret.write(before, content);

  for (const service of services) console.log(`${service}: ${content[service] ? 'filled' : 'not filled'}`);
  console.log(`path token: ${pathToken}`);
  console.log('Running functions use it within ten minutes.');
  return 0;
});

async function askOnTerminal(): Promise<string> {
  const { ask, close } = terminal();
  try {
    return JSON.stringify(await askForContent(ask));
  } finally {
    close();
  }
}
