import sequencer from '@jest/test-sequencer';

// Its types are those of its CommonJS build; what Node imports is the class itself.
const TestSequencer = sequencer as unknown as typeof sequencer.default;

type Tests = Parameters<InstanceType<typeof TestSequencer>['sort']>[0];

/** Suites of many files, though small themselves; jest would begin them last where it has never timed them. */
const LONGEST =
  /\/test\/(?:lib\/infra\/infra|system\/workflow\/\w+|system\/synth|system\/honesty\/misbehaving|system\/capacity|lib\/analysis\/diagnosis\/grade)\.test\.ts$/;

/** Jest's order, but for the longest files, which come first: one that is begun last keeps one core waiting for a minute. */
export default class LongestFirst extends TestSequencer {
  override sort(tests: Tests): Tests {
    const sorted = super.sort(tests) as Tests;
    return sorted.toSorted((a, b) => Number(LONGEST.test(b.path)) - Number(LONGEST.test(a.path)));
  }
}
