import { keep, parseCardKey } from '../secret.ts';
import { textOf } from './secrets-manager.ts';

export const cardKey = keep(textOf('CARD_KEY_SECRET_ID'), parseCardKey);
