import type { Route } from '../../infra/functions.ts';
import recorded from './examples.json' with { type: 'json' };

/** One call and its answer, as they were when test/docs/examples.ts last recorded them. */
export interface Example {
  route: Route;
  name: string;
  summary: string;
  path: string;
  /** The Idempotency-Key; GET has none. */
  key?: string;
  body?: unknown;
  status: number;
  contentType: string;
  headers: Record<string, string>;
  answer: unknown;
}

export const examples = recorded as unknown as Example[];
