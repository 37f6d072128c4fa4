import { z } from 'zod';
import { PlimsollError } from '../errors.ts';

/** What one task carries, as a search for the capacity found it. */
export interface TaskCapacity {
  /** Id of the search's run. */
  readonly run: string;
  /** Tasks that carried the load together. */
  readonly tasks: number;
  /** Requests a second of one task at which every objective still held, and the interval that holds it. */
  readonly perSecond: number;
  readonly lowPerSecond: number;
  readonly highPerSecond: number;
  /** Mean CPU of the tasks at that load; absent where the run did not read it. */
  readonly cpuRatio?: number;
  readonly startUpSeconds: number;
  /** False where the seconds are the default. */
  readonly startUpMeasured: boolean;
  /** Why the search did not confirm its answer; then only the interval's low end is built on. */
  readonly unconfirmed?: string;
  /** The objective that broke first. */
  readonly objective?: string;
  /** A limit on response time, where that objective has one. */
  readonly limitUs?: number;
  /** Requests a second that a task still answers when it is beyond its objectives. */
  readonly saturatedPerSecond: number;
  /** Response time at parts of the capacity, in the percentile of the objective, from little load to 1. */
  readonly curve: readonly LoadedTime[];
  /** What gave way first was shared by all tasks: more of them don't raise it. */
  readonly sharedLimit?: string;
}

export interface LoadedTime {
  /** Load as a part of the capacity. */
  readonly loadRatio: number;
  readonly us: number;
}

/** Until a task answers, where no one has measured it: image, process, and two health checks of 10 s. */
export const DEFAULT_START_UP_SECONDS = 60;

const verdict = z.enum(['pass', 'warn', 'fail', 'unknown', 'void']);
const probe = z.object({
  perSecond: z.number(),
  verdict: z.string(),
  throughputPerSecond: z.number().nullish(),
  quantilesUs: z.array(z.number().nullish()).default([]),
  piledUp: z.boolean().default(false),
});
const timedPhase = z.object({ startSeconds: z.number(), durationSeconds: z.number() });
const series = z.object({ id: z.string(), points: z.array(z.tuple([z.number(), z.number()])) });

/** What is read of `summary.json`. */
const searchSummary = z.object({
  run: z.object({ id: z.string() }),
  verdict,
  phases: z.array(z.object({ offeredPerSecond: z.number().nullish(), verdict })).default([]),
  bottleneck: z.object({ id: z.string(), confidence: z.string() }).optional(),
  capacity: z
    .object({
      verdict: z.enum(['found', 'declining', 'unknown']),
      reason: z.string().default(''),
      perSecond: z.number().nullish(),
      throughputPerSecond: z.number().nullish(),
      interval: z.tuple([z.number(), z.number()]).nullish(),
      objective: z.string().nullish(),
      limitUs: z.number().nullish(),
      probes: z.array(probe).default([]),
    })
    .optional(),
});

/** What is read of `report.json`: signals, and when each phase was. */
const searchReport = z.object({ timeline: z.array(timedPhase).default([]), signals: z.array(series).default([]) });

type SearchSummary = z.infer<typeof searchSummary>;
type SearchReport = z.infer<typeof searchReport>;

export interface MeasuredRun {
  /** Parsed JSON of `summary.json`, and of `report.json` where there is one. */
  readonly summary: unknown;
  readonly report?: unknown;
  /** Where they were read, for messages. */
  readonly path: string;
}

export interface TaskFacts {
  /** Tasks that carried the load; undefined: what the run's signals say, else one. */
  readonly tasks?: number | undefined;
  readonly startUpSeconds?: number | undefined;
}

/**
 * What one task carries, from a search for the capacity.
 * @throws PlimsollError E-CAPACITY-MISSING where the run is no search, E-CAPACITY-UNUSABLE where it has no answer to build on
 */
export function taskCapacity({ summary, report, path }: MeasuredRun, facts: TaskFacts): TaskCapacity {
  const parsed = searchSummary.safeParse(summary);
  if (!parsed.success)
    throw new PlimsollError('E-CAPACITY-MISSING', `${path} holds no summary.json that this version can read.`);
  const found = parsed.data.capacity;
  if (found === undefined)
    throw new PlimsollError('E-CAPACITY-MISSING', `${path} is a run of phases, and searched for no capacity.`);
  const bounded = found.verdict === 'found' || (found.verdict === 'unknown' && Number(found.interval?.[0]) > 0);
  if (!bounded || !(Number(found.perSecond) > 0)) throw new PlimsollError('E-CAPACITY-UNUSABLE', unusable(path, found));
  const read = searchReport.safeParse(report);
  return capacityOfOne(parsed.data, found, read.success ? read.data : { timeline: [], signals: [] }, facts);
}

type Found = NonNullable<SearchSummary['capacity']>;

function unusable(path: string, { verdict: answer, reason, perSecond }: Found): string {
  if (answer !== 'found') return `${path} found no capacity to build on (${answer}). ${reason}`.trim();
  return `${path} says that the capacity is ${perSecond ?? 'missing'}; a task that carries nothing can't be scaled.`;
}

function capacityOfOne(summary: SearchSummary, found: Found, report: SearchReport, facts: TaskFacts): TaskCapacity {
  const arrivals = found.perSecond ?? 0;
  const each = requestsPerArrival(found);
  const tasks = facts.tasks ?? runningTasks(report) ?? 1;
  const perTask = (arrivalsPerSecond: number): number => (arrivalsPerSecond * each) / tasks;
  const [low, high] = found.interval ?? [arrivals, arrivals];
  const carried = found.probes.map(({ throughputPerSecond }) => (throughputPerSecond ?? 0) / tasks);
  const cpuRatio = cpuAt(arrivals, summary, report);
  const sharedLimit = sharedOf(summary);
  return {
    run: summary.run.id,
    tasks,
    perSecond: perTask(arrivals),
    lowPerSecond: perTask(Math.min(low, arrivals)),
    highPerSecond: perTask(Math.max(high, arrivals)),
    ...(cpuRatio !== undefined && { cpuRatio }),
    startUpSeconds: facts.startUpSeconds ?? DEFAULT_START_UP_SECONDS,
    startUpMeasured: facts.startUpSeconds !== undefined,
    ...(found.verdict === 'unknown' && { unconfirmed: found.reason }),
    ...(found.objective && { objective: found.objective }),
    ...(found.limitUs && { limitUs: found.limitUs }),
    saturatedPerSecond: Math.max(perTask(arrivals), ...carried),
    curve: curveOf(found),
    ...(sharedLimit !== undefined && { sharedLimit }),
  };
}

/** A search counts arrivals, a balancer requests: what was answered for each arrival at the capacity, else in its probes. */
function requestsPerArrival({ perSecond, throughputPerSecond, probes }: Found): number {
  if (perSecond && throughputPerSecond) return throughputPerSecond / perSecond;
  const ratios = probes
    .filter((row) => row.verdict === 'pass' && row.perSecond > 0)
    .flatMap((row) => (row.throughputPerSecond ? [row.throughputPerSecond / row.perSecond] : []))
    .toSorted((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? 1;
}

/** Tasks that ran throughout; undefined where the run did not read them, or scaling changed them meanwhile. */
function runningTasks({ signals }: SearchReport): number | undefined {
  const counts = signals.find(({ id }) => id === 'service.tasks')?.points.map(([, count]) => Math.round(count)) ?? [];
  const [first] = counts;
  return first !== undefined && first > 0 && counts.every((count) => count === first) ? first : undefined;
}

/** Mean CPU of the passing phase nearest below the capacity, in proportion to its rate. */
function cpuAt(arrivals: number, { phases }: SearchSummary, { timeline, signals }: SearchReport): number | undefined {
  const points = signals.find(({ id }) => id === 'service.cpu')?.points ?? [];
  const measured = phases.flatMap((phase, at) => {
    const window = timeline[at];
    const rate = phase.offeredPerSecond ?? 0;
    if (window === undefined || phase.verdict !== 'pass' || !(rate > 0) || rate > arrivals * 1.05) return [];
    const end = window.startSeconds + window.durationSeconds;
    // The first fifth still shows the load before.
    const from = window.startSeconds + window.durationSeconds / 5;
    const inside = points.filter(([second]) => second >= from && second <= end).map(([, ratio]) => ratio);
    if (inside.length === 0) return [];
    return { rate, cpu: inside.reduce((sum, ratio) => sum + ratio, 0) / inside.length };
  });
  const nearest = measured.toSorted((a, b) => b.rate - a.rate)[0];
  return nearest === undefined ? undefined : Math.min(1, (nearest.cpu * arrivals) / nearest.rate);
}

/** Resources of which all tasks share one. */
const SHARED = /^(?:database|cache|downstream|balancer|network)\./;

const sharedOf = ({ bottleneck }: SearchSummary): string | undefined =>
  bottleneck !== undefined && bottleneck.confidence !== 'low' && SHARED.test(bottleneck.id) ? bottleneck.id : undefined;

/** Response time by load, never falling; ends at the objective's limit. */
function curveOf({ perSecond, limitUs, probes }: Found): LoadedTime[] {
  const points = probes
    .filter((row) => row.verdict === 'pass' && !row.piledUp && row.perSecond < (perSecond ?? 0))
    .flatMap((row) =>
      row.quantilesUs[0] ? [{ loadRatio: row.perSecond / (perSecond ?? 1), us: row.quantilesUs[0] }] : [],
    )
    .toSorted((a, b) => a.loadRatio - b.loadRatio);
  const last = limitUs ?? points.at(-1)?.us;
  const ends = last === undefined ? points : [...points, { loadRatio: 1, us: last }];
  let most = 0;
  return ends.map(({ loadRatio, us }) => {
    most = Math.max(most, us);
    return { loadRatio, us: limitUs ? Math.min(most, limitUs) : most };
  });
}
