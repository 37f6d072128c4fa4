import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeInterval, parseInterval } from '../../lib/measure/codec.ts';
import { encodeInterval } from '../../lib/measure/encode.ts';
import { packHistogram, percentilesOf } from '../../lib/measure/histogram.ts';
import { allSteps, merge } from '../../lib/measure/interval.ts';
import { partsOf } from '../../lib/measure/transfer.ts';
import { anyInterval } from './intervals.ts';

const anyKey = fc.record({ phase: fc.nat(99), worker: fc.nat(99), second: fc.nat(100_000) });

test('law: what is encoded, written, read, checked and decoded is the same', () => {
  fc.assert(
    fc.property(anyKey, anyInterval, (key, interval) => {
      const wire = encodeInterval(key, interval);
      const read = parseInterval(JSON.parse(JSON.stringify(wire)));
      expect(read).toEqual(wire);
      expect(encodeInterval(key, decodeInterval(read))).toEqual(wire);
    }),
  );
});

test('law: a recording from before there were transfers has none, whatever it is merged with', () => {
  fc.assert(
    fc.property(anyKey, anyInterval, anyInterval, (key, now, before) => {
      const wire = encodeInterval(key, before);
      const steps = wire.steps.map((step) => ({ ...step, transfers: undefined, parts: undefined }));
      const both = merge([now, decodeInterval(parseInterval(JSON.parse(JSON.stringify({ ...wire, steps }))))]);
      const told = (interval: typeof now) => {
        const all = allSteps(interval);
        return [all.transfers, Object.values(partsOf(all)).map(packHistogram)];
      };
      expect(told(both)).toEqual(told(now));
    }),
  );
});

test('law: percentiles survive the wire, merged before it or behind it', () => {
  fc.assert(
    fc.property(anyKey, anyInterval, anyInterval, (key, a, b) => {
      const there = (interval: typeof a) => decodeInterval(encodeInterval(key, interval));
      const timesOf = (interval: typeof a) => percentilesOf(allSteps(interval).responseTime);
      expect(timesOf(merge([there(a), there(b)]))).toEqual(timesOf(there(merge([a, b]))));
    }),
  );
});

test('law: an interval that is not of the format is refused', () => {
  fc.assert(
    fc.property(
      anyKey,
      anyInterval,
      fc.constantFrom('format', 'arrivals', 'steps', 'userUs'),
      (key, interval, field) => {
        const wire: Record<string, unknown> = { ...encodeInterval(key, interval) };
        delete wire[field];
        expect(() => parseInterval(wire)).toThrow(field);
        expect(() => parseInterval({ ...encodeInterval(key, interval), [field]: 'other' })).toThrow(field);
        expect(() => parseInterval({ ...encodeInterval(key, interval), more: 1 })).toThrow('more');
      },
    ),
  );
});
