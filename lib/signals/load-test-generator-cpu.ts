import { loadTestMetric } from './cloudwatch/cloud.ts';
import { never } from './scrape/read.ts';
import type { Signal } from './signal.ts';

/** CPU of the busiest generator thread. */
export const loadTestGeneratorCpu: Signal = {
  id: 'load-test.generator-cpu',
  title: 'Generator CPU',
  unit: 'ratio',
  kind: 'utilisation',
  bottleneck: 'generator',
  limit: { above: 0.85 },
  read: never,
  cloud: {
    reading: loadTestMetric('GeneratorCpuRatio', 'Maximum'),
    drawn: { on: 'load-test', graph: 'Generator CPU' },
  },
};
