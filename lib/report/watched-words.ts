import type { Verdict } from '../analysis/verdict.ts';
import type { Recommendation } from './report.ts';
import type { Summary } from './summary.ts';
import { showSeconds } from './numbers.ts';

/** What a run as a whole is judged by, beside its phases. */
export interface WatchedVerdict {
  readonly name: string;
  readonly verdict: Verdict;
  /** A sentence's part that says why. */
  readonly text: string;
}

/** What was looked at all through the run; what was not looked at is left out. */
export function watchedVerdicts(summary: Summary): readonly WatchedVerdict[] {
  return [
    ...objectiveVerdicts(summary),
    ...recoveryVerdict(summary),
    ...dataVerdicts(summary),
    ...healthVerdict(summary),
    ...driftVerdict(summary),
  ];
}

/** Why the run has this verdict, where it is no phase that gave it. */
export const watchedClause = (summary: Summary, wanted: Verdict): string | undefined =>
  watchedVerdicts(summary).find(({ verdict }) => verdict === wanted)?.text;

const objectiveVerdicts = ({ runObjectives: judged }: Summary): WatchedVerdict[] =>
  (judged?.objectives ?? []).map(({ objective, verdict }) => ({
    name: `run: ${objective}`,
    verdict,
    text: `over the whole run, "${objective}" ${HOW[verdict]}`,
  }));

const HOW: Readonly<Record<Verdict, string>> = {
  pass: 'was met',
  warn: 'was nearly missed',
  fail: 'was missed',
  unknown: 'could not be judged',
  void: 'could not be judged',
};

function recoveryVerdict({ recovery }: Summary): WatchedVerdict[] {
  // A report that an earlier version has stored has no verdict on it.
  if (recovery === undefined || !('verdict' in recovery)) return [];
  const { verdict, seconds, withinObjectivesSeconds: within } = recovery;
  const back = typeof within === 'number' ? `was within its objectives again ${showSeconds(within)} after` : undefined;
  const asBefore = seconds === null ? undefined : `answered as before ${showSeconds(seconds)} after`;
  const text =
    verdict === 'fail'
      ? 'the service did not come back after the stress'
      : `the service ${[back, asBefore].filter((each) => each !== undefined).join(', and ')} the stress`;
  return [{ name: 'recovery', verdict, text }];
}

const dataVerdicts = ({ integrity }: Summary): WatchedVerdict[] =>
  (integrity?.checks ?? []).map(({ name, verdict, failure }) => ({
    name: `check ${name}`,
    verdict,
    text: {
      pass: `the check "${name}" was answered as expected`,
      fail: `the check "${name}" after the load was not answered as expected (${failure})`,
      unknown: `the check "${name}" after the load had no answer${failure === undefined ? '' : ` (${failure})`}`,
    }[verdict],
  }));

function healthVerdict({ health }: Summary): WatchedVerdict[] {
  if (health === undefined) return [];
  const { verdict, asked, failed, worst } = health;
  const where =
    worst === undefined
      ? ''
      : `, longest in ${worst.phase}, from ${showSeconds(worst.fromSeconds)} to ${showSeconds(worst.toSeconds)} of the run`;
  return [{ name: 'health', verdict, text: `${failed} of ${asked} health checks failed${where}` }];
}

function driftVerdict({ drift }: Summary): WatchedVerdict[] {
  if (drift === undefined || drift.verdict === 'unknown') return [];
  const [first] = drift.trends.toSorted((a, b) => Number(b.verdict === 'fail') - Number(a.verdict === 'fail'));
  const text = first?.text ?? `nothing rose in ${drift.phases.join(', ')}`;
  return [{ name: 'drift', verdict: drift.verdict, text: text.charAt(0).toLowerCase() + text.slice(1) }];
}

const REMEDIES: readonly (readonly [name: RegExp, text: string])[] = [
  [
    /^recovery$/,
    'See what stays behind when the stress ends: queues, retries, connections that are held, tasks that were killed; bound them.',
  ],
  [
    /^check /,
    'Find which writes broke the data before anything else: look at transactions, retries and idempotency of what was under way when requests failed.',
  ],
  [
    /^health$/,
    'See why the health check failed under load: what takes a service out of its balancer under load takes away the capacity that it lacks.',
  ],
  [
    /^drift$/,
    'Compare two snapshots an hour apart (heap, connections, tables): what grew between them under a level load is the leak.',
  ],
];

/** What to do about what failed or warns. */
export const watchedRecommendations = (summary: Summary): Recommendation[] =>
  watchedVerdicts(summary)
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ name, text }) => ({ text: REMEDIES.find(([pattern]) => pattern.test(name))?.[1] ?? '', because: text }));
