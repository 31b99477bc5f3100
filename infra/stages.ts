import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context } from './settings.ts';

const root = new URL('..', import.meta.url);

/**
 * Settings of one stage: with `-c stage=production` those of `stages/production.json` go before cdk.json's, and what else is given
 * on the command line goes before both. Throws where there is no such file.
 */
export function stageContext(context: Context, folder: URL = root): Context {
  const stage = context('stage');
  if (stage === undefined) return context;
  const file = new URL(`stages/${stage}.json`, folder);
  if (!/^[a-z0-9-]+$/.test(String(stage)) || !existsSync(file))
    throw new Error(`There is no ${fileURLToPath(file)} for -c stage=${stage}.`);
  const ofStage = readJson(file);
  const ofFile = readJson(new URL('cdk.json', folder)).context as Record<string, unknown>;
  return name => {
    const given = context(name);
    // CDK mixes the command line with cdk.json: what differs from the file was typed.
    const isTyped = JSON.stringify(given) !== JSON.stringify(ofFile[name]);
    return isTyped ? given : (ofStage[name] ?? given);
  };
}

const readJson = (file: URL) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
