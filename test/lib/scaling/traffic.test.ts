import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { PlimsollError } from '../../../lib/errors.ts';
import { hourOfWeek, localMsOf, momentsOf } from '../../../lib/scaling/traffic/local-time.ts';
import { parseTraffic } from '../../../lib/scaling/traffic/parse-traffic.ts';
import { profileTraffic, trafficProfiles } from '../../../lib/scaling/traffic/profiles.ts';
import { durationSecondsOf, peakOf, rateAt } from '../../../lib/scaling/traffic/traffic.ts';

const read = (text: string, timezone?: string) => parseTraffic({ path: 'hours.csv', text }, timezone);

/** Code and details of what is thrown. */
function refused(text: string, timezone?: string): string {
  try {
    read(text, timezone);
  } catch (error) {
    if (error instanceof PlimsollError) return [error.code, error.message, ...error.details].join('\n');
    throw error;
  }
  return '';
}

describe('a traffic file', () => {
  test('by the hour, with an offset', () => {
    expect(read('time,requestsPerSecond\n2026-03-02T09:00Z,10\n2026-03-02T10:00Z,20\n')).toEqual({
      name: 'hours.csv',
      timezone: 'UTC',
      startMs: Date.UTC(2026, 2, 2, 9),
      stepSeconds: 3600,
      perSecond: [10, 20],
    });
  });

  // 3600 requests an hour are one a second; a balancer's export counts.
  test.each([
    ['time,requests\n2026-03-02T09:00Z,3600\n2026-03-02T10:00Z,7200\n', 3600, [1, 2]],
    ['Timestamp,RequestCount\n2026-03-02 09:00:00Z,60\n2026-03-02 09:01:00Z,120\n', 60, [1, 2]],
    ['# of staging\ntime,host,rps\n2026-03-02T09:00+01:00,a,1\n2026-03-02T09:00Z,a,2\n', 3600, [1, 2]],
    ['\uFEFFtime,requestsPerSecond\r\n2026-03-02T09:00+0530,1\r\n2026-03-02T10:00+05:30,2\r\n', 3600, [1, 2]],
  ])('%j', (text, stepSeconds, perSecond) => {
    expect(read(text)).toMatchObject({ stepSeconds, perSecond });
  });

  test('local times: an hour comes twice in autumn, and none is there in spring', () => {
    const autumn = ['00:00', '01:00', '01:00', '02:00'].map((clock) => `2026-10-25T${clock},1`).join('\n');
    expect(read(`time,rps\n${autumn}`, 'Europe/London')).toMatchObject({
      startMs: Date.UTC(2026, 9, 24, 23),
      stepSeconds: 3600,
      perSecond: [1, 1, 1, 1],
    });
    // On 29 March clocks go from 01:00 to 02:00: 02:00 is the hour after 00:00.
    expect(read('time,rps\n2026-03-29T00:00,1\n2026-03-29T02:00,2', 'Europe/London').stepSeconds).toBe(3600);
    expect(refused('time,rps\n2026-03-29T00:00,1\n2026-03-29T01:00,2', 'Europe/London')).toContain(
      'does not exist in Europe/London',
    );
  });

  test.each([
    ['an empty file', '', 'is empty'],
    ['a header alone', 'time,rps\n', 'is empty'],
    ['one row', 'time,rps\n2026-03-02T09:00Z,1', 'one row'],
    ['no traffic', 'time,rps\n2026-03-02T09:00Z,0\n2026-03-02T10:00Z,0', 'holds no request'],
    [
      'a gap',
      'time,rps\n2026-03-02T09:00Z,1\n2026-03-02T10:00Z,1\n2026-03-02T13:00Z,1',
      'hours.csv:4 a gap: 2 rows are missing from 2026-03-02T11:00',
    ],
    [
      'a row twice',
      'time,rps\n2026-03-02T09:00Z,1\n2026-03-02T09:00Z,1\n2026-03-02T10:00Z,1',
      'is not after the row above',
    ],
    [
      'rows out of order',
      'time,rps\n2026-03-02T10:00Z,1\n2026-03-02T09:00Z,1\n2026-03-02T11:00Z,1',
      'is not after the row above',
    ],
    ['no zone', 'time,rps\n2026-03-02T09:00,1\n2026-03-02T10:00,1', 'give --timezone'],
    ['no time', 'time,rps\nMonday,1\n2026-03-02T10:00Z,1', '"Monday" is no time'],
    ['no number', 'time,rps\n2026-03-02T09:00Z,many\n2026-03-02T10:00Z,1', '"many" is no number'],
    ['a hole', 'time,rps\n2026-03-02T09:00Z,\n2026-03-02T10:00Z,1', 'fill hours'],
    ['less than nothing', 'time,rps\n2026-03-02T09:00Z,-1\n2026-03-02T10:00Z,1', '"-1" is no number'],
    ['other columns', 'when,what\n2026-03-02T09:00Z,1', 'has the columns when, what'],
    ['a row a day', 'time,rps\n2026-03-02T00:00Z,1\n2026-03-03T00:00Z,1', 'every 86400 s'],
    ['no CSV', 'time,rps\n"2026', 'is no CSV'],
  ])('%s is refused with a remedy', (_, text, says) => {
    expect(refused(text)).toMatch(/^E-TRAFFIC-INVALID/);
    expect(refused(text)).toContain(says);
  });

  test('a zone that does not exist is a usage error', () => {
    expect(refused('time,rps\n2026-03-02T09:00,1', 'Europe/Londn')).toMatch(/^E-USAGE/);
  });
});

describe('local time', () => {
  test('a moment is among the moments that its clock shows', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/London',
      'America/St_Johns',
      'Pacific/Kiritimati',
      'Australia/Lord_Howe',
    );
    const minutes = fc.integer({ min: 0, max: 5e6 }).map((minute) => Date.UTC(2024, 0, 1) + minute * 60_000);
    fc.assert(
      fc.property(zones, minutes, (zone, atMs) => expect(momentsOf(zone, localMsOf(zone, atMs))).toContain(atMs)),
      {
        numRuns: 60,
      },
    );
  });

  test('Monday nine in Tokyo is Monday midnight in UTC', () => {
    expect(hourOfWeek('Asia/Tokyo', Date.UTC(2026, 2, 2, 0))).toBe(33);
    expect(hourOfWeek('UTC', Date.UTC(2026, 2, 2, 0))).toBe(24);
  });
});

describe('traffic', () => {
  test('is a straight line between the middles of its steps', () => {
    const traffic = read('time,rps\n2026-03-02T09:00Z,10\n2026-03-02T10:00Z,30\n');
    // Before the first middle and after the last it stays; half an hour after the first middle it is half-way.
    expect([0, 1800, 3600, 5400, 7200].map((seconds) => rateAt(traffic, seconds))).toEqual([10, 10, 20, 30, 30]);
  });

  test.each([...trafficProfiles])('the profile %s is four weeks whose peak is as asked', (name) => {
    const traffic = profileTraffic(name, 500);
    expect(peakOf(traffic)).toBeCloseTo(500);
    expect(durationSecondsOf(traffic)).toBe(28 * 86_400);
    expect(traffic.perSecond.every((each) => each > 0)).toBe(true);
  });
});
