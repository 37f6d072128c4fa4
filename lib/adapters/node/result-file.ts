import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { messageOf, PlimsollError } from '../../errors.ts';
import type { Collected, SampleCollector } from '../../importers/building/collector.ts';
import { decoderOf, HEAD_BYTES, headOf, packedWith } from '../../importers/reading/decode.ts';
import type { Imported } from '../../importers/reading/importer.ts';
import { LARGEST_DOCUMENT } from '../../importers/reading/json.ts';
import {
  beginStream,
  readDocument,
  type ReadDocument,
  streamImporterFor,
  type StreamImporter,
} from '../../importers/recognise.ts';

/** A result file as it was read. */
export interface ResultFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly imported: Imported;
  /** Undefined of a stream: those are runs by themselves. */
  readonly importer: ReadDocument['importer'] | undefined;
  readonly collected: Collected;
}

export interface ResultFileSinks {
  readonly samples: SampleCollector;
  readonly onProgress: (read: number, of: number) => void;
}

/** Large enough that the overhead of a call is nothing, and small beside the samples that are held. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Reads another tool's result, recognised by its content; single requests go to `samples`.
 * @throws PlimsollError E-IMPORT-…, in whose sentence the file is not named
 */
export async function readResultFile(path: string, sinks: ResultFileSinks): Promise<ResultFile> {
  await using file = await opened(path);
  const { size } = await file.stat();
  if (size === 0) throw new PlimsollError('E-IMPORT-UNKNOWN', 'The file is empty.');
  const head = new Uint8Array(Math.min(HEAD_BYTES, size));
  await file.read(head, 0, head.length, 0);
  const packed = packedWith(head);
  if (packed !== undefined)
    throw new PlimsollError('E-IMPORT-UNKNOWN', `It is packed with ${packed}; unpack it first.`);
  const stream = streamImporterFor(headOf(head));
  const read =
    stream === undefined ? await whole(file, size, sinks) : await streamed(file, { size, head, stream }, sinks);
  return { ...read, bytes: size, collected: sinks.samples.finish() };
}

async function opened(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error('it is no file');
  } catch (error) {
    throw new PlimsollError('E-IMPORT-MISSING', `It can't be read: ${messageOf(error)}.`, [], error);
  }
}

type Read = Pick<ResultFile, 'sha256' | 'imported' | 'importer'>;

async function whole(file: FileHandle, size: number, { samples }: ResultFileSinks): Promise<Read> {
  if (size > LARGEST_DOCUMENT)
    throw new PlimsollError(
      'E-IMPORT-TOO-LARGE',
      `It is no stream of single requests, and with ${size} bytes larger than a whole document may be.`,
    );
  const bytes = await file.readFile();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const decode = decoderOf(bytes.subarray(0, HEAD_BYTES));
  return { sha256, ...readDocument(decode(bytes) + decode(), samples) };
}

interface Streamed {
  readonly size: number;
  readonly head: Uint8Array;
  readonly stream: StreamImporter;
}

async function streamed(file: FileHandle, { size, head, stream }: Streamed, sinks: ResultFileSinks): Promise<Read> {
  const hash = createHash('sha256');
  const reading = beginStream(stream, sinks.samples, head);
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    reading.write(piece);
    at += bytesRead;
    sinks.onProgress(at, size);
  }
  return { sha256: hash.digest('hex'), imported: reading.end(), importer: undefined };
}
