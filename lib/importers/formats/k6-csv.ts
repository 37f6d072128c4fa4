import { K6Requests } from '../building/k6-requests.ts';
import { momentOf } from '../reading/clock.ts';
import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { CsvRow } from '../reading/csv-row.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** `--out csv`: a row a point; which tags have columns depends on the run. */
export const k6Csv: Importer = {
  name: 'k6 --out csv',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => first.startsWith('metric_name,timestamp,metric_value'),
  begin: (samples) => new K6CsvReading(samples),
};

const NAMES = [
  'metric_name',
  'timestamp',
  'metric_value',
  'name',
  'url',
  'method',
  'scenario',
  'group',
  'status',
  'expected_response',
  'error',
  'error_code',
] as const;

class K6CsvReading implements FileReading<Uint8Array> {
  readonly #requests: K6Requests;
  readonly #tally = new LineTally();
  readonly #rows = new CsvReader(',', (row, line, broken) => this.#row(row, line, broken));
  #columns: ReturnType<typeof columnsOf<(typeof NAMES)[number]>> | undefined;
  #isCoarse = false;

  constructor(samples: SampleCollector) {
    this.#requests = new K6Requests(samples);
  }

  write(piece: Uint8Array): void {
    this.#rows.write(piece);
  }

  end(): Imported {
    this.#rows.end();
    const { remarks = [], ...requests } = this.#requests.end();
    const coarse = this.#isCoarse ? ['Its clock has whole seconds, so a request may stand a second early.'] : [];
    return { ...requests, remarks: [...remarks, ...coarse], lines: this.#tally.checked('k6 --out csv') };
  }

  #row(row: CsvRow, line: number, broken: string | undefined): void {
    const columns = this.#columns;
    if (columns === undefined) return void (this.#columns = columnsOf(row.texts(), NAMES));
    if (broken !== undefined) return this.#tally.reject(line, broken);
    const field = (name: (typeof NAMES)[number]): string => row.text(columns[name]);
    const metric = field('metric_name');
    const { endUs, isCoarse } = momentAt(row, columns.timestamp);
    const took = this.#requests.add(metric, endUs, row.number(columns.metric_value), () => ({
      name: field('name') || field('url'),
      method: field('method'),
      scenario: field('scenario'),
      group: field('group'),
      status: field('status'),
      expected: field('expected_response'),
      error: field('error'),
      errorCode: field('error_code'),
    }));
    this.#isCoarse ||= isCoarse;
    if (!took) this.#tally.reject(line, 'its time or its value is no usable number');
    else if (metric === 'http_req_duration') this.#tally.good += 1;
  }
}

/** In seconds since 1970 unless k6 was asked for another form. */
function momentAt(row: CsvRow, column: number): { endUs: number; isCoarse: boolean } {
  const seconds = row.number(column);
  const isCoarse = seconds >= 1e9 && seconds < 1e10 && Number.isInteger(seconds);
  return isCoarse ? { endUs: seconds * 1e6, isCoarse } : { endUs: momentOf(row.text(column)).us, isCoarse };
}
