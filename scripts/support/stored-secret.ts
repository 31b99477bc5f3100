import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { contentOf, outputOf, partNames, type SecretContent } from '../../infra/secret-parts.ts';
import { type Outputs, secretsManagerOf } from './outputs.ts';
import { Complaint } from './run.ts';

/** The secret as a whole: one JSON, whose parts lie in secrets of their own. */
export function storedSecret({ secretNames, ...stack }: Outputs) {
  const client = secretsManagerOf(stack);
  return {
    async read(): Promise<SecretContent> {
      const whole: SecretContent = {};
      for (const part of partNames) {
        const SecretId = secretNames[part];
        if (SecretId === undefined) continue;
        const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
        const content = contentOf(part, parse(SecretString, SecretId));
        for (const [service, values] of Object.entries(content)) whole[service] = { ...whole[service], ...values };
      }
      return whole;
    },
    /** Writes the parts that differ. Where one has no secret, a Complaint, and nothing is written. */
    async write(before: SecretContent, after: SecretContent): Promise<void> {
      const textOf = (part: (typeof partNames)[number], whole: SecretContent) => JSON.stringify(contentOf(part, whole));
      const changed = partNames.filter(part => textOf(part, before) !== textOf(part, after));
      const unknown = changed.filter(part => secretNames[part] === undefined).map(outputOf);
      if (unknown.length > 0) {
        throw new Complaint(`The outputs have no ${unknown.join(', ')}: deploy what needs it before you fill it.`);
      }
      for (const part of changed) {
        const SecretString = textOf(part, after);
        await client.send(new PutSecretValueCommand({ SecretId: secretNames[part], SecretString }));
      }
    },
  };
}

/** A parser's own message would quote the text. */
function parse(text: string, name: string): SecretContent {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as SecretContent;
  } catch {}
  throw new Complaint(`The secret ${name} holds something that is no JSON object: look at it in the console.`);
}
