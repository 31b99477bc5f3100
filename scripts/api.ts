import { randomUUID } from 'node:crypto';
import { readOutputs } from './support/outputs.ts';
import { Complaint, readOptions, readStandardInput, run } from './support/run.ts';
import { apiOf } from './support/signed-request.ts';

// npm run -s api -- GET '/orders?attention=true'
// npm run -s api -- POST /card/charges < charge.json                   under a random key, which is printed
// npm run -s api -- POST /card/charges --key … < charge.json           repeats it
//
// Signs a call of the merchant API and sends it. The body comes from standard input; where the terminal is that, there is none.
// API_TOKEN, when set, is sent as a bearer token in place of a signature. Exit code 0: answered 2xx.

await run(async args => {
  const { options, rest } = readOptions(args, ['outputs', 'deployment', 'key']);
  const [method = '', path = '', ...others] = rest;
  if (!/^(GET|POST|DELETE)$/.test(method) || !path.startsWith('/') || others.length > 0) {
    throw new Complaint("Say what to call, as in: GET '/orders?attention=true', or POST /card/charges");
  }
  const api = apiOf(readOutputs(options.get('outputs'), options.get('deployment')));
  const body = method === 'GET' || process.stdin.isTTY ? '' : await readStandardInput();
  const idempotencyKey = options.get('key') ?? randomUUID();
  if (method !== 'GET') console.error(`Idempotency-Key: ${idempotencyKey}`);
  const answer = await api({
    method,
    path,
    ...(method !== 'GET' && { idempotencyKey }),
    ...(body.trim() !== '' && { body }),
  });
  console.error(`HTTP ${answer.status}`);
  console.log(pretty(answer.text));
  return answer.status < 300 ? 0 : 1;
});

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
