import { describe, expect, test } from '@jest/globals';
import { signals } from '../../../lib/signals/index.ts';
import { alarmHistories } from '../../../lib/analysis/scaling/alarm-histories.ts';
import { alarmChanges, scalingActivities } from '../../../lib/scaling/verify/aws-records.ts';

const START = Date.UTC(2026, 2, 2, 9);

/** As `aws cloudwatch describe-alarm-history` prints it: newest first, the state in JSON within JSON. */
const alarmReply = JSON.stringify({
  AlarmHistoryItems: [
    item('plimsoll-staging-cpu-high', '2026-03-02T09:30:00.000000+00:00', 'OK'),
    item('plimsoll-staging-cpu-high', '2026-03-02T10:12:00+01:00', 'ALARM'),
    { ...item('plimsoll-staging-cpu-high', '2026-03-02T09:12:01Z', 'ALARM'), HistoryItemType: 'Action' },
    item('plimsoll-staging-2-cpu-high', '2026-03-02T09:00:00Z', 'ALARM'),
  ],
});

function item(AlarmName: string, Timestamp: string, stateValue: string) {
  const HistoryData = JSON.stringify({ version: '1.0', oldState: { stateValue: 'OK' }, newState: { stateValue } });
  return {
    AlarmName,
    AlarmType: 'MetricAlarm',
    Timestamp,
    HistoryItemType: 'StateUpdate',
    HistorySummary: '',
    HistoryData,
  };
}

test('changes of state, oldest first; actions and configuration are none', () => {
  expect(alarmChanges(alarmReply, 'alarms.json').map(({ atMs, state }) => [(atMs - START) / 60_000, state])).toEqual([
    [0, 'ALARM'],
    [12, 'ALARM'],
    [30, 'OK'],
  ]);
});

describe('activities', () => {
  const activity = (minute: number, Description: string, StatusCode = 'Successful') => ({
    ActivityId: 'a',
    StartTime: new Date(START + minute * 60_000).toISOString(),
    Description,
    Cause: 'monitor alarm TargetTracking-service/c/s-AlarmHigh-1 in state ALARM triggered policy Cpu',
    StatusCode,
  });
  const read = (...all: object[]) =>
    scalingActivities(JSON.stringify({ ScalingActivities: all }), 'activities.json', 2).map(({ from, to }) => [
      from,
      to,
    ]);

  test('are changes of the desired count, oldest first', () => {
    expect(
      read(
        activity(20, 'Setting desired count to 3.'),
        activity(5, 'Setting desired count to 7.'),
        activity(6, 'Setting desired count to 9.', 'Failed'),
        activity(1, 'Setting min capacity to 2 and max capacity to 8'),
      ),
    ).toEqual([
      [2, 7],
      [7, 3],
    ]);
  });

  test.each(['', '{}', '[]', '{"ScalingActivities":[{"StartTime":"then"}]}'])(
    '%j is refused, with the command that prints it',
    (text) => {
      expect(() => scalingActivities(text, 'x.json', 2)).toThrow('x.json is not what aws application-autoscaling');
      expect(() => alarmChanges(text, 'x.json')).toThrow('describe-alarm-history');
    },
  );
});

describe('alarms of an environment', () => {
  const cpu = signals.find(({ cloud }) => cloud?.alarm?.id === 'cpu-high');
  const { forMinutes = 0, limit = { above: 0 } } = cpu?.cloud?.alarm ?? {};
  const high = 'above' in limit ? limit.above + 0.01 : 0;
  const series = (values: readonly number[]) => ({
    fromMs: START,
    series: [{ id: cpu?.id ?? '', points: values.map((value, minute) => [minute * 60, value] as const) }],
  });
  const many = (value: number, count: number): number[] => Array.from({ length: count }, () => value);
  const changes = alarmChanges(alarmReply, 'alarms.json');

  test('should have been on once its signal was beyond its limit for as many minutes as it waits', () => {
    const found = alarmHistories(signals, series([...many(0.1, 5), ...many(high, 20), ...many(0.1, 10)]), {
      changes,
      prefix: 'plimsoll-staging',
    });
    expect(found).toEqual([
      {
        name: 'cpu-high',
        changes: [
          { atMs: START + 12 * 60_000, state: 'ALARM' },
          { atMs: START + 30 * 60_000, state: 'OK' },
        ],
        expected: { fromMs: START + (5 + forMinutes - 1) * 60_000, toMs: START + 24 * 60_000 },
      },
    ]);
  });

  test('has no trouble where its signal stayed within, and is left out where nothing is known of it', () => {
    const quiet = alarmHistories(signals, series(many(0.1, 30)), { changes: [], prefix: 'plimsoll-staging' });
    expect(quiet).toEqual([{ name: 'cpu-high', changes: [] }]);
    expect(alarmHistories(signals, { fromMs: START, series: [] }, { changes: [], prefix: 'plimsoll-staging' })).toEqual(
      [],
    );
  });
});
