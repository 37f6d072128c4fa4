import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { addChecklistEndpoints } from './checklist-endpoints.ts';
import type { Environment } from '../../environment/environment.ts';
import type { LoadTestConfiguration } from '../../environment/load-test.ts';
import { LoadTest } from './load-test.ts';
import { builtTarget, existingTarget, type LoadTarget } from './target.ts';
import type { MonitoredSystem } from '../observability/metric.ts';
import type { StagingEnvironment } from '../staging/staging-environment.ts';

export interface LoadTestStackProps extends StackProps {
  readonly environment: Environment;
  readonly loadTest: LoadTestConfiguration;
  readonly prefix: string;
  readonly version: string;
  readonly monitored: MonitoredSystem;
  /** Absent where the system was there already. */
  readonly staging?: StagingEnvironment | undefined;
  readonly topicArn: string;
  readonly topicKeyArn: string;
  readonly pageTopicArn: string;
}

/** Load tests of an environment, built here or there already. */
export class LoadTestStack extends Stack {
  readonly loadTest: LoadTest;

  constructor(scope: Construct, id: string, props: LoadTestStackProps) {
    super(scope, id, props);
    const { environment, loadTest, prefix, version, monitored, topicArn, topicKeyArn, pageTopicArn } = props;
    const { existing: _, reset: __, allowProduction = [], ...sizes } = loadTest;
    this.loadTest = new LoadTest(this, 'LoadTest', {
      ...sizes,
      ...this.#target(props),
      prefix,
      version,
      monitored,
      topicArn,
      topicKeyArn,
      pageTopicArn,
      allow: { hosts: environment.allow, production: allowProduction },
    });
    const network = environment.staging?.network;
    if (props.staging !== undefined && network?.egress === 'endpoints') {
      this.loadTest.node.addDependency(...addChecklistEndpoints(this, props.staging.network, network.cidr));
    }
    const { workflow, aftermath, bucket } = this.loadTest;
    for (const [name, value] of [
      ['WorkflowArn', workflow.stateMachineArn],
      ['AftermathArn', aftermath.stateMachineArn],
      ['ResultsBucket', bucket.bucketName],
    ] as const) {
      this.#say(name, value);
    }
  }

  #say(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }

  #target({ environment, loadTest, staging }: LoadTestStackProps): LoadTarget {
    if (staging !== undefined)
      return builtTarget(staging, environment.staging?.service.healthPath ?? '/', loadTest.reset);
    if (environment.existing === undefined || loadTest.existing === undefined)
      throw new Error('the checks let no load test pass without a system and the way to it');
    return existingTarget(this, environment, environment.existing, loadTest.existing);
  }
}
