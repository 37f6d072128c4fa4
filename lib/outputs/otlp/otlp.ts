import { postTo } from '../address.ts';
import { familyReadings, type Family, type FamilyReading } from '../families.ts';
import type { Encoder, RunLabels, LiveSecond, Message, Output } from '../output.ts';
import { double, encodedOf, fixed, nested, signed, text, whole, wholes, type Field } from '../protobuf.ts';
import { exponentialOf } from './exponential.ts';

/** OpenTelemetry's protocol over HTTP, in protobuf, which every receiver has to take. */
export const otlp: Output = {
  kind: 'otlp',
  example: 'otlp=http://127.0.0.1:4318',
  traces: true,
  usual: 'http://127.0.0.1:4318',
  open: (address) => {
    const destination = postTo(address, '/v1/metrics', 'application/x-protobuf');
    return typeof destination === 'string' ? destination : { destination, encoder };
  },
};

/** Sums and histograms are cumulative, from the phase's start. Field numbers: opentelemetry/proto/metrics/v1/metrics.proto. */
const encoder: Encoder = { second: (live) => [requestOf(live)] };

const CUMULATIVE = 2;

function requestOf(live: LiveSecond): Message {
  const byFamily = Map.groupBy(familyReadings(live, live.soFar), ([family]) => family);
  const metrics = Array.from(byFamily, ([family, own]) =>
    nested(
      2,
      ...metricFields(
        family,
        own.map(([, reading]) => pointOf(reading, live)),
      ),
    ),
  );
  const scope = nested(2, nested(1, text(1, 'plimsoll')), ...metrics);
  return encodedOf(nested(1, resourceOf(live.run), scope));
}

const resourceOf = ({ id, plan }: RunLabels): Field =>
  nested(
    1,
    ...Object.entries({ 'service.name': 'plimsoll', 'service.instance.id': id, 'plimsoll.plan': plan }).map(
      ([key, value]) => attribute(1, key, value),
    ),
  );

const attribute = (field: number, key: string, value: string): Field =>
  nested(field, text(1, key), nested(2, text(1, value)));

/** Names with a dot and the unit apart, as OpenTelemetry has it: a Prometheus behind it makes of them the names of our own. */
function metricFields({ name, kind, unit, help }: Family, points: readonly Field[]): Field[] {
  const head = [text(1, `plimsoll.${name}`), text(2, help), text(3, UNITS[unit ?? 'none'])];
  if (kind === 'gauge') return [...head, nested(5, ...points)];
  if (kind === 'counter') return [...head, nested(7, ...points, whole(2, CUMULATIVE), whole(3, 1))];
  return [...head, nested(10, ...points, whole(2, CUMULATIVE))];
}

/** UCUM. */
const UNITS = { seconds: 's', ratio: '1', none: '' } as const;

function pointOf({ labels, value }: FamilyReading, { phase, atMs }: LiveSecond): Field {
  const times = [fixed(2, nanoseconds(phase.startAtMs)), fixed(3, nanoseconds(atMs))];
  const attributes = (field: number): Field[] =>
    Object.entries(labels).map(([key, each]) => attribute(field, key, each));
  if (typeof value === 'number') return nested(1, ...attributes(7), ...times, double(4, value));
  const { scale, count, zeroCount, sum, range, offset, counts } = exponentialOf(value);
  return nested(
    1,
    ...attributes(1),
    ...times,
    fixed(4, BigInt(count)),
    double(5, sum),
    signed(6, scale),
    fixed(7, BigInt(zeroCount)),
    nested(8, signed(1, offset), wholes(2, counts)),
    ...(range === undefined ? [] : [double(12, range.min), double(13, range.max)]),
  );
}

const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
