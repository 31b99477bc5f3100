import { jsonAnswer, type Listening, serve } from './server.ts';

/** What the local gateway knows its merchant by, and the callback URLs' path token. */
export const localSecrets = {
  card: { clientip: '2019000001', key: '0123456789abcdef0123456789abcdef01234567' },
  carrier: { clientip: '2019000002', zkey: '89abcdef0123456789abcdef0123456789abcdef' },
  cvs: { clientip: '2019000003' },
  callback: { pathToken: 'local' },
};

/** Secrets Manager with one secret: GetSecretValue answers `value` to `id` (left out: to any). */
export async function startSecrets({
  value = localSecrets,
  port = 0,
  id,
}: {
  value?: object;
  port?: number;
  id?: string;
} = {}): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const server: Listening = await serve(port, 64 * 1024, async request => {
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') return fault('InvalidAction');
    const { SecretId } = JSON.parse(request.body.toString()) as { SecretId?: string };
    if (id !== undefined && SecretId !== id) return fault('ResourceNotFoundException');
    return jsonAnswer(200, {
      ARN: SecretId,
      Name: SecretId,
      SecretString: JSON.stringify(value),
      VersionId: '00000000-0000-0000-0000-000000000001',
      VersionStages: ['AWSCURRENT'],
    });
  });
  return { endpoint: server.url, stop: server.close };
}

const fault = (type: string) => jsonAnswer(400, { __type: type, Message: type });
