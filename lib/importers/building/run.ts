import { percentilesGiven, type GivenPhase, type GivenTimes } from '../../measure/given.ts';
import { emptyInterval, emptyStep, type Interval } from '../../measure/interval.ts';
import { addLedger, type ArrivalLedger, emptyLedger, isEmpty, type Ledger } from '../../measure/ledger.ts';
import type { Measurement, Point } from '../../measure/measurement.ts';
import type { GivenGroup, Provenance } from '../../measure/provenance.ts';
import type { Phase } from '../../plan/phase.ts';
import type { Plan } from '../../plan/plan.ts';
import { lowerPlan } from '../../plan/lower.ts';
import type { GivenPoint, Imported } from '../reading/importer.ts';
import type { Collected } from './collector.ts';
import { shownName } from './names.ts';
import { type GivenFigures, provenanceOf } from './provenance.ts';

/** An imported result as the parts of a run: a plan of one phase, and what is known of it. */
export interface ImportedRun {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly given: GivenPhase;
  /** Undefined where it is put together from the intervals that the collector wrote. */
  readonly measurement?: Measurement;
  readonly arrivals: ArrivalLedger | undefined;
  /** Undefined where the file doesn't say when it ran. */
  readonly startedAtMs: number | undefined;
  /** NaN where the file doesn't say how long it ran. */
  readonly seconds: number;
  readonly provenance: Omit<Provenance, 'files'>;
}

/** `collected` is what the importer has handed to the collector: nothing where the file holds finished figures. */
export function importedRun(imported: Imported, collected: Collected, fileName: string): ImportedRun {
  const source = collected.count > 0 ? collectedSource(collected) : givenSource(imported);
  const seconds = within(imported.seconds ?? source.seconds, MOST_SECONDS) ?? Number.NaN;
  const startedAtMs = within(imported.startedAtMs ?? source.startedAtMs, LAST_MS);
  const phase = phaseOf(imported, seconds);
  const { all, steps, names } = source;
  return {
    plan: planOf(imported, names, phase, fileName),
    phase,
    given: {
      model: imported.model,
      load: imported.load ?? 'load not known',
      time: imported.times.from === 'intended' ? 'responseTime' : 'serviceTime',
      steps,
      ...(all !== undefined && { all }),
    },
    ...(collected.count === 0 && { measurement: measurementOf(imported, source.groups, seconds) }),
    arrivals: imported.arrivals,
    startedAtMs,
    seconds,
    provenance: provenanceOf(imported, source, { startedAtMs, seconds, namesAreBounded: collected.namesAreBounded }),
  };
}

/** A century. */
const MOST_SECONDS = 3.2e9;

/** The end of the year 9999, beyond which a moment has no usual form. */
const LAST_MS = 253_402_300_799_000;

/** A damaged file may hold any number. */
const within = (value: number | undefined, most: number): number | undefined =>
  value !== undefined && value >= 0 && value <= most ? value : undefined;

/** Where the figures of a run come from: the collector, or the file's own finished ones. */
interface Source extends GivenFigures {
  readonly names: readonly string[];
  readonly steps: ReadonlyMap<number, GivenTimes>;
  readonly startedAtMs: number | undefined;
  readonly seconds: number;
}

const collectedSource = ({ names, all, steps, startUs, endUs }: Collected): Source => ({
  names,
  groups: [],
  all,
  steps,
  startedAtMs: startUs > FIRST_CLOCK_US ? startUs / 1000 : undefined,
  // Where nothing lasted and nothing followed, there is no rate.
  seconds: endUs > startUs ? (endUs - startUs) / 1e6 : Number.NaN,
});

function givenSource(imported: Imported): Source {
  const groups = groupsOf(imported).map(withoutEmptyTimes);
  const { times } = withoutEmptyTimes(imported.total ?? { name: ALL, ledger: emptyLedger() });
  return {
    names: groups.map(({ name }) => name),
    groups,
    all: times,
    steps: new Map(groups.flatMap(({ times: own }, number) => (own === undefined ? [] : [[number, own] as const]))),
    startedAtMs: undefined,
    seconds: Number.NaN,
  };
}

/** A tool that has measured nothing prints zeros. */
function withoutEmptyTimes({ times, ...group }: GivenGroup): GivenGroup {
  const isNothing = times === undefined || (group.ledger.ok === 0 && !(times.max > 0));
  return isNothing ? group : { ...group, times };
}

/** Before 2001 no load was tested with any of these tools: such moments count from the run's start. */
const FIRST_CLOCK_US = 1e15;

const ALL = 'all requests';

/** The groups, and what they lack to add up to the total. Where they hold more than it, only the total is used. */
function groupsOf({ total, groups = [] }: Imported): readonly GivenGroup[] {
  const whole: GivenGroup = total ?? { name: ALL, ledger: emptyLedger() };
  const named = groups.map((group) => ({ ...group, name: shownName(group.name) }));
  if (named.length === 0) return [{ ...whole, name: named.length === 0 ? shownName(whole.name) : ALL }];
  const rest = ledgerWithout(whole.ledger, named);
  if (rest === undefined) return [{ ...whole, name: ALL }];
  return isEmpty(rest) ? named : [...named, { name: 'not listed by name', ledger: rest }];
}

/** What is left of a ledger; undefined where it would hold less than nothing. */
function ledgerWithout(whole: Ledger, groups: readonly GivenGroup[]): Ledger | undefined {
  const sum = emptyLedger();
  for (const { ledger } of groups) addLedger(sum, ledger);
  const kinds = new Set([...Object.keys(whole.failures), ...Object.keys(sum.failures)]);
  const failures = [...kinds].map((kind) => [kind, (whole.failures[kind] ?? 0) - (sum.failures[kind] ?? 0)] as const);
  const counts = (['sent', 'ok', 'failed', 'timedOut', 'cut'] as const).map(
    (key) => [key, whole[key] - sum[key]] as const,
  );
  if ([...counts, ...failures].some(([, count]) => count < 0)) return undefined;
  const rest = { ...emptyLedger(), ...Object.fromEntries(counts) };
  return { ...rest, failures: Object.fromEntries(failures.filter(([, count]) => count > 0)) };
}

const phaseOf = ({ tool, model }: Imported, seconds: number): Phase => ({
  name: tool,
  kind: 'sustained',
  model: model === 'open' ? 'open' : 'closed',
  segments: [],
  durationUs: Number.isFinite(seconds) ? Math.max(1, Math.round(seconds * 1e6)) : 1,
  process: 'uniform',
  patienceUs: 0,
  objectives: [],
  stopOnFail: false,
});

/** A plan for the names of things: what the other tool has really sent is in no file of its results. */
function planOf({ tool, title, target }: Imported, names: readonly string[], phase: Phase, fileName: string): Plan {
  const plan = lowerPlan(
    {
      name: shownName(title ?? `${tool}: ${fileName}`),
      ...(target !== undefined && { target }),
      scenarios: [{ name: tool, steps: names.map((name) => ({ get: '/', name })) }],
      phases: [],
    },
    { feeders: [] },
  );
  return { ...plan, phases: [phase] };
}

/** A measurement of the collector's intervals, with the arrivals that the file counts; where it counts none their rate is not known. */
export const withArrivals = (measurement: Measurement, arrivals: ArrivalLedger | undefined): Measurement => ({
  ...measurement,
  points: measurement.points.map((point) => ({ ...point, offeredPerSecond: Number.NaN })),
  ...(arrivals !== undefined && {
    total: { ...measurement.total, arrivals },
    within: { ...measurement.within, arrivals },
  }),
});

function measurementOf(imported: Imported, groups: readonly GivenGroup[], seconds: number): Measurement {
  const total: Interval = {
    ...emptyInterval(),
    ...(imported.arrivals !== undefined && { arrivals: imported.arrivals }),
    steps: new Map(groups.map(({ ledger }, number) => [number, { ...emptyStep(), ledger }])),
  };
  const whole = { atSeconds: 0, seconds, ...(imported.total ?? { ledger: emptyLedger() }) };
  const points = imported.points ?? (seconds > 0 ? [whole] : []);
  const time = imported.times.from === 'intended' ? 'responseTimeUs' : 'serviceTimeUs';
  return { points: points.map((point) => pointOf(point, time)), total, within: total, busiestRatios: [] };
}

function pointOf(
  { atSeconds, seconds, ledger, times, users }: GivenPoint,
  time: 'responseTimeUs' | 'serviceTimeUs',
): Point {
  return {
    atSeconds,
    seconds,
    offeredPerSecond: Number.NaN,
    throughputPerSecond: ledger.ok / seconds,
    ledger,
    users: users ?? Number.NaN,
    responseTimeUs: undefined,
    serviceTimeUs: undefined,
    ...(times !== undefined && { [time]: percentilesGiven(times) }),
    startDelayP99Us: Number.NaN,
    generatorCpuRatio: Number.NaN,
  };
}
