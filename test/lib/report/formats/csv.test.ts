import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { renderCsv } from '../../../../lib/report/formats/csv.ts';
import { brokenRun } from '../fixture.ts';
import { emptyRun, HOSTILE, hostileRun, nullRun } from '../fixture-edges.ts';

type Row = Readonly<Record<string, string>>;
const rows = (text: string): Row[] => parse(text, { columns: true, record_delimiter: '\r\n' });

describe('intervals.csv', () => {
  test('has a row for each point, on the run’s time axis', () => {
    const read = rows(renderCsv(brokenRun()));
    expect(read).toHaveLength(90); // 15 + 30 + 30 + 15 s
    expect(read.map((row) => Number(row['at_seconds']))).toEqual(Array.from({ length: 90 }, (_, at) => at));
    expect(read[45]).toMatchObject({ phase: 'stress', phase_seconds: '0', width_seconds: '1' });
  });

  test('survives names with quotes, commas and line ends', () => {
    expect(rows(renderCsv(hostileRun()))[0]?.['phase']).toBe(`warm-up${HOSTILE}`);
  });

  test('leaves empty what was not measured, and is only a header when nothing was', () => {
    expect(rows(renderCsv(nullRun()))[0]).toMatchObject({ response_time_p99_us: '', start_delay_p99_us: '' });
    expect(renderCsv(emptyRun()).split('\r\n')).toHaveLength(2);
  });
});
