import type { TimeDefinition } from '../../measure/provenance.ts';
import { describeLoad } from '../../plan/describe-load.ts';
import type { Load, PhaseKind } from '../../plan/phase.ts';
import { formatNumber, formatRatio } from '../../units.ts';
import type { SignalSeries } from '../../signals/signal.ts';
import type { Validity } from '../validity.ts';
import type { SlicedTime } from './slices.ts';

/** A phase to be compared; steps by scenario and name, `checkout / pay`. */
export interface ComparedPhase {
  readonly name: string;
  readonly kind: PhaseKind;
  readonly load: Load;
  readonly ranSeconds: number;
  readonly offeredPerSecond: number;
  readonly validity: Validity;
  /** Of a phase that another tool has measured. */
  readonly imported?: { readonly tool: string; readonly times: TimeDefinition };
  readonly whole: SlicedTime;
  readonly steps: ReadonlyMap<string, SlicedTime>;
  /** What the system said of itself: the mean of each signal over the phase, by its id. */
  readonly signals: ReadonlyMap<string, PhaseSignal>;
  /** What the system under test has cost meanwhile; undefined where that can't be known. */
  readonly usdPerHour?: number;
}

export interface PhaseSignal extends Pick<SignalSeries, 'title' | 'unit'> {
  readonly mean: number;
}

/** What a search has found. */
export interface ComparedSearch {
  /** NaN where the search has found none. */
  readonly perSecond: number;
  /** Holds the capacity with the probability `confidence`. */
  readonly interval?: readonly [low: number, high: number];
  readonly confidence: number;
  /** How it was searched, as a text that is equal where it was in the same way. */
  readonly asked: string;
  /** What the system under test costs. */
  readonly usdPerHour?: number;
}

/** A run to be compared: what it was, where, by what, and what it has measured. */
export interface ComparedRun {
  readonly id: string;
  readonly plan: { readonly name: string; readonly sha256: string };
  /** What the plan's journeys are, as a text that is equal where they are. */
  readonly journeys: string;
  /** `built-in` where each run has started it for itself, at an address of its own. */
  readonly target: string;
  readonly version: string;
  /** Which machine has made the load; undefined where the run doesn't say. */
  readonly machine?: string;
  /** None of a search, whose probes are others each time. */
  readonly phases: readonly ComparedPhase[];
  readonly search?: ComparedSearch;
}

/** What is said before any figure: `refusals` forbid a verdict, `remarks` don't. */
export interface Reservations {
  readonly refusals: readonly string[];
  readonly remarks: readonly string[];
}

/** Whether other tools have measured it. */
export const isImportedRun = ({ phases }: ComparedRun): boolean =>
  phases.some(({ imported }) => imported !== undefined);

/** What differs between two runs as a whole. */
export function runReservations(a: ComparedRun, b: ComparedRun): Reservations {
  const between = `${a.id} and ${b.id}`;
  const areImported = isImportedRun(a) && isImportedRun(b);
  const refusals: readonly Said[] = [
    [!areImported && a.journeys !== b.journeys, `the plans of ${between} send other requests`],
    [
      a.machine !== undefined && b.machine !== undefined && a.machine !== b.machine,
      `${between} were loaded from different machines: ${a.machine}, and ${b.machine}`,
    ],
    [
      a.version !== b.version,
      `${between} are of different versions of Plimsoll, ${a.version} and ${b.version}; run the baseline again with this one`,
    ],
  ];
  const remarks: readonly Said[] = [
    [
      !areImported && a.plan.sha256 !== b.plan.sha256 && a.journeys === b.journeys,
      `The plan's file has changed between ${between}; its journeys have not.`,
    ],
  ];
  return { refusals: said(refusals), remarks: said(remarks) };
}

/** Targets that are named; more of them are counted. */
const NAMED = 3;

/** That runs had several targets; nothing where all had one. */
export function targetRemarks(all: readonly ComparedRun[]): readonly string[] {
  const targets = [...new Set(all.map(({ target }) => target))];
  if (targets.length < 2) return [];
  const rest = targets.length > NAMED ? ` and ${targets.length - NAMED} more` : '';
  return [`The runs had different targets: ${targets.slice(0, NAMED).join(', ')}${rest}.`];
}

/** Why a phase of this run is no evidence; none where it is. Of imported results that is said once, of the run. */
export const validityRefusals = ({ id }: ComparedRun, { validity, imported }: ComparedPhase): readonly string[] =>
  imported !== undefined || validity.verdict === 'valid'
    ? []
    : [`the measurement of ${id} is ${validity.verdict}${validity.reasons.map((reason) => `: ${reason}`).join('')}`];

/** Offered load that differs by more is another load. */
const LOAD_RATIO = 0.02;

const isOff = (a: number, b: number): boolean => Math.abs(a - b) > LOAD_RATIO * Math.max(a, b);

/** What differs between a phase of two runs. */
export function phaseReservations(a: ComparedPhase, b: ComparedPhase): Reservations {
  const areImported = a.imported !== undefined && b.imported !== undefined;
  const areOpen = a.load.model === 'open' && b.load.model === 'open';
  const isRateOff = areOpen && isOff(a.offeredPerSecond, b.offeredPerSecond);
  const refusals: readonly Said[] = [
    [a.imported?.tool !== b.imported?.tool, `one was measured by ${toolOf(a)}, the other by ${toolOf(b)}`],
    [
      areImported && JSON.stringify(a.imported?.times) !== JSON.stringify(b.imported?.times),
      'their times are not from and to the same moments',
    ],
    [
      hasOnlyFinished(a) || hasOnlyFinished(b),
      'they hold finished figures alone, and a comparison needs single requests by the second',
    ],
    [
      JSON.stringify(a.load) !== JSON.stringify(b.load),
      `the load differs: ${describeLoad(a.load)}, and ${describeLoad(b.load)}`,
    ],
    [
      isRateOff,
      `the offered load differs by more than ${formatRatio(LOAD_RATIO)}: ${formatNumber(a.offeredPerSecond)}/s, and ${formatNumber(b.offeredPerSecond)}/s`,
    ],
    [
      !areImported && isOff(a.ranSeconds, b.ranSeconds),
      `one ran for ${formatNumber(a.ranSeconds)} s, the other for ${formatNumber(b.ranSeconds)} s`,
    ],
  ];
  const remarks: readonly Said[] = [
    [areImported, `${toolOf(a)} does not say whether its generator held its pace.`],
    [areImported && !areOpen, `${a.name}: whether both were offered the same load is not known.`],
  ];
  return { refusals: said(refusals), remarks: said(remarks) };
}

/** What differs between two searches. */
export const searchReservations = (a: ComparedSearch, b: ComparedSearch): Reservations => ({
  refusals: said([[a.asked !== b.asked, 'the searches had other objectives, holds or arrivals']]),
  remarks: [],
});

/** Of finished figures there are no seconds, so none of its figures can be resampled. */
export const hasOnlyFinished = ({ imported, whole }: ComparedPhase): boolean =>
  imported !== undefined && whole.slices.every(({ ended }) => ended === 0);

const toolOf = ({ imported }: ComparedPhase): string => imported?.tool ?? 'Plimsoll';

type Said = readonly [holds: boolean, sentence: string];

const said = (sentences: readonly Said[]): string[] =>
  sentences.flatMap(([holds, sentence]) => (holds ? [sentence] : []));
