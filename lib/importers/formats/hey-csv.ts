import { heyTimes } from './hey-text.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { CsvRow } from '../reading/csv-row.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** `hey -o csv`: a row a reply, at most 1,000,000 of them; requests without a reply have none. */
export const heyCsv: Importer = {
  name: 'hey -o csv',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('response-time,DNS+dialup,'),
  begin: (samples) => new HeyCsvReading(samples),
};

/** hey keeps no more. */
const MOST_ROWS = 1_000_000;

class HeyCsvReading implements FileReading<Uint8Array> {
  readonly #samples: SampleCollector;
  readonly #tally = new LineTally();
  readonly #rows = new CsvReader(',', (row, line, broken) => this.#row(row, line, broken));
  #columns: Readonly<Record<'response-time' | 'status-code' | 'offset', number>> | undefined;

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  write(piece: Uint8Array): void {
    this.#rows.write(piece);
  }

  end(): Imported {
    this.#rows.end();
    return {
      tool: 'hey',
      evidence: 'samples',
      times: heyTimes,
      model: 'closed',
      cannotSay: ['It does not say what was loaded, by how many workers, nor which requests had no reply.'],
      remarks:
        this.#tally.good >= MOST_ROWS ? ['It holds as many rows as hey keeps: there may have been more requests.'] : [],
      lines: this.#tally.checked('hey -o csv'),
    };
  }

  #row(row: CsvRow, line: number, broken: string | undefined): void {
    const columns = this.#columns;
    if (columns === undefined)
      return void (this.#columns = columnsOf(row.texts(), ['response-time', 'status-code', 'offset']));
    const us = Math.round(row.number(columns['response-time']) * 1e6);
    const start = Math.round(row.number(columns.offset) * 1e6);
    const status = row.number(columns['status-code']);
    if (broken !== undefined || !(us >= 0) || !(status >= 100))
      return this.#tally.reject(line, broken ?? 'a time or the status is no number');
    if (this.#samples.add(this.#samples.step('all requests'), start, us, outcomeOfStatus(status)))
      this.#tally.good += 1;
    else this.#tally.reject(line, 'its offset is no usable number');
  }
}
