import { expect, test } from '@jest/globals';
import { errorTable } from '../../../../lib/errors.ts';
import { mayStillReport, type ExecutionStatus, reportMissing } from '../../../../lib/run/workflow/execution-status.ts';

const nowMs = 1e12;
const running: ExecutionStatus = { status: 'RUNNING' };
const endedAgo = (ms: number): ExecutionStatus => ({ status: 'ABORTED', endedAtMs: nowMs - ms });

test.each([
  ['it runs', running, true, true],
  ['it runs, and its lock is not taken yet, or let go by its last step', running, false, true],
  ['it was stopped a moment ago, and its load is being ended', endedAgo(1000), true, true],
  [
    'it was stopped ten minutes ago: ending its load was tried again, and the report is next',
    endedAgo(600e3),
    true,
    true,
  ],
  ['it ended, and let go of its lock: nobody writes any more', endedAgo(1000), false, false],
  ['it ended long ago, and what ends its load failed', endedAgo(90 * 60e3), true, false],
  ['nobody knows it, and it holds the lock: it runs on this machine', undefined, true, true],
  ['nobody knows it, and it holds no lock', undefined, false, false],
])('%s', (_, execution, holdsLock, may) => {
  expect(mayStillReport({ execution, holdsLock, nowMs })).toBe(may);
});

test('a refusal is told as the command line would tell it', () => {
  const error = reportMissing({
    status: 'FAILED',
    error: 'E-CHECKLIST',
    cause: `2 of 9 checks failed.\nalarms: one is in ALARM\ntarget: it answers 503\n${errorTable['E-CHECKLIST'].remedy}`,
  });
  expect(error).toMatchObject({
    code: 'E-CHECKLIST',
    message: '2 of 9 checks failed.',
    details: ['alarms: one is in ALARM', 'target: it answers 503'],
  });
});

test.each([
  [{ status: 'ABORTED' }, 'ABORTED'],
  [{ status: 'TIMED_OUT', error: 'States.Timeout' }, 'TIMED_OUT, States.Timeout'],
  [{ status: 'FAILED', error: 'ReportFailed', cause: 'E-AWS: no\n{"stack"}' }, 'FAILED, ReportFailed: E-AWS: no'],
  // A name that every object has is no code.
  [{ status: 'FAILED', error: 'toString', cause: '' }, 'FAILED, toString'],
])('%j ended so', (standing, told) => {
  expect(reportMissing(standing)).toMatchObject({
    code: 'E-CLOUD-NO-REPORT',
    message: `The execution ended without a report: ${told}.`,
  });
});
