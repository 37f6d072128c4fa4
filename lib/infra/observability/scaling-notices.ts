import { type EventPattern, EventField, Match, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { MonitoredSystem } from './metric.ts';

export interface ScalingNoticesProps {
  readonly system: MonitoredSystem;
  readonly topic: ITopic;
}

interface Notice {
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
  readonly text: string;
}

/**
 * Notifies people of what scaling, deployments and AWS did, in one sentence each. Two of the rules are also counted by alarms:
 * `counted` is to be added to the system's resources.
 */
export class ScalingNotices extends Construct {
  readonly counted: MonitoredSystem['resources'];

  constructor(scope: Construct, id: string, { system, topic }: ScalingNoticesProps) {
    super(scope, id);
    acknowledge(this, {
      'Annotation::@aws-cdk/aws-events:ruleUnresolvedEnvironment':
        'Rules and topic are of one stack, whatever its account.',
    });
    const add = (notice: Notice): Rule => this.#rule(notice, topic);
    serviceNotices(system).forEach(add);
    groupNotices(system).forEach(add);
    const spotRules = [add(spotTask(system)), add(spotInstance)];
    const crash = add(crashes(system));
    this.counted = {
      spotInterruption: spotRules.map(({ ruleName }) => ({ RuleName: ruleName })),
      crash: [{ RuleName: crash.ruleName }],
    };
  }

  #rule({ id, description, pattern, text }: Notice, topic: ITopic): Rule {
    const target = new SnsTopic(topic, { message: RuleTargetInput.fromText(text) });
    return new Rule(this, id, { description, eventPattern: pattern, targets: [target] });
  }
}

const at = EventField.time;
const detail = (path: string): string => EventField.fromPath(`$.detail.${path}`);

/** What ECS says of itself when tasks change in number, or cannot. Source: Amazon ECS, "service action events". */
const SERVICE_EVENTS = [
  'SERVICE_DESIRED_COUNT_UPDATED',
  'SERVICE_TASK_PLACEMENT_FAILURE',
  'SERVICE_TASK_START_IMPAIRED',
];

function serviceNotices({ resources }: MonitoredSystem): Notice[] {
  const clusterName = resources.service?.[0]?.['ClusterName'];
  const serviceName = resources.service?.[0]?.['ServiceName'];
  return clusterName === undefined || serviceName === undefined
    ? []
    : [...taskNotices(clusterName, serviceName), ...scalingNotices(clusterName, serviceName)];
}

/** Sources: Amazon ECS, "service action events" and "service deployment state change events". */
function taskNotices(clusterName: string, serviceName: string): Notice[] {
  const resources = Match.suffix(`:service/${clusterName}/${serviceName}`);
  return [
    {
      id: 'TasksChanged',
      description: 'ECS changed the number of tasks, or could not place or start one',
      pattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Service Action'],
        resources,
        detail: { eventName: SERVICE_EVENTS },
      },
      text: `${at}: ${detail('eventName')} for service ${serviceName}. See the service's events in the ECS console.`,
    },
    {
      id: 'Deployed',
      description: 'A deployment began, ended, or was rolled back',
      pattern: { source: ['aws.ecs'], detailType: ['ECS Deployment State Change'], resources },
      text: `${at}: deployment of ${serviceName}: ${detail('eventName')}. ${detail('reason')}`,
    },
  ];
}

/**
 * Application Auto Scaling has an event for the maximum alone ("Monitor Application Auto Scaling events using Amazon EventBridge"), and
 * ECS has none where another program sets the desired count ("service action events"). That scaling begins is seen by the alarms of
 * target tracking, whose names begin so.
 */
const scalingNotices = (clusterName: string, serviceName: string): Notice[] => [
  {
    id: 'TasksScaled',
    description: 'Target tracking adds tasks (AlarmHigh), or begins to take some away (AlarmLow)',
    pattern: {
      source: ['aws.cloudwatch'],
      detailType: ['CloudWatch Alarm State Change'],
      detail: {
        alarmName: Match.prefix(`TargetTracking-service/${clusterName}/${serviceName}-Alarm`),
        state: { value: ['ALARM'] },
      },
    },
    text: `${at}: scaling of ${serviceName}, by ${detail('alarmName')}. ${detail('state.reason')}`,
  },
  {
    id: 'AtMaximum',
    description: 'Application Auto Scaling reached its maximum',
    pattern: {
      source: ['aws.application-autoscaling'],
      detailType: ['Application Auto Scaling Scaling Activity State Change'],
      detail: { resourceId: [`service/${clusterName}/${serviceName}`], scaledToMax: [true] },
    },
    text: `${at}: ${serviceName} is scaled to its maximum and can't grow any more. Runbook: tasks-at-maximum.`,
  },
];

/** Source: Amazon EC2 Auto Scaling, "Amazon EC2 Auto Scaling event reference". */
function groupNotices({ resources }: MonitoredSystem): Notice[] {
  const name = resources.autoScalingGroup?.[0]?.['AutoScalingGroupName'];
  if (name === undefined) return [];
  return [
    {
      id: 'InstancesChanged',
      description: 'An instance was launched, ended, or could not be',
      pattern: {
        source: ['aws.autoscaling'],
        detailType: [
          'EC2 Instance Launch Successful',
          'EC2 Instance Launch Unsuccessful',
          'EC2 Instance Terminate Successful',
          'EC2 Instance Terminate Unsuccessful',
        ],
        detail: { AutoScalingGroupName: [name] },
      },
      text: `${at}: ${EventField.detailType}, ${detail('EC2InstanceId')}. ${detail('Cause')}`,
    },
  ];
}

/**
 * Tasks of services alone: one that is started by itself, to seed or to clean data, ends by itself too, and that is no trouble. Its
 * group is `family:…`, that of a service's task `service:NAME`. Source: Amazon ECS Developer Guide, "Group related Amazon ECS tasks".
 */
function ofServices({ resources, ownsCluster }: MonitoredSystem): { clusterArn?: string[]; group: string[] } {
  const { ClusterName, ServiceName } = resources.service?.[0] ?? {};
  const isOne = ServiceName !== undefined && ownsCluster !== true;
  return {
    ...(ClusterName !== undefined && { clusterArn: Match.suffix(`:cluster/${ClusterName}`) }),
    group: isOne ? [`service:${ServiceName}`] : Match.prefix('service:'),
  };
}

/** Source: Amazon ECS, "Fargate Spot termination notices". */
const spotTask = (system: MonitoredSystem): Notice => ({
  id: 'SpotTask',
  description: 'A Fargate Spot task is taken back',
  pattern: {
    source: ['aws.ecs'],
    detailType: ['ECS Task State Change'],
    detail: { ...ofServices(system), stopCode: ['SpotInterruption'], lastStatus: ['STOPPED'] },
  },
  text: `${at}: Fargate took a Spot task back: ${detail('taskArn')}. Runbook: spot-interruptions.`,
});

/** The warning names an instance and no group, so it is the account's and region's. Source: Amazon EC2, "Spot Instance interruption notices". */
const spotInstance: Notice = {
  id: 'SpotInstance',
  description: 'A Spot instance ends in two minutes',
  pattern: { source: ['aws.ec2'], detailType: ['EC2 Spot Instance Interruption Warning'] },
  text: `${at}: Spot instance ${detail('instance-id')} ends in two minutes. Runbook: spot-interruptions.`,
};

/** Only what ended by itself: scaling in and deployments stop tasks with other codes. Source: Amazon ECS, "Stopped tasks error codes". */
const crashes = (system: MonitoredSystem): Notice => ({
  id: 'TaskCrashed',
  description: 'The main container of a task ended by itself',
  pattern: {
    source: ['aws.ecs'],
    detailType: ['ECS Task State Change'],
    detail: { ...ofServices(system), stopCode: ['EssentialContainerExited'], lastStatus: ['STOPPED'] },
  },
  text: `${at}: a task ended by itself: ${detail('stoppedReason')} (${detail('taskArn')}). Runbook: task-crashes.`,
});
