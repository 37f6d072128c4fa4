/** Moments of the twenty-first century, in seconds, ms, µs and ns since 1970, don't overlap. */
const UNITS: readonly (readonly [below: number, us: number])[] = [
  [1e11, 1e6],
  [1e14, 1e3],
  [1e17, 1],
  [1e20, 1e-3],
];

const DATE = /^(\d{4})[/-](\d\d)[/-](\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/;

/** A moment, in µs since 1970; `zoned` is false of a date without a zone, which is read as UTC: then only distances are right. */
export interface Moment {
  readonly us: number;
  readonly zoned: boolean;
}

const NEVER: Moment = { us: Number.NaN, zoned: true };

/** Numbers since 1970 in any usual unit, and dates such as `2019/02/01 12:34:56.789`. NaN of anything else. */
export function momentOf(text: string): Moment {
  const number = text === '' ? Number.NaN : Number(text);
  if (number > 1e9) {
    const unit = UNITS.find(([below]) => number < below)?.[1];
    return unit === undefined ? NEVER : { us: number * unit, zoned: true };
  }
  const parts = DATE.exec(text);
  if (parts === null) return NEVER;
  const [, year, month, day, hour, minute, second, fraction = '0', zone] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zoneOf(zone)}`);
  return { us: ms * 1000 + Math.round(Number(`0.${fraction}`) * 1e6), zoned: zone !== undefined };
}

const zoneOf = (zone: string | undefined): string =>
  zone === undefined || zone === 'Z' ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
