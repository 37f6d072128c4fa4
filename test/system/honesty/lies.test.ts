import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Generator } from '../../../loadgen/thread/generator.ts';
import { emptyHistogram } from '../../../lib/measure/histogram.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';
import { stepOf, type Interval, type StepRecord } from '../../../lib/measure/interval.ts';
import { statuses } from './behaviours/statuses.ts';
import { bodies } from './behaviours/bodies.ts';
import { liesIn } from './lies.ts';
import { runUntilSent, type Seen } from './run-behaviour.ts';

/** The judge judged: of an honest run it says nothing, and of the smallest lie in it something. */
const generator = new Generator();
let good: Seen;
let late: Seen;

const named = (name: string) => {
  const found = [...statuses, ...bodies].find((each) => each.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

beforeAll(async () => {
  await generator.ready();
  good = await runUntilSent(generator, named('every second request 500'), { kind: 'mixed', sender: 'lean' }, 4);
  late = await runUntilSent(generator, named('no reply at all'), { kind: 'solo', sender: 'lean' });
});
afterAll(() => generator.close());

/** Does something to a copy of the run's record, so that one lie doesn't hide the next. */
function withLie(seen: Seen, lie: (interval: Interval, bad: StepRecord) => void): string[] {
  const { total } = seen.outcome.measurement;
  const copy: Interval = {
    ...total,
    arrivals: { ...total.arrivals },
    steps: new Map(
      Array.from(total.steps, ([step, each]) => [step, { ...each, ledger: structuredClone(each.ledger) }]),
    ),
  };
  lie(copy, stepOf(copy, seen.paths.indexOf('/bad')));
  const builder = new MeasurementBuilder(seen.outcome.ranSeconds);
  builder.add(0, copy);
  return liesIn({ ...seen, outcome: { ...seen.outcome, measurement: builder.build() } });
}

test('an honest ledger holds no lie', () => {
  expect(liesIn(good)).toEqual([]);
  expect(liesIn(late)).toEqual([]);
});

test.each<[string, (interval: Interval, bad: StepRecord) => void]>([
  ['a request more was sent', (_, { ledger }) => (ledger.sent += 1)],
  ['a request and its reply were made up', (_, { ledger }) => ((ledger.sent += 1), (ledger.ok += 1))],
  ['a request was left out', (_, { ledger }) => ((ledger.sent -= 1), (ledger.ok -= 1))],
  ['a failure counts as success', (_, { ledger }) => ((ledger.failed -= 1), (ledger.ok += 1))],
  [
    'a failure counts as success, in every place',
    (interval, { ledger }) => {
      ledger.failed -= 1;
      ledger.failures['status.500'] = (ledger.failures['status.500'] ?? 0) - 1;
      ledger.ok += 1;
      interval.arrivals.abandoned -= 1;
      interval.arrivals.completed += 1;
    },
  ],
  [
    'a failure goes by another name',
    (_, { ledger }) => {
      ledger.failures['reset'] = 1;
      ledger.failures['status.500'] = (ledger.failures['status.500'] ?? 0) - 1;
    },
  ],
  ['a good request is blamed', ({ steps }) => ((steps.get(3)!.ledger.ok -= 1), (steps.get(3)!.ledger.cut += 1))],
  ['an arrival was left out', ({ arrivals }) => (arrivals.due -= 1)],
  ['a journey is called cut', ({ arrivals }) => ((arrivals.completed -= 1), (arrivals.cut += 1))],
  ['times are missing', (_, bad) => Object.assign(bad, { responseTime: emptyHistogram() })],
])('it is seen that %s', (_, lie) => {
  expect(withLie(good, lie)).not.toEqual([]);
});

test('it is seen that a time-out came before its deadline', () => {
  const early = emptyHistogram();
  const lies = withLie(late, (_, bad) => {
    early.recordValueWithCount(249_000, bad.serviceTime.totalCount);
    Object.assign(bad, { serviceTime: early });
  });
  expect(lies).toEqual([expect.stringContaining('a time-out after')]);
});

test('it is seen that a run without one success passes', () => {
  const lies = withLie(late, ({ steps }) => steps.clear());
  expect(lies).not.toEqual([]);
});

test('it is seen that the server met what no client may do', () => {
  good.account.read('/bad', undefined);
  expect(liesIn(good)).toContain('a request for /bad came without its id');
});
