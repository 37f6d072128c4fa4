import type { PlanInput } from '../plan/schema.ts';
import { formatNumber, formatRatio, formatUs } from '../units.ts';

/** How far a service is scaled out: processes on a node, and nodes. */
export interface Level {
  readonly level: 0 | 1 | 2 | 3 | 4;
  readonly title: string;
  readonly workers: number;
  readonly nodes: number;
  /** What is loaded: each endpoint in a run of its own. */
  readonly endpoints: readonly Endpoint[];
  /** All workers are replaced in the middle of the last run. */
  readonly reload: boolean;
}

export type Endpoint = 'simple' | 'database' | 'tasks';

const reads = ['simple', 'database'] as const;

export const levels: readonly Level[] = [
  { level: 0, title: 'one process', workers: 1, nodes: 1, endpoints: reads, reload: false },
  { level: 1, title: 'four workers', workers: 4, nodes: 1, endpoints: reads, reload: false },
  { level: 2, title: 'four workers, replaced in mid-load', workers: 4, nodes: 1, endpoints: reads, reload: true },
  { level: 3, title: 'a queue of tasks', workers: 4, nodes: 1, endpoints: ['tasks'], reload: false },
  { level: 4, title: 'two such nodes and a balancer', workers: 4, nodes: 2, endpoints: reads, reload: false },
];

const steps: Readonly<Record<Endpoint, PlanInput['scenarios'][number]['steps']>> = {
  simple: [{ get: '/api/health/worker' }],
  database: [{ get: '/api/products', query: { limit: 10 } }],
  tasks: [{ post: '/api/tasks', json: { task_name: 'send', task_args: [1] } }],
};

/** The phase whose figures count. */
export const LEVEL_PHASE = 'load';

/** Fifty users who wait for each reply and ask again at once. */
export const levelPlan = (endpoint: Endpoint, target: string): PlanInput => ({
  name: `level ${endpoint}`,
  target,
  objectives: ['errors < 0.1%'],
  scenarios: [{ name: endpoint, steps: steps[endpoint] }],
  phases: [
    { name: 'warm-up', kind: 'warm-up', duration: '2s', closed: { users: 50 } },
    { name: LEVEL_PHASE, kind: 'sustained', duration: '10s', closed: { users: 50 } },
  ],
});

/** One run's figures. */
export interface LevelFigures {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
  readonly failed: number;
  readonly errorRatio: number;
}

export interface LevelMeasured {
  readonly level: Level;
  readonly figures: Readonly<Partial<Record<Endpoint, LevelFigures>>>;
  /** Calls by the node that answered them, of a thousand. */
  readonly byNode?: Readonly<Record<string, number>>;
  /** Tasks that waited when the load ended. */
  readonly queueDepth?: number;
  /** Tasks that were processed while the load lasted. */
  readonly processedPerSecond?: number;
}

export interface LevelCheck {
  readonly level: number;
  readonly check: string;
  readonly value: string;
  readonly verdict: 'pass' | 'warn' | 'fail' | 'unknown';
}

/** Every level's checks: the guide's key figures, and those that its step of scaling is for. `cores` are the machine's. */
export function judgeLevels(measured: readonly LevelMeasured[], cores: number): LevelCheck[] {
  const at = (level: number): LevelMeasured | undefined => measured.find((each) => each.level.level === level);
  return measured.flatMap((each) => [
    ...Object.entries(each.figures).flatMap(([endpoint, figures]) => keyFigures(each.level.level, endpoint, figures)),
    ...(each.level.level === 1 ? scalingChecks(each, at(0), 4, cores) : []),
    ...(each.level.level === 4 ? scalingChecks(each, at(2), each.level.nodes, cores) : []),
    ...(each.level.reload ? reloadChecks(each) : []),
    ...queueChecks(each),
    ...(each.byNode === undefined ? [] : [distributionCheck(each.level.level, each.byNode)]),
  ]);
}

/** Below the limit, below twice the limit, or beyond. */
function below(value: number, limit: number): LevelCheck['verdict'] {
  if (value < limit) return 'pass';
  return value < 2 * limit ? 'warn' : 'fail';
}

const keyFigures = (level: number, endpoint: string, figures: LevelFigures): LevelCheck[] => [
  ...(
    [
      ['p50', figures.p50Us, 50_000],
      ['p95', figures.p95Us, 200_000],
      ['p99', figures.p99Us, 500_000],
    ] as const
  ).map(([name, us, limitUs]) => ({
    level,
    check: `${endpoint}: ${name} below ${formatUs(limitUs)}`,
    value: formatUs(us),
    verdict: below(us, limitUs),
  })),
  {
    level,
    check: `${endpoint}: errors below 0.1 %`,
    value: formatRatio(figures.errorRatio),
    verdict: below(figures.errorRatio, 0.001),
  },
];

/** Linear scaling is a good sign, half of it (four workers, twice the throughput) a warning. */
const LINEAR = 0.75;
const SUB_LINEAR = 0.4;

function scalingChecks(
  { level: { level, workers, nodes }, figures }: LevelMeasured,
  base: LevelMeasured | undefined,
  times: number,
  cores: number,
): LevelCheck[] {
  // The generator and the database want cores as well: with fewer, the machine is measured and not the scaling.
  const enough = cores >= workers * nodes + 2;
  return Object.entries(figures).flatMap(([endpoint, { perSecond }]) => {
    const before = base?.figures[endpoint as Endpoint]?.perSecond;
    if (before === undefined || before === 0) return [];
    const efficiency = perSecond / before / times;
    const judged = efficiency >= LINEAR ? 'pass' : efficiency >= SUB_LINEAR ? 'warn' : 'fail';
    return [
      {
        level,
        check: `${endpoint}: ${times} times as much`,
        value: `${formatNumber(perSecond / before)} times, efficiency ${formatRatio(efficiency)}${enough ? '' : `, on ${cores} cores`}`,
        verdict: enough ? judged : 'unknown',
      },
    ];
  });
}

function reloadChecks({ level: { level }, figures }: LevelMeasured): LevelCheck[] {
  const failed = Object.values(figures).reduce((sum, each) => sum + each.failed, 0);
  return [
    {
      level,
      check: 'no request fails during the reload',
      value: `${failed} failed`,
      verdict: failed === 0 ? 'pass' : 'fail',
    },
  ];
}

/** A thousand tasks a second, and no more waiting than come in a second. */
const TASKS_PER_SECOND = 1_000;
const KEPT_UP = 0.95;

function queueChecks(measured: LevelMeasured): LevelCheck[] {
  const {
    level: { level },
    figures: { tasks },
    queueDepth,
    processedPerSecond,
  } = measured;
  if (tasks === undefined || queueDepth === undefined) return [];
  const depth = queueDepth / Math.max(1, tasks.perSecond);
  return [
    {
      level,
      check: 'tasks enqueued a second: 1000',
      value: `${formatNumber(tasks.perSecond)}/s`,
      verdict: tasks.perSecond >= TASKS_PER_SECOND ? 'pass' : tasks.perSecond >= TASKS_PER_SECOND / 2 ? 'warn' : 'fail',
    },
    {
      level,
      check: 'the queue is shorter than a second',
      value: `${queueDepth} tasks wait`,
      verdict: depth <= 1 ? 'pass' : depth <= 10 ? 'warn' : 'fail',
    },
    ...(processedPerSecond === undefined ? [] : [processingCheck(level, tasks.perSecond, processedPerSecond)]),
  ];
}

/** A queue into which more goes than comes out has no end. */
const processingCheck = (level: number, enqueued: number, processed: number): LevelCheck => ({
  level,
  check: 'as many tasks are processed as enqueued (95 %)',
  value: `${formatNumber(processed)}/s`,
  verdict: processed >= KEPT_UP * enqueued ? 'pass' : processed >= (2 * KEPT_UP - 1) * enqueued ? 'warn' : 'fail',
});

/** The chi-square statistic of calls that should fall on all nodes alike (Pearson 1900). */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Critical values at 1 % for one degree of freedom and more (NIST/SEMATECH e-Handbook 1.3.6.7.4). */
const CRITICAL = [6.635, 9.21, 11.345, 13.277, 15.086, 16.812, 18.475];

function distributionCheck(level: number, byNode: Readonly<Record<string, number>>): LevelCheck {
  const counts = Object.values(byNode);
  const most = Math.max(...counts) / counts.reduce((sum, count) => sum + count, 0);
  const even = counts.length > 1 && chiSquare(counts) <= (CRITICAL[counts.length - 2] ?? 0);
  const shown = Object.entries(byNode).map(([node, count]) => `${node} ${count}`);
  return {
    level,
    check: 'calls fall on all nodes alike (chi-square, 1 %)',
    value: shown.join(', '),
    verdict: even ? 'pass' : most >= 0.8 ? 'fail' : 'warn',
  };
}

/** The grid for people: throughput of each level, and its checks. */
export function describeLevels(measured: readonly LevelMeasured[], checks: readonly LevelCheck[]): string {
  return measured
    .flatMap(({ level: { level, title }, figures }) => [
      `Level ${level}, ${title}: ${Object.entries(figures)
        .map(([endpoint, { perSecond }]) => `${endpoint} ${formatNumber(perSecond)}/s`)
        .join(', ')}`,
      ...checks
        .filter((each) => each.level === level)
        .map(({ check, value, verdict }) => `  ${verdict.padEnd(7)}  ${check}: ${value}`),
    ])
    .join('\n');
}
