import { App, type AppProps, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import cdk from '../../cdk.json' with { type: 'json' };
import { createPaymentsStack } from '../../infra/payments-stack.ts';
import { readSettings } from '../../infra/settings.ts';

/** An address of no documentation range, and of nobody. */
export const source = '127.0.0.9';

/** An app with the stack alone, under cdk.json's feature flags, with these settings on top of the two that are needed; without bundles. */
export function appWith(context: Record<string, unknown> = {}, props: AppProps = {}): { app: App; stack: Stack } {
  const settings = readSettings(name => ({ deploymentId: 'test', callbackSources: [source], ...context })[name]);
  if ('faults' in settings) throw new Error(settings.faults.join('\n'));
  const app = new App({ ...props, context: cdk.context });
  return { app, stack: createPaymentsStack(app, settings.settings, name => Code.fromInline(`// ${name}`)) };
}

/** Its template. CDK's own rules for templates take 4 s of the processor in each process: nag.test.ts applies them. */
export const templateWith = (context: Record<string, unknown> = {}): Template =>
  Template.fromStack(appWith(context, { builtinCloudFormationValidation: false }).stack);

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation has no types here, and every value is compared
  Properties: Record<string, any>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export function resourcesOf(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The function made from `functions/<name>.ts`, with its logical ID. */
export function functionOf(template: Template, name: string): { id: string } & Resource {
  const found = Object.entries(resourcesOf(template, 'AWS::Lambda::Function')).find(([, fn]) => {
    return fn.Properties.Description === `functions/${name}.ts`;
  });
  if (!found) throw new Error(`no function ${name}`);
  return { id: found[0], ...found[1] };
}
