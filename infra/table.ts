import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { expiryAttribute, indexes, tableKey } from '../shared/aws/indexes.ts';
import type { Settings } from './settings.ts';

/** The one table: an order is one item. It outlives the stack, because it is the record of the money. */
export function createTable(scope: Construct, { orderRetentionDays }: Settings): TableV2 {
  const text = (name: string) => ({ name, type: AttributeType.STRING });
  return new TableV2(scope, 'Table', {
    partitionKey: text(tableKey),
    globalSecondaryIndexes: indexes.map(index => ({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      sortKey: text(index.sortKey),
      projectionType: ProjectionType[index.projection],
    })),
    ...(orderRetentionDays !== null && { timeToLiveAttribute: expiryAttribute }),
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
}

export type PaymentsTable = TableV2 | ITableV2;

/** The table that the functions use: a restored one stays outside the stack, and the stack's own is kept as it is. */
export function tableInUse(scope: Construct, own: TableV2, { restoredTable }: Settings): PaymentsTable {
  if (restoredTable === null) return own;
  return TableV2.fromTableAttributes(scope, 'RestoredTable', {
    tableArn: restoredTable.tableArn,
    tableStreamArn: restoredTable.streamArn,
    globalIndexes: indexes.map(({ name }) => name),
  });
}
