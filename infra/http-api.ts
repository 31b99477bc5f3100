import { Aws, CfnOutput, Fn } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  DomainName,
  HttpApi,
  HttpMethod,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
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
  const logs = new LogGroup(scope, 'ApiLogs', {
    logGroupName: accessLogName(settings),
    retention: settings.logRetentionDays,
  });
  const stage = new HttpStage(scope, 'ApiStage', {
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
  if (settings.apiDomain) mapDomain(scope, stage, settings.apiDomain);
  return api;
}

/**
 * Under this prefix API Gateway needs no entry in the account's one resource policy of logs, which is full after a few dozen. The
 * stack's own number keeps a new stack apart from the log group that an old one left.
 */
function accessLogName({ deploymentId }: Settings): string {
  const stackNumber = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `/aws/vendedlogs/zeus-payments-${deploymentId}/${stackNumber}`;
}

/** The shop's calls survive a move of the API. DNS must point to the output, which no hosted zone is needed for. */
function mapDomain(scope: Construct, stage: HttpStage, domain: NonNullable<Settings['apiDomain']>): void {
  const domainName = new DomainName(scope, 'ApiDomain', {
    domainName: domain.name,
    certificate: Certificate.fromCertificateArn(scope, 'ApiCertificate', domain.certificateArn),
  });
  new ApiMapping(scope, 'ApiMapping', { api: stage.api, domainName, stage });
  new CfnOutput(scope, 'ApiDomainTarget', { value: domainName.regionalDomainName });
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
