import { contentOf, partNames, type SecretContent, secretParts } from '../infra/secret-parts.ts';
import { jsonAnswer, type Listening, serve } from './server.ts';

/** What the local gateway knows its merchant by, and the callback URLs' path token. */
export const localSecrets = {
  card: { clientip: '2019000001', key: '0123456789abcdef0123456789abcdef01234567' },
  carrier: { clientip: '2019000002', zkey: '89abcdef0123456789abcdef0123456789abcdef' },
  cvs: { clientip: '2019000003' },
  callback: { pathToken: 'local' },
};

/** Secrets Manager with these secrets, by name or ARN: GetSecretValue and PutSecretValue. Port 0: a free one. */
export async function startSecrets(
  secrets: Record<string, object>,
  port = 0,
): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const texts = new Map(Object.entries(secrets).map(([id, value]) => [id, JSON.stringify(value)]));
  let version = 1;
  const server: Listening = await serve(port, 64 * 1024, async request => {
    const operation = /^secretsmanager\.(Get|Put)SecretValue$/.exec(request.headers['x-amz-target'] ?? '')?.[1];
    if (!operation) return fault('InvalidAction');
    const { SecretId = '', SecretString = '' } = JSON.parse(request.body.toString()) as Record<string, string>;
    if (!texts.has(SecretId)) return fault('ResourceNotFoundException');
    if (operation === 'Put') {
      texts.set(SecretId, SecretString);
      version += 1;
    }
    return jsonAnswer(200, {
      ARN: SecretId,
      Name: SecretId,
      ...(operation === 'Get' && { SecretString: texts.get(SecretId) }),
      VersionId: `00000000-0000-0000-0000-${String(version).padStart(12, '0')}`,
      VersionStages: ['AWSCURRENT'],
    });
  });
  return { endpoint: server.url, stop: server.close };
}

const fault = (type: string) => jsonAnswer(400, { __type: type, Message: type });

/** What each secret holds, by the names that the functions' variables give to them: its part of the whole. */
export function secretsOf(
  environments: readonly Record<string, string>[],
  whole: SecretContent = localSecrets,
): Record<string, SecretContent> {
  const secrets: Record<string, SecretContent> = {};
  for (const part of partNames) {
    for (const { [secretParts[part].variable]: id } of environments) if (id) secrets[id] = contentOf(part, whole);
  }
  return secrets;
}

/** For functions that run without a stack: each variable names its secret by the part. */
export const secretVariables: Record<string, string> = Object.fromEntries(
  partNames.map(part => [secretParts[part].variable, part]),
);
