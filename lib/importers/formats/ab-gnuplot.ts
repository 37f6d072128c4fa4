import type { CsvRow } from '../reading/csv-row.ts';
import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { FileReading, Imported, Importer } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';
import { abTimes } from './ab.ts';

/** `ab -g`: a row a request, sorted by its time; each begins in a whole second. */
export const abGnuplot: Importer = {
  name: 'ab -g',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('starttime\tseconds\tctime\tdtime\tttime\twait'),
  begin: (samples) => new AbGnuplotReading(samples),
};

class AbGnuplotReading implements FileReading<Uint8Array> {
  readonly #samples: SampleCollector;
  readonly #tally = new LineTally();
  readonly #rows = new CsvReader('\t', (row, line, broken) => this.#row(row, line, broken));
  #columns: Readonly<Record<'seconds' | 'ttime', number>> | undefined;

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  write(piece: Uint8Array): void {
    this.#rows.write(piece);
  }

  end(): Imported {
    this.#rows.end();
    return {
      tool: 'ab',
      evidence: 'samples',
      times: abTimes,
      model: 'closed',
      cannotSay: [
        'It does not say how any request ended, so all of them count as cut: neither ok nor failed.',
        'It holds the beginning of a request in whole seconds, and neither what was loaded nor by how many users.',
      ],
      lines: this.#tally.checked('ab -g'),
    };
  }

  #row(row: CsvRow, line: number, broken: string | undefined): void {
    const columns = this.#columns;
    if (columns === undefined) return void (this.#columns = columnsOf(row.texts(), ['seconds', 'ttime']));
    const [second, ms] = [row.number(columns.seconds), row.number(columns.ttime)];
    if (broken !== undefined || !(second > 0) || !(ms >= 0))
      return this.#tally.reject(line, broken ?? 'its second or its time is no number');
    if (this.#samples.add(this.#samples.step('all requests'), second * 1e6, ms * 1000, 'cut')) this.#tally.good += 1;
    else this.#tally.reject(line, 'its second is far from the others');
  }
}
