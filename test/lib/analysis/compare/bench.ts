import type { ShiftVerdict } from '../../../../lib/analysis/compare/judge.ts';
import { poolOf, scoreComparisons, type ComparisonScore } from './score.ts';
import { simulatedServices } from './services.ts';

/** A/A and A/B by simulation: `npm run bench:compare -- [runs in a pool] [comparisons] [name of a service]`. */
const [runs, comparisons, only] = [
  Number(process.argv[2] ?? 200),
  Number(process.argv[3] ?? 2000),
  process.argv[4] ?? '',
];

const SIZES = [
  { baselines: 1, runs: 1 },
  { baselines: 5, runs: 1 },
  { baselines: 20, runs: 1 },
  { baselines: 5, runs: 5 },
  { baselines: 1, runs: 1, noise: 5 },
  { baselines: 1, runs: 1, noise: 20 },
];

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8);

const shiftedIn = ({ any, byFigure }: ComparisonScore, figure?: string): number => {
  const counts = figure === undefined ? any : byFigure[figure];
  const of = (verdict: ShiftVerdict): number => counts?.[verdict] ?? 0;
  return of('worse') + of('better') + of('differs');
};

console.log(
  'baselines v runs; tolerance 0 (default). A/A – a figure shifted (default); p50, p99, errors; interval of p50 holds 0.',
);
console.log('A/B: shifts found: p50 +5 %, p50 +10 %, p99 +20 % of the slowest 3 %, errors 0.2 → 1 %.');
for (const service of simulatedServices.filter(({ name }) => name.includes(only))) {
  const same = poolOf(service, runs, 0);
  const slower = poolOf(service, runs / 4, 100_000, { all: 1.05 });
  const slow = poolOf(service, runs / 4, 200_000, { all: 1.1, errorRatio: 0.01 });
  const tail = poolOf(service, runs / 4, 300_000, { tail: 1.2 });
  for (const size of SIZES) {
    const scored = { ...size, comparisons, tolerance: 0 };
    const none = scoreComparisons(same, same, { ...scored, truth: 0 });
    const byDefault = scoreComparisons(same, same, { ...size, comparisons, truth: 0 });
    const [five, ten, twenty] = [
      scoreComparisons(same, slower, { ...scored, truth: 0.05 }),
      scoreComparisons(same, slow, { ...scored, truth: 0.1 }),
      scoreComparisons(same, tail, { ...scored, truth: 0 }),
    ];
    console.log(
      service.name.padEnd(36),
      `${size.baselines} v ${size.runs}${'noise' in size ? `, noise of ${size.noise}` : ''}`.padEnd(19),
      'A/A',
      percent(shiftedIn(none)),
      `(${percent(shiftedIn(byDefault)).trim()})`.padStart(9),
      ...['responseTime.p50', 'responseTime.p99', 'errorRatio'].map((figure) => percent(shiftedIn(none, figure))),
      percent(none.covered),
      'A/B',
      percent(shiftedIn(five, 'responseTime.p50')),
      percent(shiftedIn(ten, 'responseTime.p50')),
      percent(shiftedIn(twenty, 'responseTime.p99')),
      percent(shiftedIn(ten, 'errorRatio')),
    );
  }
}
