import { keep, parseIpCodes } from '../secret.ts';
import { textOf } from './secrets-manager.ts';

export const ipCodes = keep(textOf('IP_CODES_SECRET_ID'), parseIpCodes);
