import type { Limit } from './cloudwatch/cloud.ts';
import type { SignalUnit } from './signal.ts';

/** How a unit is shown to people on call: alarms speak of ms and %, the rest of Plimsoll of µs and ratios. */
const SHOWN: Readonly<Record<SignalUnit, { readonly factor: number; readonly label: string }>> = {
  ratio: { factor: 100, label: '%' },
  us: { factor: 0.001, label: 'ms' },
  bytes: { factor: 2 ** -20, label: 'MiB' },
  perSecond: { factor: 1, label: '1/s' },
  count: { factor: 1, label: '' },
  moment: { factor: 1, label: 's since 1970' },
};

/** By which a value in the signal's own unit becomes the one that is shown. */
export const shownFactor = (unit: SignalUnit): number => SHOWN[unit].factor;

/** The unit's name as it is shown. */
export const shownUnit = (unit: SignalUnit): string => SHOWN[unit].label;

/** Where a limit stands, in the signal's own unit. */
export const limitValue = (limit: Limit): number => ('above' in limit ? limit.above : limit.below);

/** The same in the unit shown; rounded to the 6th digit, since 0.85 · 100 is not 85 in binary. */
export const shownLimit = (limit: Limit, unit: SignalUnit): number =>
  Number((limitValue(limit) * SHOWN[unit].factor).toPrecision(6));
