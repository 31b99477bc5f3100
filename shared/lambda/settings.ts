/** The only file that reads the environment: what the stack gives every function. */
export interface Settings {
  tableName: string;
  secretId: string;
  deploymentId: string;
  gatewayBaseUrl: string;
  /** Addresses that callbacks may come from; empty in functions that take none. */
  callbackSources: string[];
}

export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`The environment variable ${name} is not set.`);
    return value;
  };
  return {
    tableName: required('TABLE_NAME'),
    secretId: required('SECRET_ID'),
    deploymentId: required('DEPLOYMENT_ID'),
    gatewayBaseUrl: environment.ZEUS_BASE_URL || 'https://linkpt.cardservice.co.jp',
    callbackSources: (environment.CALLBACK_SOURCES ?? '').split(',').filter(Boolean),
  };
}
