import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Code, FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { consumeQueue, createCallbackQueue } from './callback-queue.ts';
import { refuseDocumentationAddresses } from './documentation-addresses.ts';
import { createEventsOut } from './event-bus.ts';
import { createFunction, type Ground } from './function.ts';
import { deployedFunctions, type FunctionSpec, type Trigger } from './functions.ts';
import { addRoutes, createHttpApi, type Routes } from './http-api.ts';
import { createRolePolicies } from './role-policies.ts';
import { createSchedule } from './schedule.ts';
import { createSecret } from './secret.ts';
import { outputOf, partNames } from './secret-parts.ts';
import type { Settings } from './settings.ts';
import { createStreamMapping } from './stream.ts';
import { createTable, tableInUse } from './table.ts';
import { createTableKeeper } from './table-keeper.ts';
import { warn } from './warnings.ts';
import { watch } from './watch.ts';

/** What is deployed. `code` gives the bundle of a function by its name. */
export function createPaymentsStack(app: App, settings: Settings, code: (name: string) => Code): Stack {
  const stack = new Stack(app, `zeus-payments-${settings.deploymentId}`, {
    description: 'Payments through the ZEUS gateway',
    env: { region: settings.region, ...(settings.account && { account: settings.account }) },
    terminationProtection: true,
    // CloudFormation hands them on to everything that can have tags.
    tags: { 'zeus-payments': settings.deploymentId },
  });
  warn(stack, settings);
  refuseDocumentationAddresses(stack, settings.callbackSources);

  const own = createTable(stack, settings);
  createTableKeeper(stack, own, settings.deploymentId);
  const table = tableInUse(stack, own, settings);
  const specs = deployedFunctions(settings);
  const parts = partNames.filter(part => specs.some(({ secrets }) => secrets.includes(part)));
  const secrets = new Map(parts.map(part => [part, createSecret(stack, part)]));
  const { callbackQueue, callbackDeadLetters } = createCallbackQueue(stack);
  const eventsOut = createEventsOut(stack, settings.deploymentId);
  const ground: Ground = { settings, table, secrets, callbackQueue, eventsOut, code };
  const api = createHttpApi(stack, settings);
  const deployed = specs.map(spec => {
    const fn = createFunction(stack, spec, ground);
    attach(spec.trigger, fn, { ...ground, api });
    return { spec, fn };
  });
  if (settings.authorization.type === 'iam') createRolePolicies(api, routesOf(specs));
  const deadLetters = { callbacks: callbackDeadLetters, events: eventsOut.failures };
  const publish = deployed.find(({ spec }) => spec.publishes)?.fn;
  if (!publish) throw new Error('no function publishes');
  watch(stack, settings, { functions: deployed, api, table, callbackQueue, deadLetters, publish });

  new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  for (const [part, secret] of secrets) new CfnOutput(stack, outputOf(part), { value: secret.secretName });
  new CfnOutput(stack, 'EventBusName', { value: eventsOut.bus.eventBusName });
  return stack;
}

/** Every route of these functions with its role. */
export const routesOf = (specs: readonly FunctionSpec[]): Routes =>
  Object.assign({}, ...specs.map(({ trigger }) => ('routes' in trigger ? trigger.routes : {})));

function attach(trigger: Trigger, fn: LambdaFunction, sources: Ground & { api: HttpApi }): void {
  const { api, settings, table, callbackQueue, eventsOut } = sources;
  if ('routes' in trigger) addRoutes(api, fn, trigger.routes, settings.authorization);
  else if ('everyMinutes' in trigger) createSchedule(fn, trigger.everyMinutes);
  else if ('callbackQueue' in trigger) consumeQueue(fn, callbackQueue);
  else if ('stream' in trigger) createStreamMapping(fn, table, eventsOut.failures);
  else {
    const { url } = fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    new CfnOutput(fn.stack, 'CallbackFunctionUrl', { value: url });
  }
}
