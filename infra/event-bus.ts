import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where the orders' changes go, and where a note about those goes that could not get there. */
export interface EventsOut {
  bus: EventBus;
  failures: Queue;
}

/** SQS keeps a message no longer. */
const KEPT_DAYS = 14;

export function createEventsOut(scope: Construct, deploymentId: string): EventsOut {
  const failures = new Queue(scope, 'PublishFailures', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(KEPT_DAYS),
  });
  Validations.of(failures).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason:
      "It is the stream's own place for what cannot be delivered: no function reads it, so nothing can fail there.",
  });
  return {
    bus: new EventBus(scope, 'EventBus', {
      eventBusName: `zeus-payments-${deploymentId}`,
      description: 'Changes of orders, from source zeus.payments',
    }),
    failures,
  };
}
