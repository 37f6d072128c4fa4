import type { Histogram } from '../measure/histogram.ts';
import type { Interval } from '../measure/interval.ts';
import type { Ledger } from '../measure/ledger.ts';
import type { LiveSecond } from './output.ts';

/** A counter's or gauge's number, or a histogram of µs. */
export interface FamilyReading {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | Histogram;
}

/** Figures of one meaning, which labels distinguish. Names are a contract: dashboards and alert rules are written against them. */
export interface Family {
  /** Without prefix and unit. */
  readonly name: string;
  /** Counters and histograms begin anew with every phase, which is one of their labels. */
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Seconds where it is a histogram, whose values are recorded in µs. */
  readonly unit?: 'seconds' | 'ratio';
  readonly help: string;
  /** `counted` is the second or the phase so far, as the reader's protocol has it; a gauge is of the second. */
  read(live: LiveSecond, counted: Interval): readonly FamilyReading[];
}

/** Every family that outputs send. A new one is an entry here, and a row in docs/outputs.md. */
export const families: readonly Family[] = [
  {
    name: 'requests',
    kind: 'counter',
    help: 'Requests that came to an end, by outcome: ok, timedOut, cut, or the kind of failure.',
    read: (live, { steps }) =>
      ofSteps(live, (step) =>
        outcomesOf(steps.get(step)?.ledger).map(([outcome, value]) => ({ labels: { outcome }, value })),
      ),
  },
  {
    name: 'response',
    kind: 'histogram',
    unit: 'seconds',
    help: 'Response time from the intended start to the last byte, of every request that was not cut.',
    read: (live, { steps }) =>
      ofSteps(live, (step) => {
        const record = steps.get(step);
        return record === undefined ? [] : [{ labels: {}, value: record.responseTime }];
      }),
  },
  {
    name: 'arrivals',
    kind: 'counter',
    help: 'Arrivals of the load, by result: due by plan, started, dropped.',
    read: ({ phase }, { arrivals }) =>
      (['due', 'started', 'dropped'] as const).map((result) => ({
        labels: { phase: phase.name, result },
        value: arrivals[result],
      })),
  },
  {
    name: 'users',
    kind: 'gauge',
    help: 'Arrivals or users under way, the mean of a second.',
    read: (live) => [{ labels: { phase: live.phase.name }, value: live.interval.userUs / lengthUs(live) }],
  },
  {
    name: 'start_delay',
    kind: 'histogram',
    unit: 'seconds',
    help: "How late the generator started what was due: its own lateness, and no part of the service's time.",
    read: ({ phase, soFar }, { startDelay }) =>
      soFar.startDelay.totalCount === 0 ? [] : [{ labels: { phase: phase.name }, value: startDelay }],
  },
  {
    name: 'generator_cpu',
    kind: 'gauge',
    unit: 'ratio',
    help: "CPU of the generator's busiest thread, of one core.",
    read: ({ interval: { generator } }) =>
      generator.wallUs > 0 ? [{ labels: {}, value: generator.busiestRatio }] : [],
  },
  {
    name: 'signal',
    kind: 'gauge',
    help: 'What the system says of itself, by the id of the signal, each in its own unit (docs/signals.md).',
    read: ({ signals }) => Array.from(signals, ([signal, value]) => ({ labels: { signal }, value })),
  },
  {
    name: 'run_info',
    kind: 'gauge',
    help: 'Always 1; its labels say which run, plan and phase is under way.',
    read: ({ run, phase }) => [{ labels: { run: run.id, plan: run.plan, phase: phase.name }, value: 1 }],
  },
];

/** Of a phase's last second its own part; a second after the phase's end is a whole one. */
function lengthUs({ phase, second }: LiveSecond): number {
  const leftUs = phase.durationUs - second * 1e6;
  return leftUs > 0 ? Math.min(1e6, leftUs) : 1e6;
}

/** Steps of one name in one scenario are the same request, and so one reading each: the plan's checks see to it. */
const ofSteps = ({ run, phase }: LiveSecond, readingsOf: (step: number) => readonly FamilyReading[]): FamilyReading[] =>
  run.steps.flatMap(({ scenario, step }, number) =>
    readingsOf(number).map(({ labels, value }) => ({
      labels: { phase: phase.name, scenario, step, ...labels },
      value,
    })),
  );

/** A request that succeeded is counted from the beginning, so that its rate is 0 before it is anything else. */
const outcomesOf = (ledger: Ledger | undefined): readonly (readonly [outcome: string, count: number])[] =>
  ledger === undefined
    ? []
    : [
        ['ok', ledger.ok],
        ...Object.entries(ledger.failures),
        ...(['timedOut', 'cut'] as const).flatMap((key) => (ledger[key] > 0 ? [[key, ledger[key]] as const] : [])),
      ];

/**
 * Upper bounds of the classic buckets, in seconds: the limits that objectives usually have are among them, so that the share of
 * requests within such a limit is exact.
 */
export const BOUNDS_SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 1, 1.5, 2, 3, 5,
  10, 30, 60,
] as const;

/** The readings of all families, of a second or of the phase so far. */
export const familyReadings = (live: LiveSecond, counted: Interval): readonly (readonly [Family, FamilyReading])[] =>
  families.flatMap((family) => family.read(live, counted).map((reading) => [family, reading] as const));
