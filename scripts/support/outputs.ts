import { existsSync, readFileSync } from 'node:fs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { outputOf, partNames, type SecretPart } from '../../infra/secret-parts.ts';
import { Complaint } from './run.ts';

/** What the scripts know of a deployed stack. */
export interface Outputs {
  deploymentId: string;
  /** Without a slash at the end. */
  apiUrl: string;
  callbackUrl: string;
  /** By the part of the secret; a part that no deployed function reads has none. */
  secretNames: Partial<Record<SecretPart, string>>;
  tableName: string;
  region: string;
  /** Of `npm start`, which knows no credentials; absent: AWS's own. */
  secretsEndpoint?: string;
  dynamoDbEndpoint?: string;
}

/** Where `npx cdk deploy --outputs-file` is told to write, in the guide. */
const ofDeployment = 'cdk.out/outputs.json';
/** Where `npm start` writes. */
const ofLocalStack = 'dist/outputs.json';

/** The deployment's; where there is none, that of `npm start`. */
const usualFile = (): string => (!existsSync(ofDeployment) && existsSync(ofLocalStack) ? ofLocalStack : ofDeployment);

const stackPrefix = 'zeus-payments-';

/** Reads the outputs of the one stack of the file, or of the deployment that is named. Throws a Complaint. */
export function readOutputs(file = process.env.OUTPUTS_FILE || usualFile(), deploymentId?: string): Outputs {
  const stacks = Object.entries(parse(file)).filter(([name]) => name.startsWith(stackPrefix));
  const found = stacks.filter(([name]) => deploymentId === undefined || name === stackPrefix + deploymentId);
  const [stack, ...others] = found;
  if (!stack) throw new Complaint(`${file} has no outputs of a stack ${stackPrefix}${deploymentId ?? '…'}.`);
  if (others.length > 0) throw new Complaint(`${file} has several stacks: choose one with --deployment.`);
  const [name, outputs] = stack;
  const read = (output: string): string => {
    const value = outputs[output];
    if (!value) throw new Complaint(`${file} has no output ${output}: deploy again.`);
    return value.replace(/\/$/, '');
  };
  const apiUrl = read('ApiUrl');
  return {
    deploymentId: name.slice(stackPrefix.length),
    apiUrl,
    callbackUrl: read('CallbackFunctionUrl'),
    secretNames: Object.fromEntries(partNames.flatMap(part => nameOf(part, outputs))),
    tableName: read('TableName'),
    region: regionOf(apiUrl),
    ...(outputs.LocalSecretsEndpoint && { secretsEndpoint: outputs.LocalSecretsEndpoint }),
    ...(outputs.LocalDynamoDbEndpoint && { dynamoDbEndpoint: outputs.LocalDynamoDbEndpoint }),
  };
}

/** How a client of the SDK reaches the stack: as the SDK does by itself, or the local one. */
export function accessTo(region: string, endpoint?: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return { region, ...(endpoint && { endpoint, credentials }) };
}

/** A client of the stack's secrets, whose credentials sign calls of its API too. */
export const secretsManagerOf = ({ region, secretsEndpoint }: Pick<Outputs, 'region' | 'secretsEndpoint'>) =>
  new SecretsManagerClient(accessTo(region, secretsEndpoint));

const nameOf = (part: SecretPart, outputs: Record<string, string | undefined>): [SecretPart, string][] => {
  const name = outputs[outputOf(part)];
  return name ? [[part, name]] : [];
};

type Stacks = Record<string, Record<string, string | undefined>>;

function parse(file: string): Stacks {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Stacks;
  } catch {
    throw new Complaint(
      `${file} cannot be read: npx cdk deploy --outputs-file ${ofDeployment} writes it, as often as you like; so does npm start.`,
    );
  }
}

/** The stack's own region, whatever the shell's is; a domain of one's own does not tell it. */
const regionOf = (apiUrl: string): string =>
  /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(apiUrl)?.[1] ?? process.env.AWS_REGION ?? 'ap-northeast-1';
