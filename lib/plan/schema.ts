import { z } from 'zod';
import { duration } from '../schedule/duration.ts';
import { variableName as name } from './steps/schemas/name.ts';
import { hooksSchema } from './steps/schemas/hooks.ts';
import { capacitySchema } from './capacity.ts';
import { systemCostSchema } from './steps/system-cost.ts';
import { abortOn, objective, phaseSchema } from './phase.ts';
import { profiles, type ProfileName } from './profiles.ts';
import { proxySchema } from './steps/proxy.ts';
import { onFail, redirects, sentHeaders } from './steps/schemas/request.ts';
import { step } from './steps/schemas/step.ts';
import { parseSelector } from '../signals/selector.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const profileNames = Object.keys(profiles) as [ProfileName, ...ProfileName[]];

/** `target` of a plan that starts and loads the marketplace service in `target/`. */
export const BUILT_IN_TARGET = 'built-in';

const variable = z.union([
  scalar,
  z.null(),
  z.array(z.json()),
  z.strictObject({ pick: z.array(z.json()).min(1) }),
  z.record(z.string(), z.json()),
]);

const feeder = z.strictObject({
  file: z.string().min(1).describe('A CSV file with a header row, relative to the plan.'),
  order: z
    .enum(['sequential', 'random', 'unique'])
    .optional()
    .describe('sequential (default) begins again at the end; unique hands each row out once.'),
});

/** A metric as a service exports it. */
const metric = z
  .string()
  .refine((text) => parseSelector(text) !== undefined, 'is no metric; write name, or name{label="value"}');
const growing = z.strictObject({
  rate: z.union([metric, z.array(metric).min(1)]).describe('Growth of a counter in a second; of several, their sum.'),
});
const figure = z.union([metric, growing]);
const ownName = z.union([metric, growing, z.strictObject({ ratio: z.tuple([figure, figure]) })]);

const signals = z.strictObject({
  metrics: z.string().optional().describe("The service's Prometheus text: a path on the target, or a URL."),
  names: z
    .record(z.string(), ownName)
    .optional()
    .describe("The service's own names of metrics by signal: a gauge, { rate: counter }, or { ratio: [part, whole] }."),
  health: z
    .string()
    .optional()
    .describe("The service's health check, asked once a second: a path on the target, or a URL."),
  logs: z
    .string()
    .min(1)
    .optional()
    .describe("The service's log file on this machine, relative to the plan: what is added to it during the run."),
  database: name.optional().describe('The environment variable that holds the PostgreSQL address to sample.'),
  cache: name.optional().describe('The environment variable that holds the Redis address to sample.'),
});

const scenario = z
  .strictObject({
    name: z.string().min(1),
    weight: z
      .number()
      .min(0)
      .optional()
      .describe('Share among the scenarios, in proportion; default 1. One of weight 0 is left out.'),
    onStart: z.array(step).optional().describe('Once per virtual user, before its first steps: a login, say.'),
    steps: z.array(step).min(1),
  })
  .meta({ id: 'scenario' });

/** RFC 1035 §2.3.1 and RFC 1123 §2.1: a host's name. SNI takes no address (RFC 6066 §3). */
const serverName = z
  .string()
  .regex(/^(?=.{1,253}$)(?!.*\.\d+$)(?!\d+$)(?!-)[a-z\d-]{1,63}(?:\.(?!-)[a-z\d-]{1,63})*$/i, {
    error: 'is no host name; write one without scheme and port, such as shop.example.com',
  });

/** The one definition of a plan, as written: types, validation and the published JSON Schema all come from here. */
export const planSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().optional(),
    target: z
      .union([
        z.literal(BUILT_IN_TARGET),
        z.url({ protocol: /^https?$/, error: 'is no URL; write http://HOST:PORT, or built-in' }),
      ])
      .optional()
      .describe('Where to send the load; `built-in` starts the marketplace service. `--target` overrides it.'),
    timeout: duration.optional().describe('One total deadline a request. Default 10s.'),
    seed: z.int().optional().describe('The same seed gives the same arrivals and the same random values. Default 1.'),
    profile: z.enum(profileNames).optional().describe('A named set of objectives for every phase without its own.'),
    objectives: z.array(objective).optional().describe('Added to the profile, for every phase without its own.'),
    runObjectives: z
      .array(objective)
      .min(1)
      .optional()
      .describe('Judged over all phases but warm-up together, once the run is over.'),
    abortOn: abortOn
      .optional()
      .describe('What ends a phase before its time, for every phase without its own but warm-up and recovery.'),
    headers: sentHeaders.optional(),
    variables: z
      .record(name, variable)
      .optional()
      .describe('Name → any JSON, or { pick: [values] }, of which each user has one by chance.'),
    feeders: z.record(name, feeder).optional().describe('`{{ users.email }}` is column email of feeder users.'),
    tls: z
      .strictObject({
        insecure: z.boolean().optional().describe('Accept any certificate. The report says so.'),
        ca: z.string().optional().describe('A PEM file with the authority to trust, relative to the plan.'),
        cert: z
          .string()
          .min(1)
          .optional()
          .describe("A PEM file with the client's own certificate, relative to the plan."),
        key: name.optional().describe("The environment variable that holds the client's key, as PEM text."),
        servername: serverName
          .optional()
          .describe(
            "The name in the target's certificate, and in SNI. Default: the Host header, else the host of the URL.",
          ),
      })
      .optional(),
    onFail: onFail
      .optional()
      .describe('What a journey does after a reply that fails its checks: end (default), or next.'),
    redirects: redirects.optional(),
    connections: z
      .enum(['shared', 'per-user'])
      .optional()
      .describe('Whether users share a pool of connections (default), or each has its own, as browsers do.'),
    proxy: proxySchema.optional(),
    http2: z.boolean().optional().describe('Offer HTTP/2 to https targets; the server chooses. Default false.'),
    sourceAddresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1)
      .optional()
      .describe('Local addresses to connect from, in turn: each has some 28,000 ports of its own.'),
    hooks: hooksSchema.optional().describe('Code that is called in journeys: docs/plan.md, Hooks.'),
    signals: signals.optional(),
    scenarios: z.array(scenario).min(1),
    setup: z
      .array(step)
      .min(1)
      .optional()
      .describe('Once before the first phase; every journey may use what is captured in it.'),
    checks: z
      .array(step)
      .min(1)
      .optional()
      .describe('Once after the last phase, before the teardown: a reply that is not as expected fails the run.'),
    teardown: z.array(step).min(1).optional().describe('Once after the last phase.'),
    phases: z
      .array(phaseSchema)
      .min(1)
      .optional()
      .describe('May be left out of a plan that searches for the capacity.'),
    capacity: capacitySchema
      .optional()
      .describe('How `plimsoll capacity` searches. A plan without phases is such a search.'),
    cost: systemCostSchema.optional(),
  })
  .refine(({ phases, capacity }) => phases !== undefined || capacity !== undefined, {
    error: 'needs phases, or capacity where the plan is a search for it',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ title: 'Plimsoll plan', anyOf: [{ required: ['phases'] }, { required: ['capacity'] }] });

/** A plan as written, in YAML or from TypeScript. */
export type PlanInput = z.infer<typeof planSchema>;
