import { expect, test } from '@jest/globals';
import {
  addLedger,
  emptyArrivals,
  emptyLedger,
  errorRatio,
  failuresByClass,
  openEntries,
} from '../../../lib/measure/ledger.ts';

test.each([
  [{}, {}, []],
  [{ due: 3, started: 2, dropped: 1, completed: 1, cut: 1 }, { sent: 2, ok: 1, timedOut: 1 }, []],
  [{ due: 3, started: 2 }, {}, ['due = started + dropped: 3 ≠ 2', 'started = completed + abandoned + cut: 2 ≠ 0']],
  [{}, { sent: 2, ok: 1 }, ['sent = ok + failed + timedOut + cut: 2 ≠ 1']],
  [{}, { sent: 2, ok: 3 }, ['sent = ok + failed + timedOut + cut: 2 ≠ 3']],
  [{}, { sent: 2, failed: 2, failures: { dns: 1 } }, ['failed = sum of failures: 2 ≠ 1']],
  [{}, { sent: 2, failed: 2, failures: { dns: 1, tls: 1 } }, []],
])('what does not hold in %j and %j', (arrivals, ledger, entries) => {
  expect(openEntries({ ...emptyArrivals(), ...arrivals }, { ...emptyLedger(), ...ledger })).toEqual(entries);
});

test.each([
  [{ ok: 99, failed: 1 }, 0.01],
  [{ ok: 98, failed: 1, timedOut: 1 }, 0.02],
  // What was cut came to no end of its own.
  [{ ok: 1, cut: 99 }, 0],
  [{ failed: 5 }, 1],
  [{ cut: 5 }, Number.NaN],
])('errors of %j are %d', (ledger, ratio) => {
  expect(errorRatio({ ...emptyLedger(), ...ledger })).toBe(ratio);
});

test('adding adds failures by kind', () => {
  const sum = { ...emptyLedger(), failures: { dns: 1 } };
  addLedger(sum, { ...emptyLedger(), sent: 2, failures: { dns: 1, reset: 2 } });
  expect(sum).toEqual({ ...emptyLedger(), sent: 2, failures: { dns: 2, reset: 2 } });
});

test.each([
  ['nothing failed', {}, 0, []],
  [
    'refused and slow stand apart, the most first',
    { 'status.429': 3, 'status.503': 4, 'status.500': 2 },
    5,
    [
      ['5xx', 6],
      ['timed out', 5],
      ['4xx', 3],
    ],
  ],
  ['a status that was not asked for', { 'status.302': 1 }, 0, [['other status', 1]]],
  [
    'by who is at fault',
    { dns: 1, refused: 1, tls: 1, 'expect.body': 1, capture: 1, feeder: 1 },
    0,
    [
      ['connection', 3],
      ['reply', 2],
      ['generator', 1],
    ],
  ],
  ['a kind of a later version', { quic: 2 }, 0, [['reply', 2]]],
])('by class: %s', (_, failures, timedOut, classes) => {
  expect(Object.entries(failuresByClass({ ...emptyLedger(), failures, timedOut }))).toEqual(classes);
});

test('of each kind one example is held, the same in whichever order ledgers are added', () => {
  const withExample = (example: string) => ({ ...emptyLedger(), failures: { tls: 1 }, examples: { tls: example } });
  const added = (...examples: readonly string[]) => {
    const sum = emptyLedger();
    for (const example of examples) addLedger(sum, withExample(example));
    return sum;
  };
  expect(added('expired', 'self-signed')).toEqual({
    ...emptyLedger(),
    failures: { tls: 2 },
    examples: { tls: 'expired' },
  });
  expect(added('self-signed', 'expired')).toEqual(added('expired', 'self-signed'));
  expect(added('x'.repeat(300)).examples?.['tls']).toHaveLength(200);
  expect(added()).not.toHaveProperty('examples');
});
