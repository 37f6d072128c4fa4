import type { GivenGroup, Provenance } from '../../measure/provenance.ts';
import type { GivenTimes } from '../../measure/given.ts';
import type { Ledger, ArrivalLedger } from '../../measure/ledger.ts';
import type { SampleCollector } from '../building/collector.ts';

/** A stretch of a run for which the tool gave finished figures. */
export interface GivenPoint {
  /** From the start of the run. */
  readonly atSeconds: number;
  readonly seconds: number;
  readonly ledger: Ledger;
  readonly times?: GivenTimes;
  readonly users?: number;
}

/** What a file says of a run. Single requests go to the collector instead, so that memory does not grow with their number. */
export interface Imported extends Pick<Provenance, 'tool' | 'evidence' | 'times' | 'model'> {
  readonly version?: string;
  /** The load in words, such as `30 users`. */
  readonly load?: string;
  readonly target?: string;
  /** The name that the tool has for the test. */
  readonly title?: string;
  readonly startedAtMs?: number;
  readonly seconds?: number;
  readonly arrivals?: ArrivalLedger;
  /** All requests; undefined where they are in the collector. */
  readonly total?: GivenGroup;
  /** The same requests by name. They need not add up to the total: what is missing becomes a group of its own. */
  readonly groups?: readonly GivenGroup[];
  readonly beside?: readonly GivenGroup[];
  /** It holds failures alone, and makes a run only together with a file that holds the rest. */
  readonly onlyFailures?: true;
  readonly points?: readonly GivenPoint[];
  readonly cannotSay: readonly string[];
  readonly remarks?: readonly string[];
  /** Lines that could not be read, among those that could. */
  readonly lines?: LineCount;
}

/** How many records of a file could be read, and which could not. */
export interface LineCount {
  readonly good: number;
  readonly bad: number;
  /** The first bad one, by its number from 1, and what is wrong with it. */
  readonly firstBad?: { readonly line: number; readonly why: string };
  /** The file ends within a record. */
  readonly cut?: boolean;
}

/** The beginning of a file, as far as it is needed to recognise a format. */
export interface Head {
  readonly bytes: Uint8Array;
  /** Decoded; its last line may be cut. */
  readonly text: string;
  /** Its lines that are whole, and not empty. */
  readonly lines: readonly string[];
}

/** Takes a file piece by piece. `end` returns what it says. @throws PlimsollError E-IMPORT-DAMAGED */
export interface FileReading<Piece> {
  write(piece: Piece): void;
  end(): Imported;
}

/** A file that is read whole: text, and the value where the text is JSON. */
export interface WholeFile {
  readonly text: string;
  readonly json: unknown;
}

/**
 * How one format becomes a run: whole documents of some megabytes at most, or streams of any length. `recognises` goes by content
 * alone; the first importer of the list that recognises a file reads it.
 */
export type Importer = { readonly name: string } & (
  | {
      readonly takes: 'document';
      recognises(file: WholeFile): boolean;
      /** Single requests, if the file has such, go to `samples`. */
      read(file: WholeFile, samples: SampleCollector): Imported;
      /** Makes one run of files that the tool has written side by side. */
      readonly join?: (first: Imported, ...others: readonly Imported[]) => Imported;
      /** Files that belong together have names which agree without this ending. */
      readonly ending?: RegExp;
    }
  | { readonly takes: 'text'; recognises(head: Head): boolean; begin(samples: SampleCollector): FileReading<string> }
  | {
      /** As they are in the file, or those of its text in UTF-8, without a byte order mark. Pieces are written over afterwards. */
      readonly takes: 'bytes' | 'utf-8';
      recognises(head: Head): boolean;
      begin(samples: SampleCollector): FileReading<Uint8Array>;
    }
);
