/** The functions that take callbacks; the queue is for the public one alone. */
import { credentials } from './credentials.ts';
import { settings, live as table } from './table.ts';

export const live = { ...table, credentials, callbackSources: settings.callbackSources };
