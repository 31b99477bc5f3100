/** Checks a template against AWS's published schemas of its resources: properties, types, required fields, attributes. */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource as Schema } from '@aws-cdk/service-spec-types';

const schemas = loadAwsServiceSpecSync();

export interface TemplateResource {
  DeletionPolicy?: string;
  Type: string;
  Properties?: Record<string, unknown>;
}

export interface TemplateBody {
  Resources: Record<string, TemplateResource>;
  Parameters?: Record<string, unknown>;
  Outputs?: Record<string, unknown>;
}

export function schemaOf(type: string): Schema | null {
  const [schema] = schemas.lookup('resource', 'cloudFormationType', 'equals', type);
  return schema ?? null;
}

/** One line for each fault. */
export function faultsOf(template: TemplateBody): string[] {
  const resources = Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const schema = schemaOf(Type);
    if (!schema) return [`${id}: AWS has no ${Type}`];
    return faultsOfObject(schema.properties, Properties, id);
  });
  return [...resources, ...faultsOfReferences(template, { ...template.Resources, ...template.Outputs }, 'template')];
}

/** The properties of a type whose change replaces the resource. */
export const replacingProperties = (type: string): string[] =>
  Object.entries(schemaOf(type)?.properties ?? {})
    .filter(([, { causesReplacement = 'no' }]) => causesReplacement !== 'no')
    .map(([name]) => name)
    .sort();

function faultsOfObject(properties: Record<string, Property>, value: Record<string, unknown>, path: string): string[] {
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required && !(name in value))
    .map(([name]) => `${path}: ${name} is required`);
  const others = Object.entries(value).flatMap(([name, each]) => {
    const property = properties[name];
    return property ? faultsOfValue(property, each, `${path}.${name}`) : [`${path}: there is no ${name}`];
  });
  return [...missing, ...others];
}

/** Older types of a property stay allowed. */
function faultsOfValue({ type, previousTypes = [] }: Property, value: unknown, path: string): string[] {
  const found = [type, ...previousTypes].map(each => faultsOfType(each, value, path));
  return found.find(faults => faults.length === 0) ?? found[0] ?? [];
}

function faultsOfType(type: PropertyType, value: unknown, path: string): string[] {
  if (isIntrinsic(value)) return [];
  const wrong = (wanted: string) => [`${path}: ${JSON.stringify(value)?.slice(0, 60)} is no ${wanted}`];
  switch (type.type) {
    case 'string':
      if (typeof value !== 'string') return wrong('string');
      return type.allowedValues && !type.allowedValues.includes(value) ? wrong(type.allowedValues.join('|')) : [];
    case 'number':
      return typeof value === 'number' ? [] : wrong('number');
    case 'integer':
      return Number.isInteger(value) ? [] : wrong('whole number');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('boolean');
    case 'array':
      if (!Array.isArray(value)) return wrong('list');
      return value.flatMap((each, i) => faultsOfType(type.element, each, `${path}[${i}]`));
    case 'map':
      if (!isObject(value)) return wrong('map');
      return Object.entries(value).flatMap(([key, each]) => faultsOfType(type.element, each, `${path}.${key}`));
    case 'ref': {
      if (!isObject(value)) return wrong('object');
      return faultsOfObject(schemas.get('typeDefinition', type.reference.$ref).properties, value, path);
    }
    case 'tag':
      return isObject(value) && 'Key' in value && 'Value' in value ? [] : wrong('tag');
    case 'union': {
      const found = type.types.map(each => faultsOfType(each, value, path));
      return found.find(faults => faults.length === 0) ?? found[0] ?? [];
    }
    default:
      return [];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isIntrinsic = (value: unknown): boolean =>
  isObject(value) && Object.keys(value).length === 1 && /^(Ref|Fn::\w+)$/.test(Object.keys(value)[0] ?? '');

/** What `Ref` names is in the template; what `Fn::GetAtt` names is an attribute of its type. */
function faultsOfReferences(template: TemplateBody, value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each, i) => faultsOfReferences(template, each, `${path}[${i}]`));
  if (!isObject(value)) return [];
  if (typeof value.Ref === 'string' && Object.keys(value).length === 1) {
    const known = value.Ref.startsWith('AWS::') || value.Ref in { ...template.Resources, ...template.Parameters };
    return known ? [] : [`${path}: Ref of ${value.Ref}, which is not there`];
  }
  if (Array.isArray(value['Fn::GetAtt'])) {
    const [id, attribute] = value['Fn::GetAtt'] as [string, string];
    const schema = schemaOf(template.Resources[id]?.Type ?? '');
    return schema && attribute in schema.attributes ? [] : [`${path}: ${id} has no attribute ${attribute}`];
  }
  return Object.entries(value).flatMap(([key, each]) => faultsOfReferences(template, each, `${path}.${key}`));
}
