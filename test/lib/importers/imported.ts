import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SampleCollector } from '../../../lib/importers/building/collector.ts';
import { importedRun, type ImportedRun } from '../../../lib/importers/building/run.ts';
import { decoderOf, HEAD_BYTES, headOf } from '../../../lib/importers/reading/decode.ts';
import type { Imported } from '../../../lib/importers/reading/importer.ts';
import { beginStream, readDocument, streamImporterFor } from '../../../lib/importers/recognise.ts';
import { judgePhase, type PhaseFindings } from '../../../lib/analysis/phase.ts';
import type { IntervalWire } from '../../../lib/measure/codec.ts';
import { MeasurementBuilder } from '../../../lib/measure/measurement.ts';

/** A file as the command imports it, without a disk: what the importer says, the run's parts, and its only phase judged. */
export interface Read {
  readonly imported: Imported;
  readonly run: ImportedRun;
  readonly phase: PhaseFindings;
  readonly intervals: readonly IntervalWire[];
}

/** Imports a file, handed over in pieces of `piece` bytes. */
export function importBytes(bytes: Uint8Array, name = 'results', piece = 1000): Read {
  const intervals: IntervalWire[] = [];
  const samples = new SampleCollector((interval) => intervals.push(interval), 1000);
  const imported = readBytes(bytes, samples, piece);
  const run = importedRun(imported, samples.finish(), name);
  const builder = new MeasurementBuilder(run.phase.durationUs / 1e6);
  for (const wire of intervals.toSorted((a, b) => a.second - b.second)) builder.addWire(wire.second, wire);
  const measurement = run.measurement ?? builder.build();
  const outcome = {
    phase: run.phase,
    startedAtMs: run.startedAtMs ?? 0,
    ranSeconds: run.seconds,
    measurement,
    given: run.given,
  };
  const phase = judgePhase(run.plan, outcome, { fromSeconds: 0, toSeconds: 1, signals: [] });
  return { imported, run, phase, intervals };
}

export const importText = (text: string, piece?: number): Read => importBytes(Buffer.from(text), 'results', piece);

function readBytes(bytes: Uint8Array, samples: SampleCollector, piece: number): Imported {
  const head = bytes.subarray(0, HEAD_BYTES);
  const stream = streamImporterFor(headOf(head));
  const decode = decoderOf(head);
  if (stream === undefined) return readDocument(decode(bytes) + decode(), samples).imported;
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, at) =>
    bytes.subarray(at * piece, (at + 1) * piece),
  );
  const reading = beginStream(stream, samples, head);
  for (const each of pieces) reading.write(each);
  return reading.end();
}

/** Of `recorded` ones the tool itself has written each; `made` ones are in the forms of tools of which there is no file of our own. */
export const SAMPLES = fileURLToPath(new URL('samples', import.meta.url));

export const sampleText = (file: string): string => readFileSync(join(SAMPLES, file), 'utf8');

export const importSample = (file: string): Read => importBytes(readFileSync(join(SAMPLES, file)), file);

/** What a file says, in brief. */
export function figuresOf(text: string) {
  const { imported, phase, run } = importText(text);
  const { sent, ok, timedOut, cut, failures } = phase.ledger;
  const { min, mean, p50, p99, max } = phase.serviceTimeUs ?? {};
  const times = { min, mean, p50, p99, max };
  return { tool: imported.tool, sent, ok, timedOut, cut, failures, seconds: run.seconds, times, run };
}
