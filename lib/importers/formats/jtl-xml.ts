import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { PlimsollError, messageOf } from '../../errors.ts';
import { isTransaction, JtlRows, type JtlField } from '../building/jtl-rows.ts';
import type { Imported, Importer, FileReading } from '../reading/importer.ts';
import { LineTally } from '../reading/line-tally.ts';
import type { SampleCollector } from '../building/collector.ts';

/** JMeter's results as XML. */
export const jtlXml: Importer = {
  name: 'JMeter JTL (XML)',
  takes: 'text',
  recognises: ({ text }) => /^\s*(?:<\?[^>]*>\s*|<!--[^>]*-->\s*)*<testResults[\s>]/.test(text.slice(0, 4096)),
  begin: (samples) => new JtlXmlReading(samples),
};

const DEEPEST = 100;

/** Bodies of replies may be in a JTL; the parser holds each whole. */
const MOST_PENDING = 64 * 1024 * 1024;

/** The attribute of each field of a row (JMeter manual, "Listeners"). */
const ATTRIBUTES: Readonly<Record<JtlField, string>> = {
  timeStamp: 'ts',
  elapsed: 't',
  label: 'lb',
  responseCode: 'rc',
  responseMessage: 'rm',
  success: 's',
  allThreads: 'na',
  SampleCount: 'sc',
  ErrorCount: 'ec',
};

type Kind = 'transaction' | 'sample' | 'other';

class JtlXmlReading implements FileReading<string> {
  readonly #rows: JtlRows;
  readonly #tally = new LineTally();
  readonly #parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  /** What encloses the place that is read: sub-samples are in their parent's time, children of a transaction are not. */
  readonly #open: Kind[] = [];
  #failure: string | undefined;
  #sinceTag = 0;

  constructor(samples: SampleCollector) {
    this.#rows = new JtlRows(samples);
    this.#parser.on('opentag', (tag) => this.#enter(tag));
    this.#parser.on('closetag', () => void this.#open.pop());
    this.#parser.on('doctype', () => this.#refuse('it declares a document type, which no JTL has'));
    this.#parser.on('error', (error) => void (this.#failure ??= messageOf(error).replace(/\.$/, '')));
  }

  write(piece: string): void {
    if (this.#failure !== undefined) return;
    this.#sinceTag += piece.length;
    if (this.#sinceTag > MOST_PENDING) this.#refuse('it holds megabytes without an element');
    this.#parser.write(piece);
  }

  end(): Imported {
    const isCut = this.#failure !== undefined || this.#open.length > 0;
    if (isCut && this.#failure !== undefined) this.#tally.reject(this.#parser.line, this.#failure);
    this.#tally.cut = isCut;
    return { ...this.#rows.end(), lines: this.#tally.checked('a JTL') };
  }

  #enter({ name, attributes }: SaxesTagPlain): void {
    this.#sinceTag = 0;
    if (this.#open.length > DEEPEST) this.#refuse(`it is more than ${DEEPEST} levels deep`);
    const isSample = name === 'sample' || name === 'httpSample';
    const own = (key: string): string => (Object.hasOwn(attributes, key) ? (attributes[key] ?? '') : '');
    const kind = isSample ? (isTransaction(own('rm')) ? 'transaction' : 'sample') : 'other';
    const isInside = this.#open.includes('sample');
    this.#open.push(kind);
    // What follows a place that is no XML may be anything.
    if (!isSample || isInside || this.#failure !== undefined) return;
    const text = (field: JtlField): string => own(ATTRIBUTES[field]);
    const wrong = this.#rows.add({
      text,
      number: (field) => (text(field).trim() === '' ? Number.NaN : Number(text(field))),
    });
    if (wrong === undefined) this.#tally.good += 1;
    else this.#tally.reject(this.#parser.line, wrong);
  }

  #refuse(why: string): never {
    throw new PlimsollError('E-IMPORT-DAMAGED', `The file is no JTL: ${why} (line ${this.#parser.line}).`);
  }
}
