import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type Code, FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { consumeQueue, createCallbackQueue } from './callback-queue.ts';
import { refuseDocumentationAddresses } from './documentation-addresses.ts';
import { createEventsOut } from './event-bus.ts';
import { createFunction, type Ground } from './function.ts';
import { type FunctionSpec, functions, type Trigger } from './functions.ts';
import { addRoutes, createHttpApi } from './http-api.ts';
import { createSchedule } from './schedule.ts';
import { createSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import { createStreamMapping } from './stream.ts';
import { createTable } from './table.ts';
import { warnWithoutThreeDSecure } from './three-d-secure.ts';
import { watch } from './watch.ts';

/** What is deployed. `code` gives the bundle of a function by its name. */
export function createPaymentsStack(app: App, settings: Settings, code: (name: string) => Code): Stack {
  const stack = new Stack(app, `zeus-payments-${settings.deploymentId}`, {
    description: 'Payments through the ZEUS gateway',
  });
  refuseDocumentationAddresses(stack, settings.callbackSources);
  warnWithoutThreeDSecure(stack, settings);

  const table = createTable(stack, settings);
  const secret = createSecret(stack);
  const { callbackQueue, callbackDeadLetters } = createCallbackQueue(stack);
  const eventsOut = createEventsOut(stack, settings.deploymentId);
  const ground: Ground = { settings, table, secret, callbackQueue, eventsOut, code };
  const api = createHttpApi(stack, settings);
  const deployed = deployedFunctions(settings).map(spec => {
    const fn = createFunction(stack, spec, ground);
    attach(spec.trigger, fn, { ...ground, api });
    return { spec, fn };
  });
  const deadLetters = { callbacks: callbackDeadLetters, events: eventsOut.failures };
  watch(stack, settings, { functions: deployed, api, table, callbackQueue, deadLetters });

  new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  new CfnOutput(stack, 'SecretName', { value: secret.secretName });
  new CfnOutput(stack, 'EventBusName', { value: eventsOut.bus.eventBusName });
  return stack;
}

export function deployedFunctions({ methods, threeDSecure }: Settings): FunctionSpec[] {
  return functions
    .filter(({ method }) => method === null || methods.includes(method))
    .filter(({ authenticates }) => !authenticates || threeDSecure !== 'off');
}

function attach(trigger: Trigger, fn: LambdaFunction, sources: Ground & { api: HttpApi }): void {
  const { api, table, callbackQueue, eventsOut } = sources;
  if ('routes' in trigger) addRoutes(api, fn, trigger.routes);
  else if ('everyMinutes' in trigger) createSchedule(fn, trigger.everyMinutes);
  else if ('callbackQueue' in trigger) consumeQueue(fn, callbackQueue);
  else if ('stream' in trigger) createStreamMapping(fn, table, eventsOut.failures);
  else {
    const { url } = fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    new CfnOutput(fn.stack, 'CallbackFunctionUrl', { value: url });
  }
}
