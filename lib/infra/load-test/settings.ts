import { Stack } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { COLLECTOR_TASK } from '../../environment/load-test.ts';
import { MONITORED } from '../../run/workflow/checks/watch.ts';
import {
  type CloudSettings,
  type Places,
  stepPlaces,
  stepSettings,
  type StepName,
} from '../../run/workflow/settings.ts';
import type { GeneratorTask } from './generator-task.ts';
import type { CollectorProps, LoadTestProps } from './props.ts';
import type { MonitoredSystem } from '../observability/metric.ts';

/** How long workers that are ready wait for the others: Fargate starts a task in one to two minutes, Spot in some more. */
export const BARRIER_SECONDS = 300;

const CPU_UNITS_PER_VCPU = 1024;

/** Address of the store, as lib/adapters/aws/s3-store.ts reads it. */
export const storeAddress = ({ bucketName }: IBucket): string => `s3://${bucketName}`;

/** What the function of each step has in its variables, and no more than it needs: see lambda/step-environment.ts. */
export function stepVariables(
  scope: Construct,
  step: StepName,
  props: LoadTestProps,
  { bucket, generator }: { bucket: IBucket; generator: GeneratorTask },
): Record<string, string> {
  const stack = Stack.of(scope);
  const settings = settingsOf(stack, props, bucket);
  const { system, topicArn, monitored } = props;
  const generators = { cluster: generator.cluster.clusterArn };
  const { logGroupName: logGroup } = monitored;
  const store = storeAddress(bucket);
  const places: Places = { store, generators, system, topicArn, ...(logGroup !== undefined && { logGroup }) };
  const narrow = step === 'prepare' ? { ...settings, resources: only(MONITORED, settings.resources) } : settings;
  return {
    PLIMSOLL_SETTINGS: stack.toJsonString(only(Object.keys(stepSettings[step].shape), narrow)),
    PLIMSOLL_PLACES: stack.toJsonString(only(Object.keys(stepPlaces[step].shape), places)),
  };
}

const only = (keys: readonly string[], all: object): object =>
  Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));

function settingsOf({ region }: Stack, props: LoadTestProps, { bucketName }: IBucket): CloudSettings {
  const {
    prefix,
    alarms,
    version,
    target,
    healthPath,
    allow,
    workers,
    cpu,
    spot,
    maxHours,
    monitored,
    reset,
    versions,
    collector,
    scaling,
  } = props;
  return {
    environment: prefix,
    alarms: [...alarms],
    version,
    target,
    healthPath,
    allow: { hosts: [...allow.hosts], production: [...allow.production] },
    workers,
    taskVcpus: cpu / CPU_UNITS_PER_VCPU,
    capacity: spot ? 'spot' : 'on-demand',
    maxHours,
    barrierSeconds: BARRIER_SECONDS,
    ...mitigationOf(props),
    mayReset: reset !== undefined,
    ...(collector && { collector: collectorSettings(collector) }),
    ...(scaling && { scaling }),
    versions: versions.map((each) => ({ ...each })),
    links: `https://${region}.console.aws.amazon.com/s3/object/${bucketName}?region=${region}&prefix=`,
    resources: plain(monitored.resources),
    quantities: { ...monitored.quantities },
  };
}

function mitigationOf({ mitigation, system }: LoadTestProps): Pick<CloudSettings, 'mitigation'> {
  if (mitigation === undefined || system.service === undefined) return {};
  const { cluster, name } = system.service;
  const undo = `aws ecs update-service --cluster ${cluster} --service ${name} --desired-count`;
  return { mitigation: { ...mitigation, undo } };
}

const collectorSettings = ({ metricsPath, database, cacheUrl }: CollectorProps): CloudSettings['collector'] => ({
  ...(metricsPath !== undefined && { metricsPath }),
  database: database !== undefined,
  cache: cacheUrl !== undefined,
  vcpus: COLLECTOR_TASK.cpu / CPU_UNITS_PER_VCPU,
});

/** Copies that may be written to JSON. */
const plain = (resources: MonitoredSystem['resources']): CloudSettings['resources'] =>
  Object.fromEntries(
    Object.entries(resources).map(([name, parts]) => [name, parts.map((dimensions) => ({ ...dimensions }))]),
  );
