import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The bus on which changes of orders are published, and the queue that gets a pointer to each batch that could not be. */
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
    reason: 'It is itself the dead-letter queue of the stream. No function reads it, so there is nothing to redrive.',
  });
  return {
    bus: new EventBus(scope, 'EventBus', {
      eventBusName: `zeus-payments-${deploymentId}`,
      description: 'Changes of orders, from source zeus.payments',
    }),
    failures,
  };
}
