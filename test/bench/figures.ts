import type { Run } from './runner.ts';

/** The middle value; the mean of the two middle ones of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** A peer's row of one case: medians over its runs. */
export interface Row {
  readonly runs: number;
  /** CPU of the whole process tree, starting up included, by requests that the server answered. */
  readonly cpuUsPerRequest: number;
  /** The spread of it: largest less smallest. */
  readonly spreadUs: number;
  /** Without what a run costs before and after its load: the slope between a short and a long run. NaN without a short one. */
  readonly marginalUsPerRequest: number;
  readonly startUpCpuSeconds: number;
  readonly requestsPerCoreSecond: number;
  readonly servedPerSecond: number;
  readonly peakRssBytes: number;
  readonly failed: number;
  /** Requests that the tool reports by those that the server answered. */
  readonly reportedRatio: number;
  readonly p50Us: number | undefined;
  readonly p99Us: number | undefined;
  readonly p999Us: number | undefined;
}

const cpuUs = ({ cpuSeconds, served }: Run): number => (cpuSeconds * 1e6) / served;

/**
 * A run costs a + b·requests of CPU. `short` is one run of a second or so, and gives with the median long run a and b: what
 * starting up and reporting cost, and what a request costs.
 */
export function rowOf(runs: readonly Run[], short: Run | undefined): Row {
  const mid = (of: (run: Run) => number): number => median(runs.map(of));
  const costs = runs.map(cpuUs);
  const [cpu, served] = [mid(({ cpuSeconds }) => cpuSeconds), mid((run) => run.served)];
  const slope = short === undefined ? Number.NaN : (cpu - short.cpuSeconds) / (served - short.served);
  const times = (of: (run: Run) => number | undefined): number | undefined => {
    const known = runs.flatMap((run) => of(run) ?? []);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    runs: runs.length,
    cpuUsPerRequest: median(costs),
    spreadUs: Math.max(...costs) - Math.min(...costs),
    marginalUsPerRequest: slope * 1e6,
    startUpCpuSeconds: cpu - slope * served,
    requestsPerCoreSecond: 1e6 / median(costs),
    servedPerSecond: mid((run) => run.served / run.seconds),
    peakRssBytes: mid((run) => run.peakRssBytes),
    failed: runs.reduce((sum, run) => sum + run.reported.failed, 0),
    reportedRatio: mid((run) => run.reported.requests / run.served),
    p50Us: times((run) => run.reported.p50Us),
    p99Us: times((run) => run.reported.p99Us),
    p999Us: times((run) => run.reported.p999Us),
  };
}
