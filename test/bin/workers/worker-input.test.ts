import { expect, test } from '@jest/globals';
import { workerInputFrom } from '../../../bin/workers/worker-input.ts';

const whole = {
  PLIMSOLL_STORE: 'file:///results',
  PLIMSOLL_EXECUTION: '5f0c2f7e-8d1b-4f0a-9a53-0d1de3a4c0c1',
  PLIMSOLL_WORKERS: '4',
  JOB_COMPLETION_INDEX: '3',
  PLIMSOLL_ENVIRONMENT: 'staging',
};

test('a worker is what its environment says', () => {
  expect(workerInputFrom(whole)).toEqual({
    storeAddress: 'file:///results',
    execution: '5f0c2f7e-8d1b-4f0a-9a53-0d1de3a4c0c1',
    share: { index: 3, of: 4 },
    environment: 'staging',
    barrierSeconds: 300,
  });
  expect(workerInputFrom({ ...whole, PLIMSOLL_BARRIER_SECONDS: '1.5' }).barrierSeconds).toBe(1.5);
});

test.each([
  ['PLIMSOLL_STORE', ''],
  ['PLIMSOLL_EXECUTION', '../other'],
  ['PLIMSOLL_EXECUTION', ''],
  ['PLIMSOLL_WORKERS', 'four'],
  ['JOB_COMPLETION_INDEX', '4'],
  ['JOB_COMPLETION_INDEX', '5'],
  ['JOB_COMPLETION_INDEX', '-1'],
  ['JOB_COMPLETION_INDEX', '1.5'],
  ['JOB_COMPLETION_INDEX', ''],
  ['JOB_COMPLETION_INDEX', undefined],
  ['PLIMSOLL_ENVIRONMENT', undefined],
  ['PLIMSOLL_BARRIER_SECONDS', '0'],
])('%s=%s is refused by its name', (name, value) => {
  expect(() => workerInputFrom({ ...whole, [name]: value })).toThrow(
    expect.objectContaining({
      code: 'E-WORKER-INPUT',
      details: expect.arrayContaining([expect.stringMatching(`^${name}: `)]),
    }),
  );
});
