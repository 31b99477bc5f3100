import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputOf, partNames, secretParts } from '../infra/secret-parts.ts';
import type { Deployed } from './assembly.ts';

/** Where the API, the callbacks and the services answer, without a slash at the end. */
interface Addresses {
  api: string;
  callbacks: string;
  secrets: string;
  dynamoDb: string;
}

/** What `cdk deploy --outputs-file` would write of this stack, and where its secrets are: the operator's scripts need no more. */
export function outputsOf({ functions }: Pick<Deployed, 'functions'>, addresses: Addresses): object {
  const names = partNames.flatMap(part => {
    const [name] = functions.flatMap(fn => fn.environment[secretParts[part].variable] ?? []);
    return name === undefined ? [] : [[outputOf(part), name]];
  });
  const stack = {
    ApiUrl: addresses.api,
    CallbackFunctionUrl: `${addresses.callbacks}/`,
    TableName: functions.find(({ environment }) => environment.TABLE_NAME)?.environment.TABLE_NAME,
    LocalSecretsEndpoint: addresses.secrets,
    LocalDynamoDbEndpoint: addresses.dynamoDb,
  };
  return { 'zeus-payments-local': { ...stack, ...Object.fromEntries(names) } };
}

/** Into `dist/outputs.json`, which the scripts read where there is no deployment; a second stack has its port in the name. */
export function writeOutputs(outputs: object, port: number, usualPort = 4100): string {
  const name = port === usualPort ? 'outputs.json' : `outputs-${port}.json`;
  const file = fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(outputs, null, 2)}\n`);
  process.once('exit', () => rmSync(file, { force: true }));
  return file;
}
