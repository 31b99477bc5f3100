import { parseSecret } from '../shared/lambda/secret.ts';
import { terminal } from './support/ask.ts';
import { readOutputs } from './support/outputs.ts';
import { Complaint, readOptions, readStandardInput, run } from './support/run.ts';
import { askForContent, fill } from './support/secret-content.ts';
import { storedSecret } from './support/stored-secret.ts';

// npm run secret < secret.json      fills the stack's secret from JSON
// npm run secret                    asks on the terminal; an empty answer leaves what is stored
//
// What is given goes on top of what is stored; a path token is made where there is none. Prints nothing secret.

await run(async args => {
  const { options, rest } = readOptions(args, ['outputs', 'deployment']);
  if (rest.length > 0) throw new Complaint('Nothing secret may stand in the arguments: give it on standard input.');
  const secret = storedSecret(readOutputs(options.get('outputs'), options.get('deployment')));
  const given = process.stdin.isTTY ? await askOnTerminal() : await readStandardInput();
  const { content, pathToken } = fill(await secret.read(), given);
  const text = JSON.stringify(content);
  await secret.write(text);

  const filled = parseSecret(text);
  for (const service of ['card', 'carrier', 'cvs'] as const) {
    console.log(`${service}: ${filled[service] ? 'filled' : 'not filled'}`);
  }
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
