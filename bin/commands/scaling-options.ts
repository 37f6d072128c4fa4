import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { readCapacityRun, readText } from '../../lib/adapters/node/capacity-run.ts';
import type { Environment } from '../../lib/environment/environment.ts';
import { parseScalingPolicy } from '../../lib/environment/parse.ts';
import type { ScalingPolicy } from '../../lib/environment/scaling-policy.ts';
import { PlimsollError } from '../../lib/errors.ts';
import { startUpSecondsOf } from '../../lib/scaling/start-up.ts';
import { parseTraffic, refuseTimezone } from '../../lib/scaling/traffic/parse-traffic.ts';
import { isProfile, profileTraffic } from '../../lib/scaling/traffic/profiles.ts';
import type { Traffic } from '../../lib/scaling/traffic/traffic.ts';
import { parseDurationUs } from '../../lib/units.ts';
import { environmentName, readConfiguration } from '../environment.ts';
import { callerPath } from '../paths.ts';

export function countOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new PlimsollError('E-USAGE', `${option} takes a whole number from 1, not ${text}.`);
  return Number(text);
}

function spanSecondsOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const us = parseDurationUs(text);
  if (us === undefined || us <= 0)
    throw new PlimsollError('E-USAGE', `${option} takes a duration such as 90s, not ${text}.`);
  return us / 1e6;
}

/** A duration, or the folder of a run in which the service scaled out. */
export async function startUpOf(text: string | undefined): Promise<number | undefined> {
  if (text === undefined || parseDurationUs(text) !== undefined || !existsSync(callerPath(text)))
    return spanSecondsOf('--start-up', text);
  return startUpSecondsOf(await readCapacityRun(callerPath(text)));
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
  refuseTimezone(timezone);
  if (traffic === undefined) return undefined;
  if (isProfile(traffic)) return profileTraffic(traffic, peakPerSecond);
  return parseTraffic(
    { path: traffic, text: await readText(callerPath(traffic), traffic, 'E-TRAFFIC-MISSING') },
    timezone,
  );
}

export interface PolicyFileOptions {
  readonly policy?: string;
  readonly env?: string;
}

/** A policy by its file, and the environment that is named, or else has the file's name. */
export async function policyAndEnvironment({ policy: path, env }: PolicyFileOptions): Promise<{
  policy: ScalingPolicy;
  environment: Environment | undefined;
  name: string | undefined;
}> {
  if (path === undefined)
    throw new PlimsollError('E-USAGE', '--policy is missing: a file such as config/scaling/staging.yaml.');
  const policy = parseScalingPolicy({ path, text: await readText(callerPath(path), path, 'E-POLICY-MISSING') });
  const own = basename(path).replace(/\.ya?ml$/, '');
  const name = env ?? (existsSync(`config/${own}.yaml`) ? own : undefined);
  const environment = name === undefined ? undefined : readConfiguration(environmentName(name)).environment;
  return { policy, environment, name };
}
