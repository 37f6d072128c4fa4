import { expect, test } from '@jest/globals';
import { merge, type Interval } from '../../../lib/measure/interval.ts';
import { Recorder } from '../../../lib/measure/recorder.ts';

function recorded(feed: (recorder: Recorder) => void): [number, Interval][] {
  const intervals: [number, Interval][] = [];
  feed(new Recorder((second, interval) => intervals.push([second, merge([interval])])));
  return intervals;
}

test('a phase of 1.5 s: what is answered behind its end belongs to the seconds behind it', () => {
  const intervals = recorded((recorder) => {
    recorder.users(200_000, 1);
    recorder.sent(1_400_000, 0);
    recorder.phaseEnded(1_500_000);
    recorder.ended({ step: 0, intendedUs: 1_400_000, sentUs: 1_400_000, endedUs: 1_600_000, outcome: 'ok' });
    recorder.users(1_600_000, 0);
    recorder.flush(1_700_000);
  });
  expect(intervals.map(([second]) => second)).toEqual([0, 1, 2]);
  // 0.2 s to 1 s, 1 s to 1.5 s, and 0.1 s behind the end.
  expect(intervals.map(([, { userUs }]) => userUs)).toEqual([800_000, 500_000, 100_000]);
  expect(intervals.map(([, { steps }]) => steps.get(0)?.ledger.ok ?? 0)).toEqual([0, 0, 1]);
});

test('a phase of whole seconds ends with its last second', () => {
  const intervals = recorded((recorder) => {
    recorder.sent(500_000, 0);
    recorder.phaseEnded(1_000_000);
    recorder.flush(1_000_000);
  });
  expect(intervals.map(([second]) => second)).toEqual([0, 1]);
  expect(intervals[0]?.[1].steps.get(0)?.ledger.sent).toBe(1);
});

test('of failures and time-outs one example each is stored, and of what was cut none', () => {
  const times = { step: 0, intendedUs: 0, sentUs: 10, endedUs: 20 };
  const total = merge(
    recorded((recorder) => {
      for (const outcome of ['timedOut', 'cut', 'status.503', 'ok'] as const)
        for (const detail of ['trace b', 'trace a', undefined])
          recorder.ended({ ...times, outcome, detail: outcome === 'ok' ? undefined : detail });
      recorder.flush(30);
    }).map(([, interval]) => interval),
  );
  expect(total.steps.get(0)?.ledger).toMatchObject({ ok: 3, timedOut: 3, cut: 3, failures: { 'status.503': 3 } });
  expect(total.steps.get(0)?.ledger.examples).toEqual({ timedOut: 'trace a', 'status.503': 'trace a' });
});

test('a request that was cut has no times; one that timed out has', () => {
  const times = { step: 0, intendedUs: 0, sentUs: 10, endedUs: 20 };
  const total = merge(
    recorded((recorder) => {
      recorder.ended({ ...times, outcome: 'cut' });
      recorder.ended({ ...times, outcome: 'timedOut' });
      recorder.ended({ ...times, outcome: 'reset' });
      recorder.flush(20);
    }).map(([, interval]) => interval),
  );
  expect(total.steps.get(0)?.responseTime.totalCount).toBe(2);
  expect(total.steps.get(0)?.ledger).toMatchObject({ cut: 1, timedOut: 1, failed: 1, failures: { reset: 1 } });
});
