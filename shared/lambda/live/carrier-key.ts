import { keep, parseCarrierKey } from '../secret.ts';
import { textOf } from './secrets-manager.ts';

export const carrierKey = keep(textOf('CARRIER_KEY_SECRET_ID'), parseCarrierKey);
