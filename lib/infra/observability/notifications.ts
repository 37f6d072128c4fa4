import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Severity } from '../../signals/cloudwatch/cloud.ts';

/** E-mail addresses by severity; each is asked by AWS to confirm. */
export type NotificationsProps = Readonly<Record<Severity, readonly string[]>>;

/** Where alarms and notices go, one topic a severity, so that a notice wakes no one who is on call. */
export type Topics = Readonly<Record<Severity, ITopic>>;

/** Services that publish. AWS's own key for SNS would not let them. Source: Amazon SNS, "Enable compatibility with AWS services". */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'budgets.amazonaws.com'];

/** Two encrypted topics, and who reads them. */
export class Notifications extends Construct {
  readonly topics: Topics;
  /** Encrypts both: a role that publishes needs rights on it too. */
  readonly keyArn: string;

  constructor(scope: Construct, id: string, addresses: NotificationsProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'Alarms and notices',
      enableKeyRotation: true,
      // It encrypts messages on their way and nothing that is stored, so without its topics it is of no use.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.keyArn = key.keyArn;
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: PUBLISHERS.map((service) => new ServicePrincipal(service)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
      }),
    );
    this.topics = {
      page: this.#topic('Page', key, addresses.page),
      notice: this.#topic('Notice', key, addresses.notice),
    };
  }

  /** Handed on as imported: the library's grants would add a wildcard action on the key at every use. */
  #topic(id: string, masterKey: Key, addresses: readonly string[]): ITopic {
    const topic = new Topic(this, id, { masterKey, enforceSSL: true });
    const fromHere = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    for (const service of PUBLISHERS) {
      topic.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [topic.topicArn],
          // EventBridge sends no source with its deliveries to SNS (EventBridge User Guide, troubleshooting of rules), so a condition
          // would refuse them all.
          ...(service !== 'events.amazonaws.com' && { conditions: fromHere }),
        }),
      );
    }
    for (const address of addresses) topic.addSubscription(new EmailSubscription(address));
    return Topic.fromTopicArn(this, `${id}Handle`, topic.topicArn);
  }
}
