import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { apiRate } from './concurrency.ts';
import type { Route } from './functions.ts';
import type { Settings } from './settings.ts';

/** No path and no query string: the route key names the call, the request ID joins it to the function's own lines. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  caller: '$context.identity.caller',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionRequestId: '$context.integration.requestId',
  functionStatus: '$context.integration.status',
  functionError: '$context.integration.error',
};

/** The merchant API: every route with the authorizer, one stage at the root. */
export function createHttpApi(scope: Construct, settings: Settings): HttpApi {
  const api = new HttpApi(scope, 'Api', {
    apiName: `zeus-payments-${settings.deploymentId}`,
    createDefaultStage: false,
    defaultAuthorizer: authorizer(settings.authorization),
  });
  const logs = new LogGroup(scope, 'ApiLogs', { retention: settings.logRetentionDays });
  new HttpStage(scope, 'ApiStage', {
    httpApi: api,
    autoDeploy: true,
    throttle: { rateLimit: apiRate(settings.accountConcurrency), burstLimit: settings.accountConcurrency },
    accessLogSettings: {
      destination: new LogGroupLogDestination(logs),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
    },
  });
  return api;
}

export function addRoutes(api: HttpApi, fn: LambdaFunction, routes: readonly Route[]): void {
  const integration = new HttpLambdaIntegration('Integration', fn);
  for (const route of routes) {
    const [method, path] = route.split(' ') as [keyof typeof HttpMethod, string];
    api.addRoutes({ path, methods: [HttpMethod[method]], integration });
  }
}

function authorizer(setting: Settings['authorization']): IHttpRouteAuthorizer {
  if (setting.type === 'iam') return new HttpIamAuthorizer();
  return new HttpJwtAuthorizer('Jwt', setting.issuer, { jwtAudience: setting.audience });
}
