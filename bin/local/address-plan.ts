import { createHash } from 'node:crypto';
import { namesUser } from '../../lib/document/passwords.ts';
import { PlimsollError } from '../../lib/errors.ts';
import { planFromObject, type PlanSources } from '../../lib/plan/parse.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { PlanInput } from '../../lib/plan/schema.ts';
import { parseDurationUs } from '../../lib/units.ts';

/** What stands for a plan: an address to get, by how many users or at what rate, and for how long. */
export interface AddressOptions {
  readonly url?: string | undefined;
  readonly users?: string | undefined;
  readonly rate?: string | undefined;
  readonly duration?: string | undefined;
}

/** The plan of one request, as if someone had written it. @throws PlimsollError E-USAGE, E-PLAN-INVALID */
export async function planOfAddress(
  { url = '', users, rate, duration = '30s' }: AddressOptions,
  sources: Omit<PlanSources, 'readBytes'>,
): Promise<{ plan: Plan; sha256: string }> {
  refuseAddress('--url', url);
  if (url.includes('#')) throw new PlimsollError('E-USAGE', `--url takes no #, which is not sent: ${url}.`);
  spanOf('--duration', duration);
  const { origin, host, pathname, search } = new URL(url);
  const phase = { name: 'load', kind: 'sustained' as const, duration, ...loadOf(users, rate) };
  const input: PlanInput = {
    name: host + pathname,
    target: origin,
    scenarios: [{ name: 'address', steps: [{ get: withoutTemplates(pathname + search) }] }],
    phases: [phase],
  };
  const plan = await planFromObject(input, { ...sources, readBytes: noFile });
  return { plan, sha256: createHash('sha256').update(JSON.stringify(input)).digest('hex') };
}

const noFile = async (path: string): Promise<never> => await Promise.reject(new Error(`names no file: ${path}`));

/** An address holds no templates. */
export const withoutTemplates = (text: string): string => text.replaceAll('{', '%7B').replaceAll('}', '%7D');

function loadOf(users: string | undefined, rate: string | undefined): Pick<PhaseLoad, 'open' | 'closed'> {
  if ((users === undefined) === (rate === undefined))
    throw new PlimsollError('E-USAGE', '--url needs --users or --rate, and not both: --users 50.');
  if (rate !== undefined && !(Number(rate) > 0 && Number.isFinite(Number(rate))))
    throw new PlimsollError('E-USAGE', `--rate takes arrivals a second, not ${rate}.`);
  return users === undefined ? { open: { rate: Number(rate) } } : { closed: { users: usersOf('--users', users) } };
}

export function usersOf(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new PlimsollError('E-USAGE', `${option} takes a whole number from 1 on, not ${text}.`);
}

type PhaseLoad = NonNullable<PlanInput['phases']>[number];

/** As in a plan. What may hold a password is not repeated. */
export function refuseAddress(option: string, address: string): void {
  if (namesUser(address))
    throw new PlimsollError(
      'E-USAGE',
      `${option} holds a user name; send it as a header of a plan from {{ $env(NAME) }}, since reports show addresses.`,
    );
  if (!/^https?:$/.test(URL.parse(address)?.protocol ?? ''))
    throw new PlimsollError('E-USAGE', `${option} takes an http or https URL, not ${address}.`);
}

export function spanOf(option: string, text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined || us <= 0)
    throw new PlimsollError('E-USAGE', `${option} takes a duration such as 4m, not ${text}.`);
  return us;
}
