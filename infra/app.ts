import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundleFunctions } from './bundle.ts';
import { deployedFunctions } from './functions.ts';
import { createPaymentsStack } from './payments-stack.ts';
import { readSettings, type Settings } from './settings.ts';
import { stageContext } from './stages.ts';

const app = new App({ analyticsReporting: false });
const read = readSettings(stageContext(name => app.node.tryGetContext(name)));
if ('settings' in read) synthesise(read.settings);
else refuse(read.faults);

function synthesise(settings: Settings): void {
  const bundles = mkdtempSync(path.join(os.tmpdir(), 'zeus-payments-bundles-'));
  try {
    bundleFunctions(
      deployedFunctions(settings).map(spec => spec.name),
      bundles,
    );
    createPaymentsStack(app, settings, name => Code.fromAsset(path.join(bundles, name)));
    app.synth();
  } finally {
    rmSync(bundles, { recursive: true });
  }
}

function refuse(faults: string[]): void {
  console.error(['Settings (cdk.json, stages/<stage>.json, or -c name=value):', ...faults].join('\n  '));
  process.exitCode = 1;
}
