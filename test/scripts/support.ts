import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { functions } from '../../infra/functions.ts';
import { outputOf, partNames, type SecretContent } from '../../infra/secret-parts.ts';
import { secretsOf, secretVariables, startSecrets } from '../../local/secrets.ts';
import { type Started, startAll } from '../e2e/support.ts';

/** Those that the functions of the default settings read. */
const deployedParts = partNames.filter(part => functions.some(({ secrets }) => secrets.includes(part)));
const isEmpty = (content: object): boolean => Object.keys(content).length === 0;

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The local stack, for one test file. A free port is chosen seconds before it is bound, and another file may take it meanwhile. */
export async function startStack(tries = 3): Promise<Started & { callbacks: string }> {
  try {
    const started = await startAll();
    after(() => started.stop());
    const callbacks = /http:\/\/127\.0\.0\.1:\d+(?=\/local\/card)/.exec(started.output())?.[0] ?? '';
    return { ...started, callbacks };
  } catch (error) {
    if (tries === 1 || !/port \d+ is in use/.test(String(error))) throw error;
    return startStack(tries - 1);
  }
}

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** What a deployment leaves for the scripts: an outputs file, and a secret of the given value behind an endpoint of its own. */
export async function aDeployment({
  api = 'http://127.0.0.1:9',
  callbacks = 'http://127.0.0.1:9',
  secret = {} as SecretContent,
  name = 'local',
  table = 'Table',
  dynamodb = 'http://127.0.0.1:9',
}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'deployment-'));
  const outputs = path.join(folder, 'outputs.json');
  const stack = {
    ApiUrl: api,
    CallbackFunctionUrl: `${callbacks}/`,
    ...Object.fromEntries(deployedParts.map(part => [outputOf(part), part])),
    TableName: table,
  };
  writeFileSync(outputs, JSON.stringify({ [`zeus-payments-${name}`]: stack }));
  const parts = Object.entries(secretsOf([secretVariables], secret)).filter(([part]) =>
    deployedParts.some(deployed => deployed === part),
  );
  // What CDK puts into a secret that was never filled.
  const secrets = await startSecrets(
    Object.fromEntries(parts.map(([part, content]) => [part, isEmpty(content) ? { notFilledYet: 'x' } : content])),
  );
  after(async () => {
    await secrets.stop();
    rmSync(folder, { recursive: true });
  });
  const environment = {
    AWS_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  };
  /** Runs a script of the folder `scripts` as `npm run` does. */
  const runScript = (script: string, args: string[] = [], stdin = '', more: Record<string, string> = {}) =>
    runCommand(process.execPath, [`scripts/${script}.ts`, ...args, '--outputs', outputs], stdin, {
      ...environment,
      ...more,
    });
  const ask = async (operation: string, input: object): Promise<string> => {
    const headers = { 'x-amz-target': `secretsmanager.${operation}` };
    const answer = await fetch(secrets.endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
    return ((await answer.json()) as { SecretString: string }).SecretString;
  };
  /** What lies in the secrets now, by part. */
  const stored = async (): Promise<Record<string, unknown>> => {
    const read = async (part: string) => [part, JSON.parse(await ask('GetSecretValue', { SecretId: part }))];
    return Object.fromEntries(await Promise.all(deployedParts.map(read)));
  };
  const put = (part: string, text: string) => ask('PutSecretValue', { SecretId: part, SecretString: text });
  return { runScript, stored, put, outputs, environment };
}

export function runCommand(command: string, args: string[], stdin: string, env: Record<string, string>): Promise<Ran> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => {
    out += chunk;
  });
  child.stderr.on('data', chunk => {
    err += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, out, err }));
  });
}
