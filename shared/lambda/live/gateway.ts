/** Functions that send to the gateway, or make forms for it. */
import { createSend } from '../../zeus/wire/transport.ts';
import { credentials } from './credentials.ts';
import { settings, live as table } from './table.ts';

const { gatewayBaseUrl } = settings;

export const live = { ...table, credentials, gatewayBaseUrl, send: createSend(gatewayBaseUrl) };
