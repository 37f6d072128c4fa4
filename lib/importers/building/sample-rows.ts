import { columnsOf, CsvReader } from '../reading/csv.ts';
import type { CsvRow } from '../reading/csv-row.ts';
import type { FileReading, Imported } from '../reading/importer.ts';
import { secondTable } from '../reading/failure.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from './collector.ts';

/** A row's request. */
export interface RowSample {
  readonly startUs: number;
  readonly us: number;
  readonly outcome: string;
}

/** A file with a header, and then a row a request, all of them to one address. */
export interface SampleRowsForm<Column extends string> {
  /** As a person calls it. */
  readonly name: string;
  readonly delimiter: string;
  readonly columns: readonly Column[];
  /** What a row says, by its numbers; undefined where one of them is none. */
  sample(number: (column: Column) => number): RowSample | undefined;
  /** What the file says of all rows, of which there are so many. */
  says(rows: number): Omit<Imported, 'lines'>;
}

export class SampleRows<Column extends string> implements FileReading<Uint8Array> {
  readonly #form: SampleRowsForm<Column>;
  readonly #samples: SampleCollector;
  readonly #tally = new LineTally();
  readonly #rows: CsvReader;
  #columns: Readonly<Record<Column, number>> | undefined;
  #title = '';

  constructor(form: SampleRowsForm<Column>, samples: SampleCollector) {
    this.#form = form;
    this.#samples = samples;
    this.#rows = new CsvReader(form.delimiter, (row, line, broken) => this.#row(row, line, broken));
  }

  write(piece: Uint8Array): void {
    this.#rows.write(piece);
  }

  end(): Imported {
    this.#rows.end();
    return { ...this.#form.says(this.#tally.good), lines: this.#tally.checked(this.#form.name) };
  }

  #row(row: CsvRow, line: number, broken: string | undefined): void {
    const columns = this.#columns;
    const first = row.text(0);
    if (columns === undefined) {
      this.#columns = columnsOf(row.texts(), this.#form.columns);
      this.#title = first;
      return;
    }
    if (first === this.#title) throw secondTable(line);
    const sample = this.#form.sample((column) => row.number(columns[column]));
    if (broken !== undefined || sample === undefined)
      return this.#tally.reject(line, broken ?? `one of its ${this.#form.columns.join(', ')} is no number`);
    const { startUs, us, outcome } = sample;
    if (this.#samples.add(this.#samples.step('all requests'), startUs, us, outcome)) this.#tally.good += 1;
    else this.#tally.reject(line, 'its moment lies far from the others');
  }
}
