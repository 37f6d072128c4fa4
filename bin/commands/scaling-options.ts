import { readTrafficFile } from '../../lib/adapters/node/capacity-run.ts';
import { PlimsollError } from '../../lib/errors.ts';
import { parseTraffic } from '../../lib/scaling/traffic/parse-traffic.ts';
import { isProfile, profileTraffic } from '../../lib/scaling/traffic/profiles.ts';
import type { Traffic } from '../../lib/scaling/traffic/traffic.ts';
import { parseDurationUs } from '../../lib/units.ts';
import { callerPath } from '../paths.ts';

export function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new PlimsollError('E-USAGE', `${option} takes a whole number from 1, not ${text}.`);
  return Number(text);
}

export function spanSecondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const us = parseDurationUs(text);
  if (us === undefined || us <= 0)
    throw new PlimsollError('E-USAGE', `${option} takes a duration such as 90s, not ${text}.`);
  return us / 1e6;
}

/** A share as `25%` or `0.25`, up to three times as much. */
export function ratioOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const ratio = Number(amount ?? Number.NaN) / (percent === '%' ? 100 : 1);
  if (!(ratio >= 0 && ratio <= 3))
    throw new PlimsollError('E-USAGE', `${option} takes a share such as 25%, not ${text}.`);
  return ratio;
}

export interface TrafficOptions {
  readonly traffic?: string;
  readonly timezone?: string;
}

/** Traffic of a file, or of a profile by its name, whose peak is then `peakPerSecond`. */
export async function trafficOf(
  { traffic, timezone }: TrafficOptions,
  peakPerSecond: number,
): Promise<Traffic | undefined> {
  if (traffic === undefined) return undefined;
  if (isProfile(traffic)) return profileTraffic(traffic, peakPerSecond);
  return parseTraffic({ path: traffic, text: await readTrafficFile(callerPath(traffic), traffic) }, timezone);
}
