/**
 * What must stay the same thing from one release to the next: the table, the secrets, the queues, the API and the function
 * URL. A changed logical ID, or a changed property of those that AWS cannot change in place, would make an empty new one.
 * `node test/infra/identity.ts` writes the fixture: only before the first deployment, or with a migration in the guide.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replacingProperties, type TemplateBody } from './resource-schemas.ts';
import { templateWith } from './template.ts';

export const LASTING = [
  'AWS::ApiGatewayV2::Api',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::EventBus',
  'AWS::IAM::ManagedPolicy',
  'AWS::Lambda::Url',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
];

export type Identity = Record<string, { type: string; unchangeable: Record<string, unknown> }>;

/** Lasting resources, and whatever these are made for (the function of a URL), by logical ID. */
export function identityOf(template: TemplateBody): Identity {
  const lasting = Object.entries(template.Resources).filter(([, { Type, DeletionPolicy }]) => {
    // Of the policies only the one that is kept with the table.
    return LASTING.includes(Type) && (Type !== 'AWS::IAM::ManagedPolicy' || DeletionPolicy !== undefined);
  });
  const reached = new Set(lasting.map(([id]) => id));
  for (const [, { Type, Properties = {} }] of lasting) {
    for (const name of replacingProperties(Type)) {
      for (const id of referredTo(Properties[name])) reached.add(id);
    }
  }
  return Object.fromEntries(
    [...reached].sort().map(id => {
      const { Type = '', Properties = {} } = template.Resources[id] ?? {};
      const kept = replacingProperties(Type).filter(name => name in Properties);
      return [id, { type: Type, unchangeable: Object.fromEntries(kept.map(name => [name, Properties[name]])) }];
    }),
  );
}

function referredTo(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  return [...text.matchAll(/"(?:Ref":"|Fn::GetAtt":\[")([A-Za-z0-9]+)"/g)].map(([, id]) => id ?? '');
}

const fixture = fileURLToPath(new URL('stack-identity.json', import.meta.url));

export const readIdentity = (): Identity => JSON.parse(readFileSync(fixture, 'utf8')) as Identity;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fixture, `${JSON.stringify(identityOf(templateWith().toJSON() as TemplateBody), null, 2)}\n`);
}
