import type { Traffic } from './traffic.ts';

const DAYS = 28;
const MINUTES_A_DAY = 1440;
/** A Monday. */
const START_MS = Date.UTC(2026, 2, 2);

/** A minute of the four weeks, and what part of the peak there is then. */
type Shape = (minute: { readonly day: number; readonly weekday: number; readonly hour: number }) => number;

const bell = (hour: number, middle: number, width: number): number => Math.exp(-(((hour - middle) / width) ** 2));

/** From 0 before an hour to 1 after it, within minutes. */
const rise = (hour: number, at: number, minutes: number): number =>
  Math.min(1, Math.max(0, ((hour - at) * 60) / minutes));

/**
 * Weekdays from eight to six: most begin at nine, within ten minutes, and again at one, after noon; little at night, less on Saturday and Sunday.
 */
const officeHours: Shape = ({ weekday, hour }) => {
  if (weekday >= 5) return 0.05 + 0.1 * bell(hour, 14, 4);
  const morning = 0.25 * rise(hour, 8, 60) + 0.45 * rise(hour, 9, 10) + 0.25 * rise(hour, 9.5, 60);
  const noon = 0.4 * (rise(hour, 12, 30) - rise(hour, 13, 10));
  return 0.05 + morning - noon - 0.95 * rise(hour, 16.5, 120);
};

const SALE_DECAY_HOURS = 0.5;
const SALE_RISE_HOURS = 2 / 60;

/** A sale that is announced every Thursday at 20:00, and one in the third week that is not; within two minutes all are there. */
const flashSale: Shape = ({ day, weekday, hour }) => {
  const usual = 0.1 + 0.08 * bell(hour, 15, 5);
  const start = weekday === 3 ? 20 : day === 15 ? 13.3 : Number.NaN;
  const since = hour - start;
  if (!(since >= 0)) return usual;
  return (
    usual +
    (1 - usual) *
      rise(hour, start, 60 * SALE_RISE_HOURS) *
      Math.exp(-Math.max(0, since - SALE_RISE_HOURS) / SALE_DECAY_HOURS)
  );
};

/** When a message to all of a region brings many at once, and how much of the usual load they are more. */
const PUSHES = [7, 12.5, 19];
const PUSH_RATIO = 0.4;

/** Three regions a third of a day apart: no night, and little difference between days; three times a day two fifths more within two minutes. */
const global: Shape = ({ weekday, hour }) => {
  const wave = (shift: number): number => (1 + Math.cos(((hour - shift) * 2 * Math.PI) / 24)) / 2;
  const day = 0.45 * wave(20) + 0.35 * wave(12) + 0.2 * wave(4);
  const pushed = PUSHES.reduce((sum, at) => sum + rise(hour, at, 2) * Math.exp(-Math.max(0, hour - at) / 0.3), 0);
  return (weekday < 5 ? 1 : 0.9) * (0.35 + 0.9 * day) * (1 + PUSH_RATIO * pushed);
};

const shapes = { 'office-hours': officeHours, 'flash-sale': flashSale, global } as const;

export type TrafficProfile = keyof typeof shapes;
export const trafficProfiles = Object.keys(shapes) as readonly TrafficProfile[];

export const isProfile = (name: string): name is TrafficProfile => Object.hasOwn(shapes, name);

/** Four weeks of traffic by the minute, in UTC, whose highest minute is `peakPerSecond`. */
export function profileTraffic(name: TrafficProfile, peakPerSecond: number): Traffic {
  const shape = shapes[name];
  const parts = Array.from({ length: DAYS * MINUTES_A_DAY }, (_, minute) => {
    const day = Math.floor(minute / MINUTES_A_DAY);
    return shape({ day, weekday: day % 7, hour: (minute % MINUTES_A_DAY) / 60 });
  });
  const most = parts.reduce((highest, each) => Math.max(highest, each));
  const perSecond = parts.map((part) => (peakPerSecond * part) / most);
  return { name, timezone: 'UTC', startMs: START_MS, stepSeconds: 60, perSecond };
}
