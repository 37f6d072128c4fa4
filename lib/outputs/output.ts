import type { Interval } from '../measure/interval.ts';
import type { Share } from '../schedule/arrivals.ts';

/** The phase under way: its place in the run from 0, and when it began, in ms since the epoch. */
export interface LivePhase {
  readonly name: string;
  readonly number: number;
  readonly startAtMs: number;
  readonly durationUs: number;
}

/** One second of a phase as one worker saw it. What it holds is of use during the call only. */
export interface WorkerSecond {
  /** `laptop`, or the environment's name in AWS. */
  readonly environment: string;
  readonly phase: LivePhase;
  readonly share: Share;
  /** Since the phase's start: 0 is the first. */
  readonly second: number;
  readonly interval: Interval;
}

/** What a run is for a reader outside: its id, its plan's name, and the plan's steps by their numbers. */
export interface RunLabels {
  readonly id: string;
  readonly plan: string;
  readonly steps: readonly { readonly scenario: string; readonly step: string }[];
}

/** One second of a run as all its workers together saw it, and everything since the phase's start. */
export interface LiveSecond extends WorkerSecond {
  readonly run: RunLabels;
  /** ms since the epoch at the second's end. */
  readonly atMs: number;
  /** Since the phase's start, this second included; every step of the plan is in it. */
  readonly soFar: Interval;
  /** Signals that were read lately, by id, each in its own unit. */
  readonly signals: ReadonlyMap<string, number>;
}

/** A line, a datagram, a page or the body of a request. */
export type Message = string | Uint8Array;

/** Makes messages of seconds, which come in order. */
export interface Encoder {
  second(live: LiveSecond): readonly Message[];
  /** The run is over. */
  end?(): readonly Message[];
}

/** How messages get to their reader. */
export type Destination =
  | { readonly by: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly by: 'udp'; readonly host: string; readonly port: number }
  /** A page at `/metrics`, of which the latest is served. */
  | { readonly by: 'scrape'; readonly host: string; readonly port: number; readonly type: string }
  /** Lines are appended; without a path, to a file of this name in the run's folder. */
  | { readonly by: 'file'; readonly path?: string; readonly name: string };

/** One output of a run, with its address read. */
export interface ChosenOutput {
  readonly kind: string;
  /** As much of the address as may be shown: of a URL the host, and no user, path or query. */
  readonly shown: string;
  readonly destination: Destination;
  readonly encoder: Encoder;
  readonly traces: boolean;
}

/** An address with its templates filled in, and the headers that the environment gives this kind. */
export interface OutputAddress {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A kind of output, declared once. */
export interface Output {
  /** As the command line names it. */
  readonly kind: string;
  /** An address, for the sentence about one that can't be read. */
  readonly example: string;
  /** Its readers hold traces too, so requests say in `traceparent` which trace they begin. */
  readonly traces?: true;
  /** Without an address; left out where there is no usual place. */
  readonly usual?: string;
  /** A sentence's part that says what is wrong with the address, or where it leads. */
  open(address: OutputAddress): string | { readonly destination: Destination; readonly encoder: Encoder };
}
