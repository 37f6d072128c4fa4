import { Duration, Stack, RemovalPolicy } from 'aws-cdk-lib';
import { type ISecurityGroup, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IBucket, BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { PlimsollError } from '../../errors.ts';
import { AFTERMATH_MINUTES } from '../../run/workflow/execution-status.ts';
import { acknowledge } from '../acknowledge.ts';
import { CollectorTask } from './collector-task.ts';
import type { FargateTask } from './fargate-run.ts';
import { GeneratorTask } from './generator-task.ts';
import { acknowledgeRights, generatorRights, rightsOf, runRight, taggingRight } from './rights.ts';
import { LoadTestEvents } from './events.ts';
import { logRetention } from '../staging/log-retention.ts';
import { BARRIER_SECONDS, stepVariables, storeAddress } from './settings.ts';
import type { LoadTestProps } from './props.ts';
import { stateMachine, StepFunction, type StepFunctionProps } from './state-machine.ts';
import { aftermath, type Steps, workflow } from './workflow.ts';

/**
 * Load tests of one system on Step Functions and Fargate: generators, results bucket, workflow, and what ends it safely. Works in
 * any stack whose region is known; start the state machine with `{ "plan": "NAME" }`.
 */
export class LoadTest extends Construct {
  readonly bucket: IBucket;
  readonly generator: GeneratorTask;
  readonly workflow: StateMachine;
  /** Ends the load of an execution and reports it; started by events, and by hand where one did not come. */
  readonly aftermath: StateMachine;
  /** Carried by generators and by the function that goes through the checklist, beside `clients`. */
  readonly group: SecurityGroup;
  readonly #props: LoadTestProps;

  constructor(scope: Construct, id: string, props: LoadTestProps) {
    super(scope, id);
    this.#props = props;
    refuseUnheard(props);
    // The cast: under exactOptionalPropertyTypes the library's class does not fit its own interface.
    this.bucket = resultsBucket(this, props) as IBucket;
    this.group = new SecurityGroup(this, 'Group', {
      vpc: props.vpc,
      description: 'Load generators and their checklist',
      allowAllOutbound: false,
    });
    this.group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS APIs over TLS: endpoints, the S3 gateway, or NAT');
    this.generator = this.#generator();
    const name = `${props.prefix}-load-test`;
    const steps = this.#steps(name);
    const { spot, subnets, clients, reset, mitigation } = props;
    const collector = this.#collector();
    const groups = [this.group, clients];
    const load = {
      task: this.generator,
      spot,
      subnets,
      groups,
      reset,
      collection: collector && { task: collector, subnets, groups: [...groups, ...watchersOf(props)] },
      mitigatesFailures: mitigation?.onFailedObjectives === true,
    };
    this.workflow = stateMachine(this, 'Workflow', {
      name,
      comment: `A load test. Input: ${EXAMPLE_INPUT}; phases, workers and cleanData may be left out`,
      definition: workflow(this, steps, load),
      timeout: Duration.hours(props.maxHours),
      functions: Object.values(steps),
      retention: logRetention[props.logRetentionDays],
    });
    this.#allowTasks(collector);
    this.aftermath = this.#surround(steps, load);
  }

  #allowTasks(collector: CollectorTask | undefined): void {
    const started: readonly (readonly [TaskDefinition | undefined, string])[] = [
      [this.generator.definition, 'Any revision of the generator.'],
      [collector?.definition, 'Any revision of the collector.'],
      [this.#props.reset?.taskDefinition, "Any revision of the service's own task."],
    ];
    this.workflow.addToRolePolicy(taggingRight(this, this.generator.cluster));
    for (const [definition, reason] of started)
      if (definition !== undefined) this.workflow.addToRolePolicy(runRight(this, definition.family, reason));
  }

  /** What happens when an execution ends by force, when an alarm goes on, and by the clock. */
  #surround(steps: Steps, generator: FargateTask): StateMachine {
    const after = stateMachine(this, 'Aftermath', {
      comment: 'Ends and reports a load test that broke off. Input: {"execution":"ARN","status":"ABORTED"}',
      definition: aftermath(this, steps, generator),
      timeout: Duration.minutes(AFTERMATH_MINUTES),
      functions: [steps.abort, steps.report],
      retention: logRetention[this.#props.logRetentionDays],
    });
    after.addToRolePolicy(taggingRight(this, this.generator.cluster));
    after.addToRolePolicy(runRight(this, this.generator.definition.family, 'Any revision of the generator.'));
    const events = new LoadTestEvents(this, 'Events', {
      ...this.#props,
      workflow: this.workflow,
      aftermath: after,
      steps,
      pageTopicArn: this.#props.pageTopicArn ?? this.#props.topicArn,
      clusterName: this.generator.cluster.clusterName,
    });
    acknowledge(events, {
      'Annotation::@aws-cdk/aws-events:ruleUnresolvedEnvironment':
        'Rules and their targets are of one stack, whatever its account.',
    });
    return after;
  }

  #generator(): GeneratorTask {
    const { vpc, cpu, memoryMiB, image, logRetentionDays, prefix } = this.#props;
    return new GeneratorTask(this, 'Generator', {
      vpc,
      cpu,
      memoryMiB,
      ...(image && { image }),
      retention: logRetention[logRetentionDays],
      rights: generatorRights(this.bucket),
      variables: {
        AWS_REGION: Stack.of(this).region,
        PLIMSOLL_STORE: storeAddress(this.bucket),
        PLIMSOLL_ENVIRONMENT: prefix,
        PLIMSOLL_BARRIER_SECONDS: String(BARRIER_SECONDS),
      },
    });
  }

  #collector(): CollectorTask | undefined {
    const { collector, system, maxHours, image, logRetentionDays } = this.#props;
    if (collector === undefined || system.service === undefined) return undefined;
    return new CollectorTask(this, 'Collector', {
      ...collector,
      ...(image && { image }),
      maxHours,
      cluster: this.generator.cluster,
      bucket: this.bucket,
      service: system.service,
      retention: logRetention[logRetentionDays],
    });
  }

  #steps(workflowName: string): Steps {
    const { system, mayBeClustered = true, topicArn, topicKeyArn, mitigation, monitored } = this.#props;
    const { vpc, subnets, clients } = this.#props;
    const { cluster } = this.generator;
    const mayMitigate = mitigation !== undefined;
    const known = { bucket: this.bucket, cluster, system, workflowName, topicArn, topicKeyArn };
    const about = { ...known, mayMitigate, mayBeClustered, logGroup: monitored.logGroupName };
    acknowledgeRights(this, about);
    const rights = rightsOf(this, about);
    // It asks the target how it is, from where the generators will stand.
    const inside = { vpc, subnets, groups: [this.group, clients] };
    return {
      prepare: this.#step('prepare', rights.prepare, { timeout: Duration.minutes(5), memoryMiB: 512, inside }),
      // Forty workers' three hours are put together within both: docs/deploy.md.
      gate: this.#step('gate', rights.gate, { timeout: Duration.minutes(15), memoryMiB: 1769 }),
      abort: this.#step('abort', rights.abort, { timeout: Duration.minutes(3), memoryMiB: 256 }),
      report: this.#step('report', rights.report, { timeout: Duration.minutes(15), memoryMiB: 1769 }),
    };
  }

  #step(
    step: StepFunctionProps['step'],
    rights: readonly PolicyStatement[],
    size: Pick<StepFunctionProps, 'timeout' | 'memoryMiB' | 'inside'>,
  ): IFunction {
    const id = `${step[0]?.toUpperCase()}${step.slice(1)}Step`;
    const variables = stepVariables(this, step, this.#props, this);
    const retention = logRetention[this.#props.logRetentionDays];
    return new StepFunction(this, id, { ...size, step, rights, retention, variables }).function;
  }
}

const watchersOf = ({ collector }: LoadTestProps): ISecurityGroup[] => (collector ? [collector.group] : []);

/** What an execution can be started with; it stands in the state machine's comment, for people in the console. */
export const EXAMPLE_INPUT = '{"plan":"week7","phases":["warm-up"],"workers":2,"cleanData":true}';

/** An alarm that does not exist never goes on, and a safety switch on it never ends a run. */
function refuseUnheard({ stopOnAlarms, alarms, prefix }: LoadTestProps): void {
  const unheard = stopOnAlarms.filter((alarm) => !alarms.includes(alarm));
  if (unheard.length === 0) return;
  const details = unheard.map((alarm) => `loadTest.stopOnAlarms: ${alarm} is none of ${alarms.toSorted().join(', ')}`);
  throw new PlimsollError('E-CONFIGURATION-INVALID', `${prefix} lacks an alarm that shall stop a load test`, details);
}

/** What a run leaves, by the prefixes of lib/run/archive/keys.ts; plans stay. */
const OF_RUNS = ['runs/', 'executions/'];
/** What a setup has captured is overwritten with the report; this is for runs that got none. */
const CAPTURES = 'captures/';

/** Captures outlive the longest run, and its aftermath. */
const daysOf = (maxHours: number): number => Math.ceil((maxHours + AFTERMATH_MINUTES / 60) / 24);

/** Plans, measurements and reports. Runs are deleted after `resultDays`; a copy of summary.json is enough to keep one as a baseline. */
function resultsBucket(scope: Construct, { resultDays, maxHours }: LoadTestProps): Bucket {
  const bucket = new Bucket(scope, 'Results', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    // Emptying it on removal takes a Lambda function; docs/deploy.md empties it by hand instead.
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      ...OF_RUNS.map((prefix) => ({ prefix, expiration: Duration.days(resultDays) })),
      { prefix: CAPTURES, expiration: Duration.days(daysOf(maxHours)) },
      { abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  acknowledge(bucket, {
    'AwsSolutions-S1':
      'Read and written by the workflow and the generators alone, and by people in the console, whom CloudTrail names.',
  });
  return bucket;
}
