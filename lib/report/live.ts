import type { Point } from '../measure/measurement.ts';
import type { Phase } from '../plan/phase.ts';
import { formatNumber, formatRatio, formatSpan, formatUs } from '../units.ts';
import { errorRatio, failuresByClass } from '../measure/ledger.ts';
import { oneLine } from './numbers.ts';
import { describeLoad } from '../plan/describe-load.ts';

/** Which of several runs of one plan. */
export interface Repeat {
  readonly number: number;
  readonly of: number;
}

/** What a live view shows of the phase that is running. */
export interface LiveState {
  readonly phase: Phase;
  /** 1-based place among the phases of the run, and how many there are; undefined of a search, which asks for one after another. */
  readonly number: number;
  readonly phases: number | undefined;
  /** Between which rates a search has the capacity by now. */
  readonly soFar?: string;
  readonly repeat?: Repeat;
  readonly elapsedUs: number;
  /** Of the whole run, by plan. */
  readonly leftUs: number;
  readonly latest: Point | undefined;
  /** What there is to say of the run beside its figures. */
  readonly remarks?: readonly string[];
}

const BAR_WIDTH = 24;

/** One plain line, for a log. */
export function liveLine({ phase, number, phases, elapsedUs, latest, repeat, remarks = [] }: LiveState): string {
  const run = repeat === undefined ? '' : `run ${repeat.number}/${repeat.of}, `;
  const place = phases === undefined ? number : `${number}/${phases}`;
  const head = `[${run}${place}] ${oneLine(phase.name)} ${formatSpan(elapsedUs)} of ${formatSpan(phase.durationUs)}`;
  const line = latest === undefined ? head : `${head}: ${figures(latest).join(', ')}`;
  return [line, ...remarks].join('; ');
}

/** The panel, redrawn in place: at most `columns` wide. */
export function livePanel(state: LiveState, columns: number): string[] {
  const { phase, number, phases, elapsedUs, leftUs, latest, soFar, repeat, remarks = [] } = state;
  const done = Math.min(1, elapsedUs / phase.durationUs);
  const filled = Math.round(done * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const place = phases === undefined ? `probe ${number}, at most` : `phase ${number} of ${phases}`;
  const run = repeat === undefined ? '' : `run ${repeat.number} of ${repeat.of}, `;
  const lines = [
    // Many phases are called what they are.
    [...new Set([oneLine(phase.name), phase.kind, describeLoad(phase)])].join(' · '),
    `${bar} ${Math.round(done * 100)} %   ${run}${place}${phases === undefined ? ' ' : ', '}${formatSpan(Math.max(0, leftUs))} left`,
    ...(soFar === undefined ? [] : [soFar]),
    ...(latest === undefined ? ['waiting for the first second …'] : wrapFigures(figures(latest), columns)),
    ...remarks,
  ];
  return lines.map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line));
}

function figures(point: Point): string[] {
  return [
    `offered ${formatNumber(point.offeredPerSecond)}/s`,
    `carried ${formatNumber(point.throughputPerSecond)} req/s`,
    `p50 ${point.responseTimeUs === undefined ? '–' : formatUs(point.responseTimeUs.p50)}`,
    `p99 ${point.responseTimeUs === undefined ? '–' : formatUs(point.responseTimeUs.p99)}`,
    errorsOf(point.ledger),
    `users ${formatNumber(Math.round(point.users))}`,
    ...(Number.isNaN(point.startDelayP99Us) ? [] : [`start delay p99 ${formatUs(point.startDelayP99Us)}`]),
  ];
}

/** `errors 12 % (5xx 10 %, timed out 2 %)`. */
function errorsOf(ledger: Point['ledger']): string {
  const ratio = errorRatio(ledger);
  if (Number.isNaN(ratio)) return 'errors –';
  const ended = ledger.ok + ledger.failed + ledger.timedOut;
  const classes = Object.entries(failuresByClass(ledger)).map(
    ([name, count]) => `${name} ${formatRatio(count / ended)}`,
  );
  return `errors ${formatRatio(ratio)}${classes.length === 0 ? '' : ` (${classes.join(', ')})`}`;
}

function wrapFigures(shown: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const figure of shown) {
    const last = lines.at(-1);
    if (last === undefined || last.length + figure.length + 3 > columns) lines.push(figure);
    else lines[lines.length - 1] = `${last}   ${figure}`;
  }
  return lines;
}
