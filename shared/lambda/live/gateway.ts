/** Functions that send to the gateway, or make forms for it. */
import { createSend } from '../../zeus/wire/transport.ts';
import { ipCodes } from './ip-codes.ts';
import { settings, live as table } from './table.ts';

const { gatewayBaseUrl } = settings;

export const live = { ...table, ipCodes, gatewayBaseUrl, send: createSend(gatewayBaseUrl) };
