import { readFileSync } from 'node:fs';
import type { Reply, Send } from '../../shared/zeus/wire/transport.ts';

export const folder = new URL('../fixtures/card/', import.meta.url);

export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, folder));
}

export function lines(name: string): string[] {
  return fixture(name).toString('ascii').trimEnd().split('\n');
}

export function answered(name: string, status = 200): Reply {
  return { kind: 'answered', status, body: fixture(name) };
}

/** A `send` that gives one answer and keeps what it was asked to send. */
export function recorder(reply: Reply) {
  const sent: { path: string; contentType: string; body: Buffer }[] = [];
  const send: Send = async (path, contentType, body) => {
    sent.push({ path, contentType, body: Buffer.from(body) });
    return reply;
  };
  return { send, sent };
}

/** 86 bytes: the longest token key, with every symbol that a form or XML must escape. */
export const longestTokenKey = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/=-_.~!@#$%^&*()[]{}:<>';
export const orderId = 'Zx3_-Aa9Zx3_-Aa9Zx3_-Aa9Zx3_-Aa9';
export const orderNumber = '11.111.11.11-000-222-333';

/** What no answer can be: the gateway's words cut, misspelt, wrapped in a page, or in another charset. */
export const noAnswers = [
  'empty.txt',
  'html.txt',
  'truncated-success.txt',
  'truncated-failure.txt',
  'unlisted-failer-order.txt',
  'unlisted-word.txt',
  'unlisted-invalid-alone.txt',
  'unlisted-invalid-two-lines.txt',
  'unlisted-invalid-long.txt',
  'unlisted-maintenance-and-more.txt',
  'wrong-charset-utf16.txt',
  'wrong-charset-shift-jis.txt',
];
