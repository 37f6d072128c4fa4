import { expect, test } from '@jest/globals';
import { taskExits } from '../../../loadgen/task/exits.ts';

/** Whoever reads the console knows these numbers; 143 is what a shell gives to SIGTERM. */
test('zero is where another try would change nothing; every other way to end has a number of its own', () => {
  expect(Object.fromEntries(Object.entries(taskExits).map(([name, { code }]) => [name, code]))).toEqual({
    done: 0,
    onceDone: 0,
    setupFailed: 3,
    notStarted: 0,
    tooLate: 0,
    defect: 1,
    inputInvalid: 2,
    storeFailed: 10,
    stopped: 143,
  });
});
