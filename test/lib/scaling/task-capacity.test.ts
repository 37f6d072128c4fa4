import { describe, expect, test } from '@jest/globals';
import { PlimsollError } from '../../../lib/errors.ts';
import { taskCapacity, type TaskFacts } from '../../../lib/scaling/task-capacity.ts';
import { report, summary } from './search.ts';

const read = (over: object = {}, facts: TaskFacts = {}, withReport?: object) =>
  taskCapacity({ summary: { ...summary, ...over }, report: withReport, path: 'runs/latest' }, facts);

function codeOf(over: object): string {
  try {
    read(over);
  } catch (error) {
    if (error instanceof PlimsollError) return error.code;
    throw error;
  }
  return 'none';
}

describe('what one task carries', () => {
  test('is the capacity in requests, by task, with its interval', () => {
    // 200 arrivals/s of 1.5 requests each, over two tasks: 150 requests/s a task; 190 and 210 are 142.5 and 157.5.
    expect(read({}, { tasks: 2, startUpSeconds: 30 })).toMatchObject({
      run: 'r-1',
      tasks: 2,
      perSecond: 150,
      lowPerSecond: 142.5,
      highPerSecond: 157.5,
      // The most that was answered, 390 requests/s, beyond the objectives.
      saturatedPerSecond: 195,
      startUpSeconds: 30,
      startUpMeasured: true,
      objective: 'p99 < 300ms',
    });
  });

  test('response time by load ends at the limit, and comes from passing probes alone', () => {
    expect(read().curve).toEqual([
      { loadRatio: 0.5, us: 50_000 },
      { loadRatio: 0.9, us: 150_000 },
      { loadRatio: 1, us: 300_000 },
    ]);
  });

  test('signals say how many tasks ran, and how busy they were', () => {
    // The last passing phase, at 180/s, had 63 % on average after its first fifth: 70 % at 200/s.
    expect(read({}, {}, report)).toMatchObject({ tasks: 3, cpuRatio: 0.7, startUpMeasured: false });
    // Scaling changed the number meanwhile: one is taken, and said.
    const changing = {
      ...report,
      signals: [
        {
          id: 'service.tasks',
          points: [
            [1, 2],
            [2, 3],
          ],
        },
      ],
    };
    expect(read({}, {}, changing).tasks).toBe(1);
  });

  test('a shared resource that gave way first is named, where the finding is sure of it', () => {
    expect(read({ bottleneck: { id: 'database.cpu', confidence: 'high' } }).sharedLimit).toBe('database.cpu');
    expect(read({ bottleneck: { id: 'database.cpu', confidence: 'low' } }).sharedLimit).toBeUndefined();
    expect(read({ bottleneck: { id: 'service.cpu', confidence: 'high' } }).sharedLimit).toBeUndefined();
  });

  test('an answer that was not confirmed is built on where it has an interval', () => {
    const capacity = { ...summary.capacity, verdict: 'unknown', reason: 'The budget was spent.' };
    expect(read({ capacity }).unconfirmed).toBe('The budget was spent.');
    expect(read().unconfirmed).toBeUndefined();
  });

  const without = { ...summary.capacity, interval: undefined };
  test.each([
    ['a run that is no search', { capacity: undefined }, 'E-CAPACITY-MISSING'],
    ['no summary', { run: undefined }, 'E-CAPACITY-MISSING'],
    [
      'a capacity of zero',
      { capacity: { ...summary.capacity, perSecond: 0, interval: [0, 0] } },
      'E-CAPACITY-UNUSABLE',
    ],
    ['none that was found', { capacity: { ...without, verdict: 'unknown' } }, 'E-CAPACITY-UNUSABLE'],
    ['one that was not measured', { capacity: { ...summary.capacity, perSecond: null } }, 'E-CAPACITY-UNUSABLE'],
    ['a service that declines', { capacity: { ...summary.capacity, verdict: 'declining' } }, 'E-CAPACITY-UNUSABLE'],
  ])('%s is refused', (_, over, code) => {
    expect(codeOf(over)).toBe(code);
  });
});
