import path from 'node:path';
import { REGION } from './intrinsics.ts';
import type { FunctionDefinition } from './lambda.ts';

/** The variables that Lambda adds to a function's own; the endpoints are the AWS SDK's names for another address of a service. */
export function lambdaEnvironment(fn: FunctionDefinition, servicesUrl: string): Record<string, string> {
  return {
    // By this the services know who calls.
    AWS_ACCESS_KEY_ID: fn.name,
    AWS_DEFAULT_REGION: REGION,
    AWS_ENDPOINT_URL_DYNAMODB: servicesUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: servicesUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: servicesUrl,
    AWS_ENDPOINT_URL_SQS: servicesUrl,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_REGION: REGION,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_TASK_ROOT: path.dirname(fn.file),
    TZ: ':UTC',
    _HANDLER: `index.${fn.handler}`,
    ...fn.environment,
  };
}
