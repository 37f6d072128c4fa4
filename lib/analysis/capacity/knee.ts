import { addLedger, emptyLedger, errorRatio } from '../../measure/ledger.ts';
import type { Point } from '../../measure/measurement.ts';
import { isSearch } from '../../plan/plan.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import type { PhaseOutcome } from '../outcome.ts';
import { voidReasons } from '../validity.ts';

/** A load, and what was carried at it. */
export interface KneeLoad {
  /** Users in a closed model, arrivals a second in an open one. */
  readonly load: number;
  /** Requests a second that succeeded. */
  readonly perSecond: number;
}

/** At which load a climb turned; what did not turn up to `upTo` is left out. */
export interface Knee {
  readonly loadIn: 'users' | 'arrivals';
  readonly upTo: KneeLoad;
  /**
   * Where throughput divided by response time, their "power", is greatest: beyond it the one grows less than the other.
   * Source: L. Kleinrock, "Power and deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979.
   */
  readonly knee?: KneeLoad;
  /** From here on p95 was at least twice that of light load. */
  readonly responseTime?: KneeLoad;
  /** From here on more than 1 % failed. */
  readonly errors?: KneeLoad;
  /** From here on a user, or an arrival, got less than nine tenths of what it got at light load. */
  readonly throughput?: KneeLoad;
}

/** Into so many the load is divided, up to the greatest. */
const LEVELS = 20;
/** Of fewer seconds a load's figures are chance. */
const FEWEST_POINTS = 3;
const FEWEST_LEVELS = 6;
/** Light load is the lowest fifth of the levels. */
const LIGHT = 0.2;
/** Beyond the knee the power falls for good: by so much, at the greatest load. */
const FALLEN = 0.8;
const TURNED = { timeRatio: 2, timeSlackUs: 20_000, errorRatio: 0.01, throughputRatio: 0.9 } as const;

interface Level extends KneeLoad {
  readonly p95Us: number;
  readonly meanUs: number;
  readonly errors: number;
}

/** Undefined where the load did not climb through enough levels to say. */
export function knee({ plan, outcomes }: Pick<AnalysedRun, 'plan' | 'outcomes'>): Knee | undefined {
  const climb = outcomes.filter((each) => each.phase.kind !== 'recovery' && voidReasons(each).length === 0);
  const model = climb.at(-1)?.phase.model;
  if (model === undefined || isSearch(plan)) return undefined;
  const levels = levelsOf(
    climb.filter(({ phase }) => phase.model === model),
    model,
  );
  const [light] = levels;
  const last = levels.at(-1);
  if (levels.length < FEWEST_LEVELS || light === undefined || last === undefined) return undefined;
  const turns = turnsOf(levels);
  return { loadIn: model === 'closed' ? 'users' : 'arrivals', upTo: loadOf(last), ...turns };
}

const loadAt = (point: Point, model: PhaseOutcome['phase']['model']): number =>
  model === 'closed' ? point.users : point.offeredPerSecond;

/** Seconds of about the same load together, from the lightest to the greatest; what came after the greatest is the way down. */
function levelsOf(climb: readonly PhaseOutcome[], model: PhaseOutcome['phase']['model']): readonly Level[] {
  const points = climb.flatMap(({ measurement, ranSeconds }) =>
    measurement.points.filter(({ atSeconds, seconds }) => atSeconds + seconds <= ranSeconds),
  );
  const most = Math.max(0, ...points.map((point) => loadAt(point, model)));
  const until = points.findLastIndex((point) => loadAt(point, model) > most * (1 - 1 / LEVELS));
  const byLevel = Map.groupBy(points.slice(0, until + 1), (point) =>
    Math.min(LEVELS - 1, Math.floor((loadAt(point, model) / most) * LEVELS)),
  );
  return [...byLevel]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, own]) => (own.length < FEWEST_POINTS ? [] : (levelOf(own, model) ?? [])));
}

function levelOf(points: readonly Point[], model: PhaseOutcome['phase']['model']): Level | undefined {
  const answered = points.flatMap(({ responseTimeUs }) => responseTimeUs ?? []);
  if (answered.length === 0) return undefined;
  const ledger = emptyLedger();
  for (const point of points) addLedger(ledger, point.ledger);
  return {
    load: meanOf(points.map((point) => loadAt(point, model))),
    perSecond: meanOf(points.map(({ throughputPerSecond }) => throughputPerSecond)),
    p95Us: medianOf(answered.map(({ p95 }) => p95)),
    meanUs: medianOf(answered.map(({ mean }) => mean)),
    errors: errorRatio(ledger),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;

const loadOf = ({ load, perSecond }: KneeLoad): KneeLoad => ({ load, perSecond });

function turnsOf(levels: readonly Level[]): Omit<Knee, 'loadIn' | 'upTo'> {
  const lightest = levels.slice(0, Math.max(1, Math.floor(LIGHT * levels.length)));
  const lightP95Us = medianOf(lightest.map(({ p95Us }) => p95Us));
  const lightEach = medianOf(lightest.map(({ load, perSecond }) => perSecond / load));
  const limitUs = Math.max(TURNED.timeRatio * lightP95Us, lightP95Us + TURNED.timeSlackUs);
  const turns = {
    knee: kneeOf(levels),
    responseTime: fromOn(levels, ({ p95Us }) => p95Us >= limitUs),
    errors: fromOn(levels, ({ errors }) => errors > TURNED.errorRatio),
    throughput: fromOn(levels, ({ load, perSecond }) => perSecond < TURNED.throughputRatio * lightEach * load),
  };
  return Object.fromEntries(
    Object.entries(turns).flatMap(([name, level]) => (level === undefined ? [] : [[name, loadOf(level)]])),
  );
}

function kneeOf(levels: readonly Level[]): Level | undefined {
  const power = ({ perSecond, meanUs }: Level): number => perSecond / meanUs;
  const best = levels.reduce((found, each) => (power(each) > power(found) ? each : found));
  const last = levels.at(-1);
  return last !== undefined && power(last) < FALLEN * power(best) ? best : undefined;
}

/** The first level from which it holds at every one. */
function fromOn(levels: readonly Level[], holds: (level: Level) => boolean): Level | undefined {
  const before = levels.findLastIndex((level) => !holds(level));
  return levels[before + 1];
}
