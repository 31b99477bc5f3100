import { forward } from './forward.ts';
import { arnOf } from './intrinsics.ts';
import { queueOf } from './queues.ts';
import { jsonAnswer, type Listening, type Request, serve } from './server.ts';

/** One action on one resource that a function's role allows. */
export interface Grant {
  action: string;
  resource: string;
}

export interface Guarded {
  dynamodb: string;
  eventBridge: string;
  secretsManager: string;
  sqs: string;
}

/** A batch's items come to 16 MB at most. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The functions say what it means to them; a line for each request would only bury that. */
const UNREACHABLE = jsonAnswer(500, { __type: 'InternalServerError', Message: 'the service does not answer' });

/**
 * Stands before the services and lets a function do what its role in the template allows, no more: a forgotten grant shows here
 * and not first on AWS. A function is known by its access key, which is its name.
 */
export function startGuard(
  grants: ReadonlyMap<string, readonly Grant[]>,
  services: Guarded,
  complain: (line: string) => void,
): Promise<Listening> {
  return serve(0, MAX_BYTES, async request => {
    const caller = /Credential=(\w+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const missing = findMissing(grants.get(caller), neededGrants(request));
    if (!missing) {
      return forward(request, serviceOf(request.headers['x-amz-target'] ?? '', services)).catch(() => UNREACHABLE);
    }
    const message = `${caller} is not authorized to perform ${missing.action} on ${missing.resource}`;
    complain(message);
    return jsonAnswer(400, { __type: 'AccessDeniedException', Message: message });
  });
}

export function findMissing(granted: readonly Grant[] = [], needed: readonly Grant[]): Grant | undefined {
  return needed.find(each => !granted.some(grant => isSame(grant, each)));
}

export function neededGrants({ headers, body }: Request): Grant[] {
  const [service = '', operation = ''] = (headers['x-amz-target'] ?? '').split('.');
  const input = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
  if (service === 'secretsmanager') return [{ action: `${service}:${operation}`, resource: String(input.SecretId) }];
  if (service === 'AWSEvents') {
    const entries = (input.Entries ?? []) as { EventBusName?: string }[];
    return entries.map(({ EventBusName = 'default' }) => ({
      action: `events:${operation}`,
      resource: arnOf('AWS::Events::EventBus', EventBusName),
    }));
  }
  if (service === 'AmazonSQS') {
    return [{ action: `sqs:${operation}`, resource: arnOf('AWS::SQS::Queue', queueOf(input)) }];
  }
  const tables = input.RequestItems ? Object.keys(input.RequestItems) : [String(input.TableName)];
  const index = input.IndexName ? `/index/${input.IndexName}` : '';
  return tables.map(table => ({
    action: `dynamodb:${operation}`,
    resource: `${arnOf('AWS::DynamoDB::GlobalTable', table)}${index}`,
  }));
}

function isSame(a: Grant, b: Grant): boolean {
  return a.action === b.action && a.resource === b.resource;
}

function serviceOf(target: string, services: Guarded): string {
  if (target.startsWith('secretsmanager.')) return services.secretsManager;
  if (target.startsWith('AmazonSQS.')) return services.sqs;
  return target.startsWith('AWSEvents.') ? services.eventBridge : services.dynamodb;
}
