/** The live dependencies of functions that need the table alone. One file for each set, so that none bundles more. */
import { documentClient } from '../../aws/document-client.ts';
import { ordersTable } from '../../aws/orders-table.ts';
import { clock } from '../clock.ts';
import { readSettings } from '../settings.ts';

export const settings = readSettings();
export const dynamo = documentClient();

export const live = {
  ...clock,
  store: ordersTable(dynamo, settings.tableName, settings.orderRetentionDays),
  testsAccepted: settings.testPayments === 'accept',
  deploymentId: settings.deploymentId,
};
