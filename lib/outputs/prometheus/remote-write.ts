import { familyReadings } from '../families.ts';
import type { Encoder, LiveSecond } from '../output.ts';
import { double, fixed, nested, text, whole, type Field } from '../protobuf.ts';
import { seriesText } from './exposition.ts';
import { samplesOf, type PrometheusSample } from './series.ts';
import { snappy } from './snappy.ts';

/** What the specification asks for, version 1.0 of remote write. */
export const REMOTE_WRITE_HEADERS = { 'content-encoding': 'snappy', 'x-prometheus-remote-write-version': '0.1.0' };

interface Series {
  /** Its labels as they are written. */
  readonly fields: readonly Field[];
  readonly gauge: boolean;
  atMs: number;
}

/**
 * Every second what a scrape would have found, with two things that a scrape can't know. A counter begins at 0 a second before it is
 * first seen, so that its rate lacks nothing; and a gauge that was not read again ends with Prometheus' mark of staleness instead
 * of standing for five minutes more.
 */
export function remoteWrite(): Encoder {
  const open = new Map<string, Series>();
  const close = (ends: (series: Series) => boolean): Field[] =>
    [...open]
      .filter(([, series]) => ends(series))
      .map(([key, { fields, atMs }]) => {
        open.delete(key);
        return nested(1, ...fields, staleAt(atMs + 1));
      });
  const write = (live: LiveSecond, sample: PrometheusSample, gauge: boolean): Field => {
    const key = seriesText(sample);
    const known = open.get(key);
    const series = known ?? { fields: labelFields(sample, live.run.id), gauge, atMs: 0 };
    open.set(key, series);
    series.atMs = live.atMs;
    const first = known === undefined && !gauge ? [sampleAt(live.atMs - 1000, 0)] : [];
    return nested(1, ...series.fields, ...first, sampleAt(live.atMs, sample.value));
  };
  return {
    second: (live) => {
      const written = familyReadings(live, live.soFar).flatMap(([family, reading]) =>
        samplesOf(family, reading).map((sample) => write(live, sample, family.kind === 'gauge')),
      );
      const ended = close(({ gauge, atMs }) => gauge && atMs < live.atMs);
      return [snappy(Buffer.concat([...written, ...ended]))];
    },
    end: () => (open.size === 0 ? [] : [snappy(Buffer.concat(close(() => true)))]),
  };
}

/** Sorted by name, as the specification wants them; `job` and `instance` as a scrape would have added them. */
function labelFields({ name, labels }: PrometheusSample, run: string): Field[] {
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
