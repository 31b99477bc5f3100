/** The functions that take callbacks; the queue is for the public one alone. */
import { ipCodes } from './ip-codes.ts';
import { settings, live as table } from './table.ts';

const { callbackSources, strictCallbacks } = settings;

export const live = { ...table, ipCodes, callbackSources, strictCallbacks };
