import type { Access } from '../../shared/aws/client.ts';

/** `caller`: by its access key the guard knows who calls. */
export const accessTo = (endpoint: string, caller = 'local'): Access => ({
  endpoint,
  region: 'ap-northeast-1',
  credentials: { accessKeyId: caller, secretAccessKey: 'local' },
});
