import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Answer, jsonAnswer, type Request, serve } from './server.ts';

export interface QueueDefinition {
  name: string;
  visibilitySeconds: number;
  deadLetters: { queue: string; maxReceives: number } | null;
}

export interface Queues {
  endpoint: string;
  /** How many messages a queue holds, received or not. */
  sizeOf(name: string): number;
  stop(): Promise<void>;
}

interface Message {
  id: string;
  body: string;
  sentAt: number;
  receives: number;
  firstReceivedAt: number | null;
  /** It can be received from then on. */
  visibleAt: number;
  receipt: string | null;
}

/** What SQS takes as one message. */
const MAX_BYTES = 1024 * 1024;
const MAX_RECEIVED = 10;

/**
 * SQS with standard queues and the four operations that the stack's functions, and Lambda in their name, use; by its JSON
 * protocol. A receive answers at once. With `file`, messages survive a restart. `now` in milliseconds.
 */
export async function startQueues(
  definitions: readonly QueueDefinition[],
  { now = Date.now, file = null, port = 0 }: { now?: () => number; file?: string | null; port?: number } = {},
): Promise<Queues> {
  const kept = file !== null && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const messages = new Map<string, Message[]>(definitions.map(({ name }) => [name, kept[name] ?? []]));
  const save = () => {
    if (file === null) return;
    // In one step, so that a kill leaves the old messages or the new ones.
    writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(messages)));
    renameSync(`${file}.new`, file);
  };
  const server = await serve(port, 2 * MAX_BYTES, async request => {
    const input = JSON.parse(request.body.toString() || '{}') as Input;
    const definition = definitions.find(({ name }) => name === queueOf(input));
    if (!definition) return fault('com.amazonaws.sqs#QueueDoesNotExist');
    const run = operations[operationOf(request)];
    if (!run) return fault('com.amazonaws.sqs#UnsupportedOperation');
    const answer = run({ definition, messages, now: now() }, input);
    save();
    return answer;
  });
  return { endpoint: server.url, sizeOf: name => messages.get(name)?.length ?? 0, stop: server.close };
}

interface Input {
  QueueUrl?: string;
  MessageBody?: string;
  MaxNumberOfMessages?: number;
  ReceiptHandle?: string;
}

interface Scene {
  definition: QueueDefinition;
  messages: Map<string, Message[]>;
  now: number;
}

const operations: Record<string, (scene: Scene, input: Input) => Answer> = {
  SendMessage({ definition, messages, now }, { MessageBody = '' }) {
    const bytes = Buffer.byteLength(MessageBody);
    if (bytes === 0 || bytes > MAX_BYTES) return fault('com.amazonaws.sqs#InvalidParameterValue');
    const id = randomUUID();
    const message = {
      id,
      body: MessageBody,
      sentAt: now,
      receives: 0,
      firstReceivedAt: null,
      visibleAt: 0,
      receipt: null,
    };
    messages.get(definition.name)?.push(message);
    return jsonAnswer(200, { MessageId: id, MD5OfMessageBody: md5(MessageBody) });
  },
  ReceiveMessage(scene, { MaxNumberOfMessages = 1 }) {
    buryDeadLetters(scene);
    const { definition, messages, now } = scene;
    const all = messages.get(definition.name) ?? [];
    const found = all.filter(({ visibleAt }) => visibleAt <= now).slice(0, Math.min(MaxNumberOfMessages, MAX_RECEIVED));
    for (const message of found) {
      message.receives += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + definition.visibilitySeconds * 1000;
      message.receipt = randomUUID();
    }
    return jsonAnswer(200, found.length > 0 ? { Messages: found.map(present) } : {});
  },
  DeleteMessage({ definition, messages }, { ReceiptHandle }) {
    const left = (messages.get(definition.name) ?? []).filter(({ receipt }) => receipt !== ReceiptHandle);
    messages.set(definition.name, left);
    return jsonAnswer(200, {});
  },
  GetQueueAttributes({ definition, messages }) {
    const { visibilitySeconds, name } = definition;
    const Attributes = {
      ApproximateNumberOfMessages: String(messages.get(name)?.length ?? 0),
      VisibilityTimeout: String(visibilitySeconds),
    };
    return jsonAnswer(200, { Attributes });
  },
};

/** Messages received as often as they may be go to the dead letters when they would be received once more. */
function buryDeadLetters({ definition: { name, deadLetters }, messages, now }: Scene): void {
  if (!deadLetters) return;
  const isDead = ({ receives, visibleAt }: Message) => receives >= deadLetters.maxReceives && visibleAt <= now;
  const all = messages.get(name) ?? [];
  messages.get(deadLetters.queue)?.push(...all.filter(isDead));
  messages.set(
    name,
    all.filter(message => !isDead(message)),
  );
}

function present({ id, body, sentAt, receives, firstReceivedAt, receipt }: Message): object {
  return {
    MessageId: id,
    ReceiptHandle: receipt,
    Body: body,
    MD5OfBody: md5(body),
    Attributes: {
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
    },
  };
}

/** A queue's URL ends with its name. */
export const queueOf = ({ QueueUrl = '' }: Input): string => QueueUrl.split('/').at(-1) ?? '';

const operationOf = ({ headers }: Request): string =>
  /^AmazonSQS\.(\w+)$/.exec(headers['x-amz-target'] ?? '')?.[1] ?? '';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const fault = (type: string): Answer => jsonAnswer(400, { __type: type, message: type });
