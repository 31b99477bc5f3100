/** Functions that also keep stored cards. */
import { cardsTable } from '../../aws/cards-table.ts';
import { live as gateway } from './gateway.ts';
import { dynamo, settings } from './table.ts';

const { threeDSecure, threeDSecureOutside } = settings;

export const live = { ...gateway, cards: cardsTable(dynamo, settings.tableName), threeDSecure, threeDSecureOutside };
