import { Duration } from 'aws-cdk-lib';
import { type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/** Mails to the address of the settings; without one the alarms only show in the console. */
export function createMailer(scope: Construct, address: string | null): IAlarmAction | null {
  if (address === null) return null;
  const topic = new Topic(scope, 'AlarmTopic', { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(address));
  return new SnsAction(topic);
}

/** A run that threw or ran out of time: every answer of the contract is given without either. */
export function createErrorAlarm(fn: LambdaFunction, name: string, mailer: IAlarmAction | null): void {
  const alarm = fn.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }).createAlarm(fn, 'Errors', {
    alarmDescription: `${name} failed or ran out of time`,
    threshold: 1,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  if (mailer) alarm.addAlarmAction(mailer);
}
