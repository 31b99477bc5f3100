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
import type { Role, Route } from './functions.ts';
import type { Settings } from './settings.ts';

/** No path and no query string: the route key names the call, the request ID joins it to the function's own lines. */
const ACCESS_LOG_FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  routeKey: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  functionRequestId: '$context.integration.requestId',
  functionStatus: '$context.integration.status',
  functionError: '$context.integration.error',
};

/** Who called: what history names in `actor`, too. API Gateway writes `-` for a claim that the token does not have. */
const ACTOR = {
  iam: '$context.identity.userArn',
  jwt: {
    username: '$context.authorizer.claims.username',
    client_id: '$context.authorizer.claims.client_id',
    sub: '$context.authorizer.claims.sub',
  },
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
      format: AccessLogFormat.custom(
        JSON.stringify({ ...ACCESS_LOG_FIELDS, actor: ACTOR[settings.authorization.type] }),
      ),
    },
  });
  return api;
}

export type Routes = Readonly<Record<Route, Role>>;

/** Each route asks for its role: with a JWT issuer as the token's scope, else by a policy of role-policies.ts. */
export function addRoutes(api: HttpApi, fn: LambdaFunction, routes: Routes, { type }: Settings['authorization']): void {
  const integration = new HttpLambdaIntegration('Integration', fn);
  for (const [route, role] of Object.entries(routes)) {
    const [method, path] = split(route);
    const authorizationScopes = type === 'jwt' ? [`payments/${role}`] : undefined;
    api.addRoutes({
      path,
      methods: [HttpMethod[method]],
      integration,
      ...(authorizationScopes && { authorizationScopes }),
    });
  }
}

/** Method and path. */
export const split = (route: string) => route.split(' ') as [keyof typeof HttpMethod, string];

function authorizer(setting: Settings['authorization']): IHttpRouteAuthorizer {
  if (setting.type === 'iam') return new HttpIamAuthorizer();
  return new HttpJwtAuthorizer('Jwt', setting.issuer, { jwtAudience: setting.audience });
}
