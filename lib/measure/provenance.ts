import type { GivenTimes } from './given.ts';
import type { Ledger } from './ledger.ts';

/**
 * From when to when a tool's times run, and which requests they are of. Two results whose definitions differ may be shown side by
 * side and never be compared with a verdict.
 */
export interface TimeDefinition {
  /** `request` is the moment at which the tool hands the request to its client: before a connection is made, if one is. */
  readonly from: 'intended' | 'request' | 'sending';
  readonly to: 'first-byte' | 'last-byte';
  /** Whether the making of a connection is in the time; null where it depends on what the file doesn't say. */
  readonly connect: boolean | null;
  /** Of the failed requests, whose times are among the rest. */
  readonly failed: 'all' | 'replies' | 'none';
  /** µs between two values that the tool distinguishes; percentiles of some are coarser by a share. */
  readonly stepUs: number;
  readonly stepRatio?: number;
}

/**
 * What figures rest on: `samples` are single requests, `buckets` counts by time, which add up; a `summary` holds finished
 * percentiles, which don't.
 */
export type EvidenceKind = 'samples' | 'buckets' | 'summary';

export const PROVENANCE_FORMAT = 'plimsoll.imported.v1';

/** Requests that another tool has put together under one name, beside the groups that add up to the whole. */
export interface GivenGroup {
  readonly name: string;
  readonly ledger: Ledger;
  readonly times?: GivenTimes;
}

/** Where a run's figures come from that Plimsoll has not measured: which tool, which files, and what they can't say. */
export interface Provenance {
  readonly format: typeof PROVENANCE_FORMAT;
  readonly tool: string;
  /** As the file says it. */
  readonly version?: string;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly evidence: EvidenceKind;
  readonly times: TimeDefinition;
  readonly model: 'open' | 'closed' | 'unknown';
  /** Null where the file doesn't say. */
  readonly startedAt: string | null;
  readonly durationSeconds: number | null;
  /** All requests, and those of each group, as the tool gave them. */
  readonly all?: GivenTimes;
  readonly groups: readonly GivenGroup[];
  /** Groups whose requests are among the others already, such as transactions. */
  readonly beside: readonly GivenGroup[];
  /** Whole sentences: what no file of this tool says. */
  readonly cannotSay: readonly string[];
  /** Whole sentences: what is odd about this file, lines that could not be read first. */
  readonly remarks: readonly string[];
}
