import { coversHost, sharedDomainOf } from '../environment/hosts.ts';
import { PlimsollError } from '../errors.ts';
import { allRequests, type Plan } from '../plan/plan.ts';

/** Who may be loaded besides loopback: host names (`*.example.org` are all below it), and those of them that may look like production. */
export interface AllowList {
  readonly hosts: readonly string[];
  readonly production: readonly string[];
}

/** From `PLIMSOLL_ALLOW` and `PLIMSOLL_ALLOW_PRODUCTION`, each a list of host names with commas between. */
export function allowListFrom(env: Readonly<Record<string, string | undefined>>): AllowList {
  const production = hostsIn(env['PLIMSOLL_ALLOW_PRODUCTION']);
  return { hosts: [...hostsIn(env['PLIMSOLL_ALLOW']), ...production], production };
}

const hostsIn = (text = ''): string[] =>
  text.split(',').flatMap((host) => (host.trim() === '' ? [] : [host.trim().toLowerCase()]));

const LOOPBACK = /^(?:localhost|.+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;
const PRODUCTION = /(?:^|[.-])(?:prod|production|live|www)(?:[.-]|\d|$)/;

export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);

/**
 * Throws E-TARGET-REFUSED when the target, the plan's proxy, a whole URL in one of the steps, or one whose metrics or health are read once a second,
 * is a host that may not be loaded.
 */
export function refuseUnsafe(plan: Plan, target: URL, allowed: AllowList): void {
  refuseHost(target, allowed);
  if (plan.proxy !== undefined) refuseHost(new URL(plan.proxy.url), allowed);
  for (const source of ['metrics', 'health'] as const) {
    const address = plan.signals[source];
    if (address !== undefined) refuseHost(sourceUrl(source, address, target), allowed);
  }
  for (const step of allRequests(plan)) {
    // What begins with a template is checked when it is known: see loadgen/engine/address.ts.
    if (!/^https?:/i.test(step.path)) continue;
    const origin = step.path.split('/').slice(0, 3).join('/');
    if (origin.includes('{{') || !URL.canParse(origin)) {
      throw new PlimsollError(
        'E-TARGET-REFUSED',
        `Step "${step.name}" takes its host from a template, so it can't be checked; write the host out.`,
      );
    }
    refuseHost(new URL(origin), allowed);
  }
}

/**
 * Whether a host may be loaded that only a run finds out about, since a reply leads there: only one that the allow-list names, for
 * loopback too, where anything may listen.
 */
export function mayFollow(url: URL, allowed: AllowList): boolean {
  try {
    refuseHost(url, allowed);
    return isNamed(allowed.hosts, url.hostname.toLowerCase());
  } catch {
    return false;
  }
}

/** Where a source is that a plan names: a path of the target, or a whole URL. */
function sourceUrl(source: string, address: string, target: URL): URL {
  if (URL.canParse(address, target.href)) return new URL(address, target);
  throw new PlimsollError(
    'E-TARGET-REFUSED',
    `signals.${source} is no path and no URL: ${address}; write the host out.`,
  );
}

/** By its name alone: `prod-eu`, `www.example.org`. */
export const looksLikeProduction = (name: string): boolean => PRODUCTION.test(name);

function refuseHost(url: URL, { hosts, production }: AllowList): void {
  const host = url.hostname.toLowerCase();
  if (isLoopback(url)) return;
  if (!isNamed(hosts, host)) {
    throw new PlimsollError('E-TARGET-REFUSED', `${host} is neither loopback nor on the allow-list.`);
  }
  if (looksLikeProduction(host) && !isNamed(production, host)) {
    throw new PlimsollError(
      'E-TARGET-REFUSED',
      `${host} looks like production; name it in PLIMSOLL_ALLOW_PRODUCTION if it may be loaded.`,
    );
  }
}

/** Whether an entry covers the host; one that covers strangers' hosts as well is refused, since the host may be a stranger's. */
function isNamed(list: readonly string[], host: string): boolean {
  const covering = list.filter((allowed) => coversHost(allowed, host));
  const shared = covering.map(sharedDomainOf);
  if (covering.length === 0 || shared.includes(undefined)) return covering.length > 0;
  throw new PlimsollError(
    'E-TARGET-REFUSED',
    `${covering[0]} covers ${host}, and whatever anybody else registers below ${shared[0]}; name the host itself.`,
  );
}
