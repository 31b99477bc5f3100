/** The functions that take callbacks; the queue is for the public one alone. */
import { credentials } from './credentials.ts';
import { settings, live as table } from './table.ts';

const { callbackSources, strictCallbacks } = settings;

export const live = { ...table, credentials, callbackSources, strictCallbacks };
