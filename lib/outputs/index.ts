import { cloudwatch } from './emf.ts';
import { influx } from './influx.ts';
import { ndjson } from './ndjson.ts';
import { otlp } from './otlp/otlp.ts';
import type { Output } from './output.ts';
import { prometheus } from './prometheus/prometheus.ts';
import { statsd } from './statsd.ts';

/** Every output of live figures. A new one is a file and its line here. */
export const outputs: readonly Output[] = [prometheus, otlp, influx, statsd, ndjson, cloudwatch];
