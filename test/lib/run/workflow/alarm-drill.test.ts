import { expect, test } from '@jest/globals';
import { drillAlarm, type DrilledAlarm } from '../../../../lib/run/workflow/alarm-drill.ts';
import type { AlarmAction, AlarmState } from '../../../../lib/run/workflow/ports.ts';

interface Drilled {
  readonly found: DrilledAlarm;
  readonly set: readonly AlarmState['state'][];
}

/** An alarm in such a state, whose history has such actions so many seconds after it was set off. */
async function drilled(
  state: AlarmState['state'],
  actions: readonly AlarmAction[],
  afterSeconds = 5,
): Promise<Drilled> {
  let nowMs = 1000;
  const set: AlarmState['state'][] = [];
  const alarms = {
    set: (alarm: AlarmState) => Promise.resolve(void set.push(alarm.state)),
    actionsSince: (_: string, sinceMs: number) => Promise.resolve(nowMs - sinceMs < afterSeconds * 1000 ? [] : actions),
  };
  const ports = { alarms, nowMs: () => nowMs, sleep: (ms: number) => Promise.resolve(void (nowMs += ms)) };
  return { found: await drillAlarm(ports, { name: 'plimsoll-dev-error-rate', state }), set };
}

const sent: AlarmAction = { succeeded: true, text: 'Successfully executed action arn:topic' };
const refused: AlarmAction = { succeeded: false, text: 'Failed to execute action arn:topic' };

test.each<readonly [string, Promise<Drilled>, Partial<DrilledAlarm>, readonly AlarmState['state'][]]>([
  // Looked at every 3 s: after 5 s the second look finds it.
  [
    'notified',
    drilled('OK', [sent]),
    { verdict: 'pass', evidence: 'notified within 6 s, and was cleared: Successfully executed action arn:topic' },
    ['ALARM', 'OK'],
  ],
  ['of one without data', drilled('INSUFFICIENT_DATA', [sent]), { verdict: 'pass' }, ['ALARM', 'OK']],
  [
    'one of its two topics is gone',
    drilled('OK', [sent, refused]),
    { verdict: 'fail', evidence: refused.text },
    ['ALARM', 'OK'],
  ],
  ['it has no action', drilled('OK', []), { verdict: 'fail' }, ['ALARM', 'OK']],
  ['its action comes after a minute', drilled('OK', [sent], 70), { verdict: 'fail' }, ['ALARM', 'OK']],
  ['it is on already', drilled('ALARM', [sent]), { verdict: 'unknown' }, []],
])('%s', async (_, drilling, found, set) => {
  const drill = await drilling;
  expect(drill.found).toMatchObject(found);
  expect(drill.set).toEqual(set);
});

test('it is cleared where its history could not be read', async () => {
  const set: string[] = [];
  const alarms = {
    set: ({ state }: AlarmState) => Promise.resolve(void set.push(state)),
    actionsSince: () => Promise.reject(new Error('denied')),
  };
  const ports = { alarms, nowMs: () => 0, sleep: () => Promise.resolve() };
  await expect(drillAlarm(ports, { name: 'a', state: 'OK' })).rejects.toThrow('denied');
  expect(set).toEqual(['ALARM', 'OK']);
});
