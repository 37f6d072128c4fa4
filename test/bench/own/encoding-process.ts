import { uniform01 } from '../../../lib/schedule/random.ts';
import type { IntervalWire } from '../../../lib/measure/codec.ts';
import { encodeInterval } from '../../../lib/measure/encode.ts';
import { record } from '../../../lib/measure/histogram.ts';
import { emptyInterval, stepOf } from '../../../lib/measure/interval.ts';
import { chooseOutput } from '../../../lib/outputs/choose.ts';
import { LiveFigures } from '../../../lib/outputs/live-figures.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { lowerPlan } from '../../../lib/plan/lower.ts';

/**
 * What each output's messages cost the process that makes the load, in ms of CPU for each second of a run, without what sends them. Run it
 * by itself: npm run bench:encoding -- [steps] [seconds].
 */
const [steps = 10, seconds = 120] = process.argv.slice(2).map(Number);
const PER_SECOND = 500;
/** The first seconds compile everything. */
const WARM_SECONDS = 20;
const OUTPUTS = [
  'prometheus=:9464',
  'prometheus=http://127.0.0.1:9090/api/v1/write',
  'otlp=http://127.0.0.1:4318',
  'influx=http://127.0.0.1:8086/write?db=x',
  'statsd=127.0.0.1:8125',
  'ndjson=live.ndjson',
  'cloudwatch=live.emf',
];

const planOf = (count: number): Plan => {
  const gets = Array.from({ length: count }, (_, i) => ({ name: `step ${i}`, get: `/${i}` }));
  return lowerPlan(
    {
      name: 'encoding',
      scenarios: [{ name: 'all', steps: gets }],
      phases: [{ name: 'arrivals', kind: 'sustained', duration: '1h', open: { rate: PER_SECOND } }],
    },
    { feeders: [] },
  );
};

/** Times from half a millisecond to 27, evenly over their logarithm. */
function secondOf(second: number, random: () => number): IntervalWire {
  const interval = emptyInterval();
  for (let n = 0; n < PER_SECOND; n += 1) {
    const { responseTime, serviceTime, ledger } = stepOf(interval, n % steps);
    const us = 500 * Math.exp(4 * random());
    record(responseTime, us);
    record(serviceTime, us);
    record(interval.startDelay, 900 * random());
    ledger.sent += 1;
    ledger.ok += 1;
  }
  interval.arrivals.due = PER_SECOND;
  interval.arrivals.started = PER_SECOND;
  return encodeInterval({ phase: 0, worker: 0, second }, interval);
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** ms of CPU a second, and bytes. */
function costOf(output: string | undefined, plan: Plan, wires: readonly IntervalWire[]): readonly [number, number] {
  const encoder = output === undefined ? undefined : chooseOutput(output, { env: {}, pathOf: (path) => path }).encoder;
  let [bytes, fromMs] = [0, 0];
  const figures = new LiveFigures({
    id: 'r',
    plan,
    environment: 'laptop',
    workers: 1,
    signals: () => new Map(),
    nowMs: () => Date.now(),
    onSecond: (live) => {
      for (const message of encoder?.second(live) ?? []) bytes += message.length;
    },
  });
  figures.phaseStarted({ name: 'arrivals', number: 0, startAtMs: Date.now(), durationUs: 3600e6 });
  for (const [second, wire] of wires.entries()) {
    if (second === WARM_SECONDS) fromMs = cpuMs();
    figures.add(wire);
  }
  return [(cpuMs() - fromMs) / (wires.length - WARM_SECONDS), bytes / wires.length];
}

const random = uniform01(1);
const wires = Array.from({ length: seconds }, (_, second) => secondOf(second, random));
for (const output of [undefined, ...OUTPUTS]) {
  const [ms, bytes] = costOf(output, planOf(steps), wires);
  process.stdout.write(`${(output ?? 'none').padEnd(50)} ${ms.toFixed(2)} ms, ${bytes.toFixed(0)} bytes a second\n`);
}
