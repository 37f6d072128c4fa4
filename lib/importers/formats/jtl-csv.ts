import { JTL_FIELDS, JtlRows, type JtlField, type JtlRow } from '../building/jtl-rows.ts';
import { momentOf } from '../reading/clock.ts';
import { outcomeOfStatus } from '../reading/failure.ts';
import { columnsOf, CsvReader, fieldsOfLine } from '../reading/csv.ts';
import type { CsvRow } from '../reading/csv-row.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** JMeter's results as CSV: columns and delimiter as jmeter.properties says, with or without a header. */
export const jtlCsv: Importer = {
  name: 'JMeter JTL (CSV)',
  takes: 'utf-8',
  recognises: ({ lines: [first = ''] }) => formOf(first) !== undefined,
  begin: (samples) => new JtlCsvReading(samples),
};

const DELIMITERS = [',', '\t', ';', '|'] as const;

type Columns = Readonly<Record<JtlField, number>>;

interface Form {
  readonly delimiter: string;
  readonly columns: Columns;
  readonly hasHeader: boolean;
}

/** How a file is laid out, by its first line. */
function formOf(line: string): Form | undefined {
  for (const delimiter of DELIMITERS) {
    const fields = fieldsOfLine(line, delimiter);
    const columns = columnsOf(fields, JTL_FIELDS);
    if (columns.elapsed >= 0 && columns.label >= 0 && Math.max(columns.success, columns.responseCode) >= 0)
      return { delimiter, columns, hasHeader: true };
    if (isRow(fields)) return { delimiter, columns: defaultColumns(fields), hasHeader: false };
  }
  return undefined;
}

const isFlag = (field: string): boolean => /^(?:true|false)$/i.test(field);

const isRow = ([time = '', elapsed = '', ...rest]: readonly string[]): boolean =>
  momentOf(time).us > 0 && /^\d+$/.test(elapsed) && rest.slice(2).some(isFlag);

/** Without a header the columns are in the order of jmeter.properties; which of those behind `success` are there differs. */
const defaultColumns = (fields: readonly string[]): Columns => ({
  ...columnsOf(['timeStamp', 'elapsed', 'label', 'responseCode', 'responseMessage'], JTL_FIELDS),
  success: fields.findIndex(isFlag),
});

const NEWLINE = 0x0a;

class JtlCsvReading implements FileReading<Uint8Array> {
  readonly #rows: JtlRows;
  readonly #tally = new LineTally();
  #reader: CsvReader | undefined;
  #begin = Buffer.alloc(0);

  constructor(samples: SampleCollector) {
    this.#rows = new JtlRows(samples);
  }

  write(piece: Uint8Array): void {
    if (this.#reader !== undefined) return this.#reader.write(piece);
    this.#begin = Buffer.concat([this.#begin, piece]);
    const from = this.#begin.findIndex((byte) => byte > 0x20);
    const end = from < 0 ? -1 : this.#begin.indexOf(NEWLINE, from);
    if (end >= 0) this.#start(from, end);
  }

  end(): Imported {
    if (this.#reader === undefined) this.#start(0, this.#begin.length);
    const hasRest = this.#reader?.end() === true;
    return { ...this.#rows.end(), lines: { ...this.#tally.checked('a JTL'), cut: hasRest && this.#tally.cut } };
  }

  /** The first line, which says how the others are read, is from `from` to `end`. */
  #start(from: number, end: number): void {
    const form = formOf(this.#begin.toString('utf8', from, end).trim());
    if (form === undefined) return;
    const take = this.#taking(form);
    this.#reader = new CsvReader(form.delimiter, (row, line, broken) => {
      this.#tally.cut = false;
      if (form.hasHeader && line === 1) return;
      const wrong = broken ?? take(row);
      if (wrong === undefined) this.#tally.good += 1;
      // The header of a second file that was appended is no bad row. A bad last row without an end is a cut one.
      else if (broken !== undefined || row.text(0) !== 'timeStamp') {
        this.#tally.reject(line, wrong);
        this.#tally.cut = true;
      }
    });
    this.#reader.write(this.#begin.subarray(from));
    this.#begin = Buffer.alloc(0);
  }

  /** Takes a row, and says what is wrong with it. */
  #taking({ columns }: Form): (row: CsvRow) => string | undefined {
    const least = Math.max(columns.success, columns.elapsed) + 1;
    const fields = new FieldsByName(columns);
    return (row) => {
      if (row.width < least) return `it has no more than ${row.width} columns`;
      fields.row = row;
      return this.#rows.add(fields);
    };
  }
}

/** The row that is read, by the names of its columns. */
class FieldsByName implements JtlRow {
  row: CsvRow | undefined;
  readonly #columns: Columns;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  text(field: JtlField): string {
    if (field !== 'success' || this.#columns.success >= 0) return this.row?.text(this.#columns[field]) ?? '';
    return String(outcomeOfStatus(this.number('responseCode')) === 'ok');
  }

  number(field: JtlField): number {
    return this.row?.number(this.#columns[field]) ?? Number.NaN;
  }
}
