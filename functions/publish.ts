import { live } from '../shared/lambda/live/publish.ts';
import { publishHandler } from '../shared/lambda/publish.ts';

/** The table's stream: every change of an order's status or attention goes to the stack's event bus. */
export const create = publishHandler;
export const handler = create(live);
