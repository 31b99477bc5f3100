/** What a client takes from the environment in a function. `caller`: by its access key the guard knows who calls. */
export const accessTo = (endpoint: string, caller = 'local') => ({
  endpoint,
  region: 'ap-northeast-1',
  credentials: { accessKeyId: caller, secretAccessKey: 'local' },
});
