import type { TimeDefinition } from '../../measure/provenance.ts';
import { formatSpan } from '../../units.ts';
import type { SampleCollector } from './collector.ts';
import { Transactions } from './transactions.ts';
import { momentOf } from '../reading/clock.ts';
import { failureOf } from '../reading/failure.ts';
import type { Imported } from '../reading/importer.ts';

/** `elapsed` is from just before the sample to its last byte, connecting included (JMeter manual, "Glossary"). */
export const jmeterTimes: TimeDefinition = {
  from: 'request',
  to: 'last-byte',
  connect: true,
  failed: 'all',
  stepUs: 1000,
};

/** What is read of a row, by the names of jmeter.properties. */
export const JTL_FIELDS = [
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

export type JtlField = (typeof JTL_FIELDS)[number];

/** One row of a JTL. What is missing is the empty text, and NaN. */
export interface JtlRow {
  text(field: JtlField): string;
  number(field: JtlField): number;
}

/** Longer than pauses of a test are. */
const REST_BETWEEN_RUNS_US = 600e6;

/** A Transaction Controller repeats its children: its row has this message. */
export const isTransaction = (message: string): boolean => message.startsWith('Number of samples in transaction');

/** Takes the rows of both forms of JTL. */
export class JtlRows {
  readonly #samples: SampleCollector;
  readonly #transactions = new Transactions();
  #summed = 0;
  #untimed = 0;
  #zoned = true;
  /** When the last of the requests so far ended; and the longest time between that and the next request. */
  #busyUntilUs = Number.POSITIVE_INFINITY;
  #longestRestUs = 0;

  constructor(samples: SampleCollector) {
    this.#samples = samples;
  }

  /** Undefined where the row was taken; else what is wrong with it. */
  add(row: JtlRow): string | undefined {
    const written = row.text('success');
    // A spreadsheet has written them in capitals.
    const success = written === 'true' || written === 'false' ? written : written.toLowerCase();
    if (success !== 'true' && success !== 'false') return `success is neither true nor false`;
    const us = row.number('elapsed') * 1000;
    if (!(us >= 0) && row.text('elapsed') !== '') return 'elapsed is no number of 0 or more';
    const start = this.#startOf(row);
    if (Number.isNaN(start)) return 'timeStamp is neither a number nor a known date';
    const outcome = success === 'true' ? 'ok' : outcomeOf(row);
    const label = row.text('label');
    if (isTransaction(row.text('responseMessage'))) {
      this.#transactions.add(label, us, outcome);
      return undefined;
    }
    const step = this.#samples.step(label);
    const count = row.text('SampleCount');
    if (count !== '' && count !== '1') return this.#many(row, step, start, outcome);
    if (!this.#samples.add(step, start, us, outcome))
      return 'timeStamp lies eleven days from the first, as where JMeter has written one run behind another';
    this.#rest(start, us);
    const threads = row.number('allThreads');
    if (threads >= 0) this.#samples.users(start, threads);
    return undefined;
  }

  #rest(startUs: number, us: number): void {
    const busyUntilUs = this.#busyUntilUs;
    if (startUs - busyUntilUs > this.#longestRestUs) this.#longestRestUs = startUs - busyUntilUs;
    const endUs = startUs + (us >= 0 ? us : 0);
    if (endUs > busyUntilUs || busyUntilUs === Number.POSITIVE_INFINITY) this.#busyUntilUs = endUs;
  }

  end(): Omit<Imported, 'lines'> {
    const sentences: readonly (readonly [boolean, string])[] = [
      [
        this.#summed > 0,
        `${this.#summed} rows stand for several samples each: counted, but without times, of which they hold only the sum.`,
      ],
      [this.#untimed > 0, `${this.#untimed} rows have no time stamp, and are counted in the first second.`],
      [
        this.#longestRestUs > REST_BETWEEN_RUNS_US,
        `For ${formatSpan(this.#longestRestUs)} nothing was under way: it may hold several runs, which JMeter writes one behind another, and figures a second are over all of it.`,
      ],
      [!this.#zoned, 'Its dates have no time zone and are read as UTC.'],
    ];
    return {
      tool: 'JMeter',
      evidence: 'samples',
      times: jmeterTimes,
      model: 'unknown',
      beside: this.#transactions.groups(),
      cannotSay: ['It does not say by what rule the threads waited between their samples.'],
      remarks: sentences.flatMap(([holds, sentence]) => (holds ? [sentence] : [])),
    };
  }

  /** Without a time stamp the row counts when the run began, as far as that is known. */
  #startOf(row: JtlRow): number {
    // The usual form, and a quarter of the work of a whole import where it were parsed as the others.
    const ms = row.number('timeStamp');
    if (ms >= 1e12 && ms < 1e13) return ms * 1000;
    const timeStamp = row.text('timeStamp');
    if (timeStamp === '') {
      this.#untimed += 1;
      return this.#samples.startUs;
    }
    const { us, zoned } = momentOf(timeStamp);
    this.#zoned &&= zoned;
    return us;
  }

  /** A row of JMeter's statistical mode: `SampleCount` samples, and how many of them failed. */
  #many(row: JtlRow, step: number, start: number, outcome: string): string | undefined {
    const count = row.number('SampleCount');
    const failed = row.text('ErrorCount') === '' ? (outcome === 'ok' ? 0 : count) : row.number('ErrorCount');
    if (!(count >= 0 && count <= 1e6 && failed >= 0 && failed <= count))
      return 'SampleCount or ErrorCount is no usable number';
    this.#summed += 1;
    const failure = outcome === 'ok' ? 'error: not named' : outcome;
    for (let at = 0; at < count; at += 1) this.#samples.add(step, start, Number.NaN, at < failed ? failure : 'ok');
    return undefined;
  }
}

const NOT_HTTP = /^Non HTTP response code: ?/;

/** `success` is the word of JMeter's assertions: a sample may fail with status 200. */
function outcomeOf(row: JtlRow): string {
  const code = row.text('responseCode');
  if (/^[45]\d\d$/.test(code)) return `status.${code}`;
  if (/^[1-3]\d\d$/.test(code)) return 'error: assertion';
  const words = failureOf(`${code.replace(NOT_HTTP, '')} ${row.text('responseMessage')}`);
  return words.startsWith('error: ') ? failureOf(code.replace(NOT_HTTP, '')) : words;
}
