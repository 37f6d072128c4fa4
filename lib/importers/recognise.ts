import { PlimsollError, messageOf } from '../errors.ts';
import type { SampleCollector } from './building/collector.ts';
import { importers } from './index.ts';
import { decoderOf, recoderOf } from './reading/decode.ts';
import type { FileReading, Head, Imported, Importer, WholeFile } from './reading/importer.ts';
import { parseJson } from './reading/json.ts';

type DocumentImporter = Extract<Importer, { takes: 'document' }>;
export type StreamImporter = Exclude<Importer, { takes: 'document' }>;

/** The importer that reads a file piece by piece; undefined where it has to be read whole to be recognised. */
export const streamImporterFor = (head: Head): StreamImporter | undefined =>
  importers.filter((each) => each.takes !== 'document').find((each) => each.recognises(head));

/** Begins to read a file whose head is `head`, from its bytes, piece by piece. */
export function beginStream(
  stream: StreamImporter,
  samples: SampleCollector,
  head: Uint8Array,
): FileReading<Uint8Array> {
  if (stream.takes === 'bytes') return stream.begin(samples);
  return stream.takes === 'text'
    ? through(decoderOf(head), stream.begin(samples))
    : through(recoderOf(head), stream.begin(samples));
}

const through = <Piece>(code: (bytes?: Uint8Array) => Piece, reading: FileReading<Piece>): FileReading<Uint8Array> => ({
  write: (bytes) => reading.write(code(bytes)),
  end: () => {
    reading.write(code());
    return reading.end();
  },
});

/** A document's importer and what it has read. */
export interface ReadDocument {
  readonly importer: DocumentImporter;
  readonly imported: Imported;
}

/**
 * Reads a document whole.
 * @throws PlimsollError E-IMPORT-UNKNOWN where no importer recognises it, E-IMPORT-DAMAGED where it is broken JSON
 */
export function readDocument(text: string, samples: SampleCollector): ReadDocument {
  const { file, failure } = wholeFile(text);
  const importer = importers.filter((each) => each.takes === 'document').find((each) => each.recognises(file));
  if (importer !== undefined) return { importer, imported: importer.read(file, samples) };
  if (failure !== undefined) throw failure;
  throw new PlimsollError('E-IMPORT-UNKNOWN', 'No importer recognises it by its content.');
}

/** Where the text begins as JSON and is none, `failure` says why: it may be a tool's, which says `[error]` in front of its figures. */
function wholeFile(text: string): { file: WholeFile; failure?: PlimsollError } {
  if (!/^\s*[{[]/.test(text.slice(0, 10_000))) return { file: { text, json: undefined } };
  try {
    return { file: { text, json: parseJson(text) } };
  } catch (error) {
    const failure =
      error instanceof PlimsollError
        ? error
        : new PlimsollError('E-IMPORT-DAMAGED', `It is broken JSON: ${failureOfJson(messageOf(error))}.`);
    return { file: { text, json: undefined }, failure };
  }
}

/** Tools that write one document after another (a warm-up's, and then the run's) are said so in words of ours. */
function failureOfJson(message: string): string {
  const [, line] = /after JSON at position \d+ \(line (\d+) /.exec(message) ?? [];
  return line === undefined
    ? message.slice(0, 200)
    : `more follows after its first document, from line ${line} on; give each document a file of its own`;
}
