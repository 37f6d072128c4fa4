import type { ClientView } from './client.ts';
import type { SignalReadings, SignalReading } from './readings.ts';

/** Where requests may be while they are under way. */
export type PlaceName = 'pool' | 'locks' | 'statements' | 'downstream' | 'front' | 'hashing' | 'workers';

/**
 * How many of the requests under way are at a place, on average. Little's law makes times and numbers one thing: a place that holds a
 * fifth of the requests takes a fifth of the response time.
 */
export interface WaitingPlace {
  readonly name: PlaceName;
  readonly signal: string;
  readonly now: number;
  readonly calm: number | undefined;
  /** Of the requests under way, between 0 and 1. */
  readonly share: number;
  /** Of what a request became slower, between 0 and 1; of all of its time where nothing was well before. */
  readonly growthShare: number;
}

interface Source {
  readonly name: PlaceName;
  /** The first that was read. */
  readonly signals: readonly string[];
  /** From the signal's value and what users met to a number of requests. */
  readonly number?: (value: number, view: ClientView) => number;
  /** A rate by which a mean time, µs, becomes a number (Little 1961). */
  readonly rate?: string;
}

/** A mean time a request, as a number of requests at a place. */
const fromMeanUs = (us: number, { endedPerSecond }: ClientView): number => (us * endedPerSecond) / 1e6;

/** Of the first signal of each that was read. Sources are given in order of trust. */
const SOURCES: readonly Source[] = [
  { name: 'pool', signals: ['database.pool-waiting'] },
  { name: 'pool', signals: ['database.pool-wait-time', 'proxy.borrow-time'], number: fromMeanUs },
  { name: 'locks', signals: ['database.lock-waits'] },
  { name: 'statements', signals: ['database.active', 'database.statement-load'] },
  { name: 'downstream', signals: ['downstream.in-flight'] },
  { name: 'downstream', signals: ['downstream.time'], rate: 'downstream.calls' },
  { name: 'workers', signals: ['service.worker-queue'] },
  { name: 'hashing', signals: ['service.hashing'] },
  {
    name: 'front',
    signals: ['service.time'],
    number: (us, view) => Math.max(0, fromMeanUs(view.meanUs - us, view)),
  },
];

/** A part of a request's time, or of its growth, is no more than the whole. */
const within = (share: number): number => (Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0);

/** Slower than this by a factor, and the growth says more than the whole. */
const GREW = 1.5;

/** So little of a core for each statement under way is next to nothing. */
const COMPUTES = 0.02;
/** Fewer under way show nothing. */
const SOME = 0.3;

/** Whether statements are under way and hardly any of them computes, as far as was read. */
export function sessionsWait(readings: SignalReadings): boolean {
  const [active, cpu] = [readings.get('database.active')?.meanNow, readings.get('database.cpu')?.meanNow];
  return active !== undefined && cpu !== undefined && active > SOME && cpu < COMPUTES * Math.max(1, active);
}

export function placesOf(
  readings: SignalReadings,
  now: ClientView,
  calm: ClientView | undefined,
): ReadonlyMap<PlaceName, WaitingPlace> {
  const places = new Map<PlaceName, WaitingPlace>();
  for (const source of SOURCES) {
    const id = source.signals.find((each) => readings.has(each));
    const reading = id === undefined ? undefined : readings.get(id);
    const rate = source.rate === undefined ? undefined : readings.get(source.rate);
    if (reading === undefined || places.has(source.name) || (source.rate !== undefined && rate === undefined)) continue;
    places.set(source.name, placeOf(source, rate === undefined ? reading : timesRate(reading, rate), now, calm));
  }
  return places;
}

const timesRate = (time: SignalReading, rate: SignalReading): SignalReading => {
  const { meanCalm } = time;
  const before = meanCalm === undefined || rate.meanCalm === undefined ? undefined : (meanCalm * rate.meanCalm) / 1e6;
  return { ...time, meanNow: (time.meanNow * rate.meanNow) / 1e6, meanCalm: before };
};

const perRequest = (number: number, view: ClientView): number => (number * 1e6) / view.endedPerSecond;

function placeOf(source: Source, reading: SignalReading, now: ClientView, calm: ClientView | undefined): WaitingPlace {
  const numberIn = (view: ClientView | undefined, value: number | undefined): number | undefined => {
    if (view === undefined || value === undefined) return undefined;
    return source.number?.(value, view) ?? value;
  };
  const [present, before] = [numberIn(now, reading.meanNow) ?? 0, numberIn(calm, reading.meanCalm)];
  const share = within(present / now.underWay);
  const base = { name: source.name, signal: reading.signal.id, now: present, calm: before, share };
  if (calm === undefined || before === undefined || now.meanUs < GREW * calm.meanUs)
    return { ...base, growthShare: share };
  const grown = perRequest(present, now) - perRequest(before, calm);
  return { ...base, growthShare: within(grown / (now.meanUs - calm.meanUs)) };
}
