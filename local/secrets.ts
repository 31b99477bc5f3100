import { jsonAnswer, type Listening, serve } from './server.ts';

/** What the local gateway knows its merchant by, and the callback URLs' path token. */
export const localSecrets = {
  card: { clientip: '2019000001', key: '0123456789abcdef0123456789abcdef01234567' },
  carrier: { clientip: '2019000002', zkey: '89abcdef0123456789abcdef0123456789abcdef' },
  cvs: { clientip: '2019000003' },
  callback: { pathToken: 'local' },
};

/** Secrets Manager with one secret: GetSecretValue and PutSecretValue of `id` (left out: of any). It begins as `value`. */
export async function startSecrets({
  value = localSecrets,
  port = 0,
  id,
}: {
  value?: object;
  port?: number;
  id?: string;
} = {}): Promise<{ endpoint: string; stop(): Promise<void> }> {
  let text = JSON.stringify(value);
  let version = 1;
  const server: Listening = await serve(port, 64 * 1024, async request => {
    const operation = /^secretsmanager\.(Get|Put)SecretValue$/.exec(request.headers['x-amz-target'] ?? '')?.[1];
    if (!operation) return fault('InvalidAction');
    const { SecretId, SecretString = '' } = JSON.parse(request.body.toString()) as Record<string, string>;
    if (id !== undefined && SecretId !== id) return fault('ResourceNotFoundException');
    if (operation === 'Put') [text, version] = [SecretString, version + 1];
    return jsonAnswer(200, {
      ARN: SecretId,
      Name: SecretId,
      ...(operation === 'Get' && { SecretString: text }),
      VersionId: `00000000-0000-0000-0000-${String(version).padStart(12, '0')}`,
      VersionStages: ['AWSCURRENT'],
    });
  });
  return { endpoint: server.url, stop: server.close };
}

const fault = (type: string) => jsonAnswer(400, { __type: type, Message: type });
