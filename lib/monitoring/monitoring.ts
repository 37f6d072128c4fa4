import { promDuration } from '../signals/prometheus/promql.ts';
import type { PromqlScope, Signal } from '../signals/signal.ts';

/** For which system, and how often, it is looked at. */
export interface MonitoringOptions {
  /** Those with names of a plan's own are read from there (`withOwnNames`). */
  readonly signals: readonly Signal[];
  /** One reading of an alarm: a minute, as CloudWatch's alarms have it. */
  readonly periodSeconds: number;
  /** Prometheus' jobs that belong to the system; all that it scrapes where there are none. */
  readonly jobs: readonly string[];
  /** Requests a second that the service was seen to carry; without it nothing is said of the share in use. */
  readonly capacityPerSecond?: number | undefined;
  /** Address below which `<alarm>.md` can be read, without a slash at its end; default: its path in this repository. */
  readonly runbooks?: string | undefined;
}

/** One file that a monitoring stack reads. */
export interface MonitoringFile {
  readonly fileName: string;
  write(options: MonitoringOptions): string;
}

/** Recorded for every signal, with its id as label `signal`; Plimsoll's own readings are `plimsoll_signal`. */
export const RECORDED = 'plimsoll:signal';

export const recordedSeries = ({ id }: Pick<Signal, 'id'>): string => `${RECORDED}{signal="${id}"}`;

/** What an alarm counts, for people. */
export const wordForReadings = ({ periodSeconds }: MonitoringOptions): string =>
  periodSeconds === 60 ? 'minutes' : `readings of ${promDuration(periodSeconds)}`;

/** Four samples in a period: growth over it needs two, and one may be missed. */
export const intervalOf = ({ periodSeconds }: MonitoringOptions): string => promDuration(periodSeconds / 4);

export const scopeOf = ({ periodSeconds, jobs, capacityPerSecond }: MonitoringOptions): Omit<PromqlScope, 'by'> => ({
  windowSeconds: periodSeconds,
  where: jobs.length === 0 ? '' : `job=~${JSON.stringify(jobs.map(literally).join('|'))}`,
  quantities: capacityPerSecond === undefined ? {} : { capacityPerSecond },
});

/** Signs that mean something in a regular expression stand for themselves. */
const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
