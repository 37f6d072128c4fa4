import { K6Requests } from '../building/k6-requests.ts';
import { momentOf } from '../reading/clock.ts';
import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** `--out csv`: a row a point; which tags have columns depends on the run. */
export const k6Csv: Importer = {
  name: 'k6 --out csv',
  takes: 'text',
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

class K6CsvReading implements FileReading<string> {
  readonly #requests: K6Requests;
  readonly #tally = new LineTally();
  readonly #rows = new CsvReader(',', (fields, line, broken) => this.#row(fields, line, broken));
  #columns: ReturnType<typeof columnsOf<(typeof NAMES)[number]>> | undefined;
  #isCoarse = false;

  constructor(samples: SampleCollector) {
    this.#requests = new K6Requests(samples);
  }

  write(piece: string): void {
    this.#rows.write(piece);
  }

  end(): Imported {
    this.#rows.end();
    const { remarks = [], ...requests } = this.#requests.end();
    const coarse = this.#isCoarse ? ['Its clock has whole seconds, so a request may stand a second early.'] : [];
    return { ...requests, remarks: [...remarks, ...coarse], lines: this.#tally.checked('k6 --out csv') };
  }

  #row(fields: readonly string[], line: number, broken: string | undefined): void {
    const columns = this.#columns;
    if (columns === undefined) return void (this.#columns = columnsOf(fields, NAMES));
    if (broken !== undefined) return this.#tally.reject(line, broken);
    const field = (name: (typeof NAMES)[number]): string => fields[columns[name]] ?? '';
    const [metric, moment] = [field('metric_name'), field('timestamp')];
    const value = field('metric_value');
    const took = this.#requests.add(metric, momentOf(moment).us, value === '' ? Number.NaN : Number(value), () => ({
      name: field('name') || field('url'),
      method: field('method'),
      scenario: field('scenario'),
      group: field('group'),
      status: field('status'),
      expected: field('expected_response'),
      error: field('error'),
      errorCode: field('error_code'),
    }));
    this.#isCoarse ||= /^\d{10}$/.test(moment);
    if (!took) this.#tally.reject(line, 'its time or its value is no usable number');
    else if (metric === 'http_req_duration') this.#tally.good += 1;
  }
}
