import { expect, test } from '@jest/globals';
import { taskExits } from '../../loadgen/task-exits.ts';

/** Whoever reads the console knows these numbers; 143 is what a shell gives to SIGTERM. */
test('each way to end has a number of its own, and none is changed', () => {
  expect(Object.fromEntries(Object.entries(taskExits).map(([name, { code }]) => [name, code]))).toEqual({
    done: 0,
    defect: 1,
    orderInvalid: 2,
    storeFailed: 10,
    notStarted: 20,
    tooLate: 21,
    stopped: 143,
  });
});
