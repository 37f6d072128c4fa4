import { z } from 'zod';
import type { UsedVersion } from '../../environment/end-of-support.ts';
import type { CloudResource, Quantity } from '../../signals/cloudwatch/cloud.ts';

const hosts = z.array(z.string());

const settings = z.object({
  /** Begins the names of alarms, and is the dimension `Environment` of live metrics. */
  environment: z.string(),
  /** How the names of its alarms end: what begins alike may be another environment's, as `dev-anna` begins with `dev-`. */
  alarms: z.array(z.string()),
  /** Plimsoll's own. */
  version: z.string(),
  /** Where the load goes when the plan names no other place. */
  target: z.url(),
  healthPath: z.string(),
  allow: z.strictObject({ hosts, production: hosts }),
  /** How many tasks share the load where the execution's input gives no number, and what each is. */
  workers: z.int(),
  taskVcpus: z.number(),
  capacity: z.enum(['on-demand', 'spot']),
  /** An execution that takes longer is ended. */
  maxHours: z.number(),
  /** How long tasks that are ready wait for the others. */
  barrierSeconds: z.int(),
  /** To so many tasks the service is raised when an alarm ends a run. */
  mitigation: z
    .strictObject({ desiredTasks: z.int(), undo: z.string(), onFailedObjectives: z.boolean().exactOptional() })
    .optional(),
  /** Whether the workflow has a task that cleans test data. */
  mayReset: z.boolean().exactOptional(),
  /** What the collector can read of the system; absent where the environment has no collector. */
  collector: z
    .strictObject({
      metricsPath: z.string().exactOptional(),
      database: z.boolean(),
      cache: z.boolean(),
      vcpus: z.number(),
    })
    .optional(),
  /** What it is built with, whose support ends some day. */
  versions: z.array(z.custom<UsedVersion>()),
  /** What scaling is judged by: of the policy in force, the bounds, those of its timetable, and what one task carries. */
  scaling: z
    .strictObject({
      min: z.int(),
      max: z.int(),
      capacityPerSecond: z.number(),
      schedule: z.array(z.strictObject({ cron: z.string(), timezone: z.string(), min: z.int() })).readonly(),
    })
    .exactOptional(),
  /** Begins the address under which a key of the store is shown in the console. */
  links: z.string(),
  resources: z.partialRecord(z.custom<CloudResource>(), z.array(z.record(z.string(), z.string()))),
  quantities: z.partialRecord(z.custom<Quantity>(), z.number()),
});

/** What the steps of the workflow know of the environment they stand in. */
export type CloudSettings = z.infer<typeof settings>;

const system = { resources: true, quantities: true } as const;

/** What each step gets of it: all of it in every function would be too much for the 4 KB that AWS Lambda's variables may have. */
export const stepSettings = {
  prepare: settings.pick({
    environment: true,
    alarms: true,
    target: true,
    healthPath: true,
    allow: true,
    workers: true,
    taskVcpus: true,
    capacity: true,
    maxHours: true,
    barrierSeconds: true,
    mayReset: true,
    collector: true,
    versions: true,
    // Those that the checklist asks CloudWatch about.
    ...system,
  }),
  gate: settings.pick({ barrierSeconds: true, mitigation: true, ...system }),
  abort: settings.pick({ environment: true, mitigation: true }),
  report: settings.pick({
    environment: true,
    version: true,
    links: true,
    taskVcpus: true,
    capacity: true,
    scaling: true,
    ...system,
  }),
};

export type StepName = keyof typeof stepSettings;
export type SettingsOf<Step extends StepName> = z.infer<(typeof stepSettings)[Step]>;

const places = z.object({
  /** Address of the store: `s3://bucket`. */
  store: z.string(),
  /** Where the generator's tasks run, and the collector. */
  generators: z.strictObject({ cluster: z.string() }),
  /** The system under test, as far as there is something to ask of. */
  system: z.strictObject({
    service: z.strictObject({ cluster: z.string(), name: z.string() }).exactOptional(),
    targetGroupArn: z.string().exactOptional(),
    loadBalancerArn: z.string().exactOptional(),
    databaseId: z.string().exactOptional(),
  }),
  /** Where results are announced. */
  topicArn: z.string(),
  /** Where the service's log is; absent where the environment names none. */
  logGroup: z.string().exactOptional(),
});

/** What a step's adapters work with. */
export type Places = z.infer<typeof places>;

/** The places of each step. */
export const stepPlaces = {
  prepare: places.pick({ store: true, generators: true, system: true }),
  gate: places.pick({ store: true }),
  abort: places.omit({ logGroup: true }),
  report: places.pick({ store: true, topicArn: true, logGroup: true }),
};

export type PlacesOf<Step extends StepName> = z.infer<(typeof stepPlaces)[Step]>;
