/** AuthReq and PayReq carry no IP code and no key, so a completion needs no secret. */
import { createSend } from '../../zeus/wire/transport.ts';
import { settings, live as table } from './table.ts';

const { gatewayBaseUrl, threeDSecureOutside } = settings;

export const live = { ...table, send: createSend(gatewayBaseUrl), threeDSecureOutside };
