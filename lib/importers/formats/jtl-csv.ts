import { JtlRows } from '../building/jtl-rows.ts';
import { momentOf } from '../reading/clock.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** JMeter's results as CSV: columns and delimiter as jmeter.properties says, with or without a header. */
export const jtlCsv: Importer = {
  name: 'JMeter JTL (CSV)',
  takes: 'text',
  recognises: ({ lines: [first = ''] }) => formOf(first) !== undefined,
  begin: (samples) => new JtlCsvReading(samples),
};

const DELIMITERS = [',', '\t', ';', '|'] as const;

const NAMES = [
  'timeStamp',
  'elapsed',
  'label',
  'responseCode',
  'responseMessage',
  'success',
  'allThreads',
  'SampleCount',
  'ErrorCount',
] as const;

type Columns = Readonly<Record<(typeof NAMES)[number], number>>;

interface Form {
  readonly delimiter: string;
  readonly columns: Columns;
  readonly hasHeader: boolean;
}

/** How a file is laid out, by its first line. */
function formOf(line: string): Form | undefined {
  for (const delimiter of DELIMITERS) {
    const fields = line.split(delimiter).map((field) => field.replaceAll('"', ''));
    const columns = columnsOf(fields, NAMES);
    if (columns.elapsed >= 0 && columns.label >= 0 && Math.max(columns.success, columns.responseCode) >= 0)
      return { delimiter, columns, hasHeader: true };
    if (isRow(fields)) return { delimiter, columns: defaultColumns(fields), hasHeader: false };
  }
  return undefined;
}

const isFlag = (field: string): boolean => field === 'true' || field === 'false';

const isRow = ([time = '', elapsed = '', ...rest]: readonly string[]): boolean =>
  momentOf(time).us > 0 && /^\d+$/.test(elapsed) && rest.slice(2).some(isFlag);

/** Without a header the columns are in the order of jmeter.properties; which of those behind `success` are there differs. */
const defaultColumns = (fields: readonly string[]): Columns => ({
  ...columnsOf(['timeStamp', 'elapsed', 'label', 'responseCode', 'responseMessage'], NAMES),
  success: fields.findIndex(isFlag),
});

class JtlCsvReading implements FileReading<string> {
  readonly #rows: JtlRows;
  readonly #tally = new LineTally();
  #reader: CsvReader | undefined;
  #columns: Columns | undefined;
  #hasHeader = false;
  #begin = '';

  constructor(samples: SampleCollector) {
    this.#rows = new JtlRows(samples);
  }

  write(piece: string): void {
    if (this.#reader !== undefined) return this.#reader.write(piece);
    this.#begin += piece;
    const text = this.#begin.trimStart();
    const end = text.indexOf('\n');
    if (end >= 0) this.#start(text, text.slice(0, end).trim());
  }

  end(): Imported {
    if (this.#reader === undefined) this.#start(this.#begin.trimStart(), this.#begin.trim());
    const hasRest = this.#reader?.end() === true;
    return { ...this.#rows.end(), lines: { ...this.#tally.checked('a JTL'), cut: hasRest && this.#tally.cut } };
  }

  #start(text: string, first: string): void {
    const form = formOf(first);
    if (form === undefined) return;
    this.#hasHeader = form.hasHeader;
    this.#columns = form.columns;
    this.#reader = new CsvReader(form.delimiter, (fields, line, broken) => this.#row(fields, line, broken));
    this.#begin = '';
    this.#reader.only(Object.values(form.columns).filter((column) => column >= 0));
    this.#reader.write(text);
  }

  #row(fields: readonly string[], line: number, broken: string | undefined): void {
    const columns = this.#columns;
    this.#tally.cut = false;
    if (columns === undefined) return;
    if (this.#hasHeader && line === 1) return;
    if (broken !== undefined) return this.#reject(line, broken);
    if (fields.length <= Math.max(columns.success, columns.elapsed))
      return this.#reject(line, `it has no more than ${fields.length} columns`);
    const field = (at: number): string => (at < 0 ? '' : (fields[at] ?? ''));
    const wrong = this.#rows.add({
      timeStamp: field(columns.timeStamp),
      elapsed: field(columns.elapsed),
      label: field(columns.label),
      code: field(columns.responseCode),
      message: field(columns.responseMessage),
      success:
        columns.success < 0
          ? String(outcomeOfStatus(Number(field(columns.responseCode))) === 'ok')
          : field(columns.success),
      allThreads: field(columns.allThreads),
      samples: field(columns.SampleCount),
      errors: field(columns.ErrorCount),
    });
    if (wrong === undefined) this.#tally.good += 1;
    else if (fields[0] !== 'timeStamp') this.#reject(line, wrong);
  }

  /** The header of a second file that was appended is no bad row. A bad last row without an end is a cut one. */
  #reject(line: number, why: string): void {
    this.#tally.reject(line, why);
    this.#tally.cut = true;
  }
}
