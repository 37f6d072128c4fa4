import { familyReadings } from '../families.ts';
import type { Encoder, LiveSecond } from '../output.ts';
import { double, encodedOf, fixed, nested, text, whole, written, type Field } from '../protobuf.ts';
import { seriesReader, type PrometheusSeries } from './series.ts';
import { snappy } from './snappy.ts';

/** What the specification asks for, version 1.0 of remote write. */
export const REMOTE_WRITE_HEADERS = { 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' };

interface Series {
  /** Its labels, written once. */
  readonly labels: Field;
  readonly gauge: boolean;
  atMs: number;
}

/**
 * Every second what a scrape would have found, with two things that a scrape can't know. A counter begins at 0 a second before it is
 * first seen, so that its rate lacks nothing; and a gauge that was not read again ends with Prometheus' mark of staleness instead
 * of standing for five minutes more.
 */
export function remoteWrite(): Encoder {
  const open = new Set<Series>();
  let read: ReturnType<typeof seriesOfRun> | undefined;
  const close = (ended: readonly Series[]): Field[] =>
    ended.map((series) => {
      open.delete(series);
      return nested(1, series.labels, staleAt(series.atMs + 1));
    });
  const write = ({ atMs }: LiveSecond, series: Series, value: number): Field => {
    const first = series.atMs === 0 && !series.gauge ? [sampleAt(atMs - 1000, 0)] : [];
    open.add(series);
    series.atMs = atMs;
    return nested(1, series.labels, ...first, sampleAt(atMs, value));
  };
  return {
    second: (live) => {
      const readings = (read ??= seriesOfRun(live.run.id));
      const current = familyReadings(live, live.soFar).flatMap(([family, reading]) =>
        readings(family, reading).map(([series, value]) => write(live, series, value)),
      );
      const ended = close([...open].filter(({ gauge, atMs }) => gauge && atMs < live.atMs));
      return [snappy(encodedOf(...current, ...ended))];
    },
    end: () => {
      // Another run may follow, under a name of its own.
      read = undefined;
      return open.size === 0 ? [] : [snappy(encodedOf(...close([...open])))];
    },
  };
}

const seriesOfRun = (run: string) =>
  seriesReader((series, { kind }): Series => {
    const labels = written(encodedOf(...labelFields(series, run)));
    return { labels, gauge: kind === 'gauge', atMs: 0 };
  });

/** Sorted by name, as the specification wants them; `job` and `instance` as a scrape would have added them. */
function labelFields({ name, labels }: PrometheusSeries, run: string): Field[] {
  const all = Object.entries({ __name__: name, job: 'plimsoll', instance: run, ...labels });
  return all
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => nested(1, text(1, key), text(2, value)));
}

const sampleAt = (atMs: number, value: number): Field => nested(2, double(1, value), whole(2, atMs));

/** Prometheus' value.StaleNaN: one of many NaNs, which JavaScript treats alike. */
const STALE_BITS = 0x7ff0_0000_0000_0002n;
const staleAt = (atMs: number): Field => nested(2, fixed(1, STALE_BITS), whole(2, atMs));
