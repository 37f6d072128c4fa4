import { poolOf, scoreComparisons } from './score.ts';
import { simulatedServices } from './services.ts';

/** Prints the scores of a small simulation. Jest's own realm makes such arithmetic twenty times slower. */
const [runs, comparisons] = [Number(process.argv[2]), Number(process.argv[3])];
const scores = ['lognormal 0.5', 'one server, 80 % busy', 'lognormal 0.5, 2 % from run to run'].map((name) => {
  const service = simulatedServices.find((each) => each.name === name);
  if (service === undefined) throw new Error(`no service: ${name}`);
  const [same, slower] = [poolOf(service, runs, 0), poolOf(service, 8, 100_000, { all: 1.1, errorRatio: 0.01 })];
  const repeated = { baselines: 5, runs: 5, comparisons, tolerance: 0 };
  return {
    name,
    pair: scoreComparisons(same, same, { baselines: 1, runs: 1, comparisons, tolerance: 0, truth: 0 }),
    known: scoreComparisons(same, same, { baselines: 1, runs: 1, noise: 5, comparisons, tolerance: 0, truth: 0 }),
    same: scoreComparisons(same, same, { ...repeated, truth: 0 }),
    slower: scoreComparisons(same, slower, { ...repeated, truth: 0.1 }),
  };
});
process.stdout.write(JSON.stringify(scores));
