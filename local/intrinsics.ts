/** A template's resources, by logical ID. */
export type Resources = Record<string, Resource>;
export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

export const REGION = 'ap-northeast-1';
export const ACCOUNT = '000000000000';

const PSEUDO: Record<string, string> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What a value of the template is here: a resource's name is its logical ID, its ARN ends with that. */
export function resolve(value: unknown, resources: Resources): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = []] = Object.entries(value);
  const resolved = (part: unknown) => resolve(part, resources);
  switch (name) {
    case 'Ref':
      return PSEUDO[String(argument)] ?? reference(String(argument), resources);
    case 'Fn::GetAtt': {
      const [id, attribute] = argument as [string, string];
      return attribute === 'Arn' ? arnOf(typeOf(id, resources), id) : `${id}.${attribute}`;
    }
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolved).join(separator);
    }
    default:
      throw new Error(`the template uses ${name} where a value is needed to run it here`);
  }
}

/** The logical ID at the end of an ARN. */
export const logicalIdOf = (ofArn: string): string => ofArn.split(':').at(-1) ?? '';

/** A secret is referred to by its ARN, a queue by its URL, other things by their names. */
function reference(id: string, resources: Resources): string {
  const type = typeOf(id, resources);
  if (type === 'AWS::SQS::Queue') return urlOfQueue(id);
  return type === 'AWS::SecretsManager::Secret' ? arnOf(type, id) : id;
}

/** Nothing listens there: the functions reach the local queues by their endpoint. */
export const urlOfQueue = (id: string): string => `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`;

const typeOf = (id: string, resources: Resources): string => resources[id]?.Type ?? '';

/** Account and region are placeholders; the logical ID comes last. */
export function arnOf(type: string, id: string): string {
  const [, service = 'local', kind = ''] = type.toLowerCase().split('::');
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${kind}:${id}`;
}
