import { formatSignal, type Resource } from '../../signals/signal.ts';
import { formatRatio } from '../../units.ts';
import type { AnalysedRun } from '../analysed-run.ts';
import { voidReasons } from '../validity.ts';
import { clientOf, type Client } from './client.ts';
import type { Observation } from './evidence.ts';
import { troubleMoments, type Moments } from './moments.ts';
import { patternOf } from './patterns/index.ts';
import type { Pattern } from './patterns/pattern.ts';
import { placesOf, type WaitingPlace, type PlaceName } from './places.ts';
import { readingsOf, silentSignals, type SignalReadings, type SignalReading, type SilentSignal } from './readings.ts';
import { profileOf } from './profile.ts';
import { shapeOf, type TroubleShape } from './shape.ts';

/** All that a hypothesis is held against: what users met, and what the system said of itself, now and while all was well. */
export interface Facts {
  readonly moments: Moments;
  readonly client: Client;
  readonly readings: SignalReadings;
  /** What was read until it went wrong, and no more. */
  readonly silent: readonly SilentSignal[];
  readonly places: ReadonlyMap<PlaceName, WaitingPlace>;
  readonly shape: TroubleShape;
  /** What it looks like from outside; undefined where it is like nothing known, or too little was sent. */
  readonly pattern: Pattern | undefined;
  /** Why the phase in which it went wrong is void, or nothing. */
  readonly voids: readonly string[];
}

export function gatherFacts(run: AnalysedRun): Facts | undefined {
  const moments = troubleMoments(run);
  if (moments === undefined) return undefined;
  const client = clientOf(run, moments);
  const readings = readingsOf(run.signals, run.series, moments);
  const places = placesOf(readings, client.now, client.calm);
  const [profile, voids] = [profileOf(run, moments), voidReasons(moments.outcome)];
  const pattern = patternOf({ profile, client, lasts: lastsIn(run) });
  const silent = readings.size === 0 ? [] : silentSignals(run.signals, run.series, moments);
  return { moments, client, readings, silent, places, shape: shapeOf(client), pattern, voids };
}

/** Whether most requests still time out when the load was taken away. */
function lastsIn({ outcomes }: AnalysedRun): boolean | undefined {
  const after = outcomes.findLast(({ phase }) => phase.kind === 'recovery');
  if (after === undefined) return undefined;
  const ledgers = [...after.measurement.total.steps.values()].map(({ ledger }) => ledger);
  const timedOut = ledgers.reduce((sum, each) => sum + each.timedOut, 0);
  return timedOut > ledgers.reduce((sum, { ok, failed }) => sum + ok + failed, 0);
}

/** Whether none of these was read: only then are hints of what users met worth something. */
export const unread = ({ readings }: Facts, ...ids: readonly string[]): boolean => !ids.some((id) => readings.has(id));

/** Median while it went wrong; undefined where it was not read. */
export const nowOf = ({ readings }: Facts, id: string): number | undefined => readings.get(id)?.now;

export const meanNowOf = ({ readings }: Facts, id: string): number | undefined => readings.get(id)?.meanNow;

/** How many times as much as while all was well; at least `floor` is taken for what it was. */
export const grewBy = ({ now, calm }: SignalReading, floor: number): number =>
  calm === undefined ? 1 : now / Math.max(floor, calm);

/** The part of the response time, or of its growth, that a place explains; 0 where it was not read. */
export function partAt({ places }: Facts, name: PlaceName): number {
  const place = places.get(name);
  return place === undefined ? 0 : Math.max(place.share, place.growthShare);
}

/** What a signal shows, with the weight that its reading has; nothing where it was not read or weighs nothing. */
export function seen(
  { readings }: Facts,
  id: string,
  weigh: (reading: SignalReading) => number,
  title?: string,
): readonly Observation[] {
  const reading = readings.get(id);
  const weight = reading === undefined ? 0 : weigh(reading);
  return reading === undefined || !(weight !== 0) ? [] : [observed(reading, weight, title ?? reading.signal.title)];
}

function observed({ signal, now, calm, sinceSeconds }: SignalReading, weight: number, title: string): Observation {
  const before = calm === undefined ? '' : ` (${formatSignal(calm, signal.unit)} while all was well)`;
  const text = `${title}: ${formatSignal(now, signal.unit)}${before}, from ${sinceSeconds.toFixed(0)} s on`;
  return { text, weight, signal: signal.id, atSeconds: sinceSeconds, value: now };
}

/** That a place holds so much of the requests' time, with the weight that this share has. `takes` is the sentence's beginning. */
export function held(
  { places, readings }: Facts,
  name: PlaceName,
  weigh: (share: number, place: WaitingPlace) => number,
  takes: string,
): readonly Observation[] {
  const place = places.get(name);
  const reading = readings.get(place?.signal ?? '');
  if (place === undefined || reading === undefined) return [];
  const share = Math.max(place.share, place.growthShare);
  const weight = weigh(share, place);
  if (!(weight !== 0)) return [];
  const whole = place.growthShare > place.share ? 'what requests became slower' : "the requests' time";
  const since = weight > 0 ? `, from ${reading.sinceSeconds.toFixed(0)} s on` : '';
  const text = `${takes} ${formatRatio(share)} of ${whole} (${reading.signal.title}: ${formatSignal(reading.meanNow, reading.signal.unit)} on average)${since}`;
  return [{ text, weight, signal: place.signal, atSeconds: reading.sinceSeconds, value: reading.meanNow }];
}

/** What users met, with its weight; nothing at 0. */
export const met = (weight: number, text: string): readonly Observation[] => (weight === 0 ? [] : [{ text, weight }]);

/** That all signals of a family fell silent while others did not, with its weight. */
export function gone(
  { silent, readings }: Facts,
  family: string,
  weight: number,
  what: string,
): readonly Observation[] {
  // A share of nothing is no figure; and where others fell silent as well, it is who exports them all that is gone.
  const counted = silent.filter(({ signal: { unit } }) => unit !== 'ratio');
  const first = counted.every(({ signal: { id } }) => id.startsWith(family)) ? counted[0] : undefined;
  const goesOn = (id: string): boolean => id.startsWith(family) && !silent.some(({ signal }) => signal.id === id);
  if (first === undefined || [...readings.keys()].some(goesOn)) return [];
  const { signal, sinceSeconds, value } = first;
  const text = `${what} gave no figures any more, from ${sinceSeconds.toFixed(0)} s on (${signal.title}: ${formatSignal(value, signal.unit)} before)`;
  return [{ text, weight, signal: signal.id, atSeconds: sinceSeconds, value }];
}

const CROSSED = { saturation: 0.5, errors: 0.5, utilisation: 0.45, traffic: 0 } as const;
const MOSTLY = 0.5;
/** What was beyond its limit while all was well explains little. */
const CHRONIC = 0.3;

/** Signals of a resource that stayed beyond their limits (the USE method, Gregg 2013), but for those of `cited`. */
export const crossed = (facts: Facts, resource: Resource, cited: readonly Observation[]): readonly Observation[] =>
  [...facts.readings.values()].flatMap(({ signal }) => {
    const { limit, unit, title } = signal;
    if (signal.accuses !== resource || limit === undefined || cited.some((each) => each.signal === signal.id))
      return [];
    const shown =
      'above' in limit ? `above ${formatSignal(limit.above, unit)}` : `below ${formatSignal(limit.below, unit)}`;
    const weigh = ({ beyond, beyondBefore }: SignalReading): number =>
      beyond < MOSTLY ? 0 : CROSSED[signal.kind] * (beyondBefore > MOSTLY ? CHRONIC : 1);
    return seen(facts, signal.id, weigh, `${title} ${shown}`);
  });
