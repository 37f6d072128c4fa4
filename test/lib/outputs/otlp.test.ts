import { expect, test } from '@jest/globals';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics';
import * as fc from 'fast-check';
import type { Histogram } from '../../../lib/measure/histogram.ts';
import { familyReadings, type Family, type FamilyReading } from '../../../lib/outputs/families.ts';
import { exponentialOf } from '../../../lib/outputs/otlp/exponential.ts';
import { otlp } from '../../../lib/outputs/otlp/otlp.ts';
import type { LiveSecond } from '../../../lib/outputs/output.ts';
import { readOtlp } from './otlp-reader.ts';
import { secondOf, seen, START_MS, succeeded } from './seconds.ts';

const opened = otlp.open({ text: 'http://127.0.0.1:4318', headers: {} });
const ours = (live: LiveSecond): Uint8Array =>
  typeof opened === 'string' ? Buffer.alloc(0) : (opened.encoder.second(live)[0] as Uint8Array);

const UNITS = { seconds: 's', ratio: '1', none: '' };
const START: [number, number] = [START_MS / 1000, 0];

/** The same figures in the shapes of OpenTelemetry's SDK, written by its own serializer. */
function theirs(live: LiveSecond): Uint8Array {
  const readings = familyReadings(live, live.soFar);
  const families = [...new Set(readings.map(([family]) => family))];
  const metrics = families.map((family) =>
    metricOf(
      family,
      readings.flatMap(([own, reading]) => (own === family ? reading : [])),
      [START[0] + live.second + 1, 0],
    ),
  );
  const resource = resourceFromAttributes({
    'service.name': 'plimsoll',
    'service.instance.id': live.run.id,
    'plimsoll.plan': live.run.plan,
  });
  const written = ProtobufMetricsSerializer.serializeRequest({
    resource,
    scopeMetrics: [{ scope: { name: 'plimsoll' }, metrics }],
  });
  return written ?? Buffer.alloc(0);
}

function metricOf(family: Family, readings: readonly FamilyReading[], endTime: [number, number]): MetricData {
  const descriptor = { name: `plimsoll.${family.name}`, description: family.help, unit: UNITS[family.unit ?? 'none'] };
  const common = {
    descriptor: { ...descriptor, valueType: 1, advice: {} },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = readings.map(({ labels, value }) => ({ startTime: START, endTime, attributes: { ...labels }, value }));
  if (family.kind === 'histogram')
    return {
      ...common,
      dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
      dataPoints: points.map((point) => ({ ...point, value: valueOf(point.value as Histogram) })),
    };
  const [dataPointType, isMonotonic] = family.kind === 'gauge' ? [DataPointType.GAUGE] : [DataPointType.SUM, true];
  return { ...common, dataPointType, isMonotonic, dataPoints: points } as MetricData;
}

function valueOf(histogram: Histogram) {
  const { offset, counts, range, ...rest } = exponentialOf(histogram);
  return {
    ...rest,
    ...range,
    positive: { offset, bucketCounts: [...counts] },
    negative: { offset: 0, bucketCounts: [] },
  };
}

test("OpenTelemetry's own serializer writes the same", () => {
  const times = fc.array(fc.nat(4_000_000), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 3 }), (seconds) => {
      const intervals = seconds.map((own, step) => secondOf(succeeded(step, own)));
      seen([intervals], (live) => expect(readOtlp(ours(live))).toEqual(readOtlp(theirs(live))));
    }),
    { numRuns: 30 },
  );
});
