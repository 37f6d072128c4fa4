import type { Percentiles } from '../../../lib/measure/histogram.ts';
import type { Ledger } from '../../../lib/measure/ledger.ts';
import type { Point } from '../../../lib/measure/measurement.ts';
import type { PhaseKind } from '../../../lib/plan/phase.ts';
import type { JudgedObjective, PhaseFindings, StepFindings } from '../../../lib/analysis/phase.ts';
import type { TimesUs } from '../../../lib/measure/times.ts';

/** A phase of the fixture's run: arrivals a second from its start to its end, into a service that carries 640 a second. */
export interface Course {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly seconds: number;
  readonly from: number;
  readonly to: number;
  readonly objectives: readonly JudgedObjective[];
}

export const CAPACITY = 640;
/** Arrivals that wait longer than this time out, in seconds. */
const DEADLINE = 2;

/** Evenly spread in 0–1 and always the same: the fractional parts of multiples of the golden ratio. */
const noise = (at: number): number => (at * 0.618_033_988_75) % 1;

function times(p50: number, spread: number, count: number): Percentiles {
  const at = (factor: number): number => Math.round(p50 * (1 + (spread - 1) * factor));
  return {
    count,
    min: Math.round(p50 * 0.4),
    mean: at(0.12),
    deviation: at(0.2),
    p50,
    p90: at(0.4),
    p95: at(0.6),
    p99: at(1),
    p999: at(1.4),
    max: at(1.9),
  };
}

/** A second of a fluid queue: what is beyond the capacity waits, and what has waited too long times out. */
function pointAt(
  course: Course,
  second: number,
  [queued, sick]: readonly [number, number],
): { point: Point; queue: number } {
  const rate = course.from + ((course.to - course.from) * (second + 0.5)) / course.seconds;
  const due = Math.round(rate * (0.98 + 0.04 * noise(second + rate)));
  const carried = Math.min(CAPACITY, due + queued);
  const waiting = Math.max(0, due + queued - carried);
  const timedOut = Math.max(0, Math.round(waiting - CAPACITY * DEADLINE));
  const failed = waiting > CAPACITY ? Math.round(carried * 0.06) : second % 17 === 11 ? 1 : 0;
  const load = Math.min(0.97, due / CAPACITY);
  const base = Math.round(3200 / (1 - load * 0.9) + 400 * noise(second * 3));
  const wait = Math.round((waiting / CAPACITY + sick) * 1e6);
  const ledger: Ledger = {
    sent: carried + timedOut,
    ok: carried - failed,
    failed,
    timedOut,
    cut: 0,
    failures:
      failed > 1
        ? { 'status.503': failed - Math.round(failed / 4), reset: Math.round(failed / 4) }
        : failed === 1
          ? { reset: 1 }
          : {},
  };
  const point: Point = {
    atSeconds: second,
    seconds: 1,
    offeredPerSecond: due,
    throughputPerSecond: ledger.ok,
    ledger,
    users: Math.round((carried * (base + wait)) / 1e6) + waiting,
    responseTimeUs: times(base + wait, wait > 20_000 ? 1.6 : 4.2, carried),
    serviceTimeUs: times(base + Math.round(wait * 0.7), wait > 20_000 ? 1.5 : 4, carried),
    startDelayP99Us: Math.round(120 + 300 * load + 60 * noise(second * 7)),
    generatorCpuRatio: 0.06 + 0.3 * load + 0.02 * noise(second * 5),
  };
  return { point, queue: waiting - timedOut };
}

/** `sick` seconds of waiting are left from the phase before; they fall to a third each second. */
export function pointsOf(course: Course, sick: number): { points: Point[]; queue: number } {
  const points: Point[] = [];
  let queue = 0;
  for (let second = 0; second < course.seconds; second += 1) {
    const next = pointAt(course, second, [queue, sick / 3 ** second]);
    points.push(next.point);
    queue = next.queue;
  }
  return { points, queue };
}

/** What still waits at the end of a phase is cut. */
function sumLedger(points: readonly Point[], cut: number): Ledger {
  const sum: Ledger = { sent: cut, ok: 0, failed: 0, timedOut: 0, cut, failures: {} };
  for (const { ledger } of points) {
    sum.sent += ledger.sent;
    sum.ok += ledger.ok;
    sum.failed += ledger.failed;
    sum.timedOut += ledger.timedOut;
    for (const [kind, count] of Object.entries(ledger.failures)) sum.failures[kind] = (sum.failures[kind] ?? 0) + count;
  }
  return sum;
}

/** Not the true merge, but of its shape: the percentiles of the worst second stand for the phase's tail. */
function worst(points: readonly Point[], of: 'responseTimeUs' | 'serviceTimeUs'): TimesUs {
  const seen = points.flatMap((point) => point[of] ?? []);
  const middle = seen.toSorted((a, b) => a.p50 - b.p50)[Math.floor(seen.length / 2)];
  const top = seen.reduce((a, b) => (b.p99 > a.p99 ? b : a), seen[0] ?? times(1, 1, 0));
  return {
    ...top,
    p50: middle?.p50 ?? 0,
    min: middle?.min ?? 0,
    count: seen.reduce((sum, { count }) => sum + count, 0),
  };
}

export function summaryOf(
  course: Course,
  { points, queue }: { points: Point[]; queue: number },
  startedAt: string,
): PhaseFindings {
  const ledger = sumLedger(points, queue);
  const due = points.reduce((sum, { offeredPerSecond }) => sum + offeredPerSecond, 0);
  const response = worst(points, 'responseTimeUs');
  const service = worst(points, 'serviceTimeUs');
  const bad = ledger.failed + ledger.timedOut;
  return {
    name: course.name,
    kind: course.kind,
    model: 'open',
    load: course.from === course.to ? `${course.from} arrivals/s` : `${course.from} → ${course.to} arrivals/s`,
    startedAt,
    durationSeconds: course.seconds,
    verdict: course.objectives.some(({ verdict }) => verdict === 'fail')
      ? 'fail'
      : course.objectives.length > 0
        ? 'pass'
        : 'unknown',
    validity: { verdict: 'valid', reasons: [] },
    arrivals: {
      due,
      started: ledger.sent,
      dropped: due - ledger.sent,
      completed: ledger.ok,
      abandoned: bad,
      cut: queue,
    },
    ledger,
    offeredPerSecond: due / course.seconds,
    throughputPerSecond: ledger.ok / course.seconds,
    errorRatio: bad / (ledger.ok + bad),
    peakUsers: Math.max(...points.map(({ users }) => users)),
    responseTimeUs: response,
    serviceTimeUs: service,
    startDelayUs: times(90, 5, ledger.sent),
    generator: { cpuRatio: 0.31, eventLoopDelayUs: times(40, 20, 900) },
    objectives: course.objectives,
    scenarios: [{ name: 'Look around and bid', steps: steps(ledger, response, service) }],
  };
}

/** The phase's requests, split 6 : 3 : 1; what is left over falls to the first step. */
function steps(ledger: Ledger, responseTimeUs: TimesUs, serviceTimeUs: TimesUs): readonly StepFindings[] {
  const step = (name: string, share: number): StepFindings => {
    const part = (count: number): number => Math.floor(count * share);
    const own = { ok: part(ledger.ok), failed: part(ledger.failed), timedOut: part(ledger.timedOut), cut: 0 };
    return {
      name,
      ledger: { sent: own.ok + own.failed + own.timedOut, ...own, failures: {} },
      responseTimeUs,
      serviceTimeUs,
    };
  };
  return [step('GET /api/jobs', 0.6), step('GET /api/jobs/{id}', 0.3), step('POST /api/bids', 0.1)];
}
