import { describe, expect, test } from '@jest/globals';
import { coversHost, sharedDomainOf } from '../../../lib/environment/hosts.ts';
import { refuseUnsafe } from '../../../lib/run/safety.ts';
import { planOf } from '../run/plan.ts';
import { STRANGERS } from './strangers.ts';
import { detailsOf, SCALING, STAGING } from './wrong.ts';

/** Every wildcard that covers the host: `*.b.c` and `*.c` for `a.b.c`. */
const wildcardsFor = (host: string): string[] =>
  host
    .split('.')
    .slice(1)
    .map((_, i, labels) => `*.${labels.slice(i).join('.')}`);

/** The wildcards above a stranger's domain, and that domain's own. */
const sharedWildcards = STRANGERS.flatMap(([host, below]) =>
  wildcardsFor(host)
    .filter((wildcard) => `.${below}`.endsWith(wildcard.slice(1)))
    .map((wildcard) => [host, wildcard] as const),
);

describe("a wildcard that covers strangers' hosts", () => {
  test('there are 20 hosts', () => expect(STRANGERS).toHaveLength(20));

  test.each(sharedWildcards)('of %s: %s is refused in a configuration, with the reason', (host, wildcard) => {
    expect(coversHost(wildcard, host)).toBe(true);
    const text = STAGING.replace('allow: []', `allow: ["${wildcard}"]`);
    expect(detailsOf(text, SCALING).join()).toMatch(/allow\[0\].*covers what anybody may register below/s);
  });

  test.each(sharedWildcards)('of %s: %s lets no load through, wherever it stands', (host, wildcard) => {
    const load = (hosts: string[]) => () =>
      refuseUnsafe(planOf([], ['/']), new URL(`https://${host}`), { hosts, production: hosts });
    expect(load([wildcard])).toThrow('anybody else registers below');
    // By its whole name the same host may be loaded.
    expect(load([wildcard, host])).not.toThrow();
  });

  test.each([
    ['*.elb.amazonaws.com', 'amazonaws.com'],
    ['*.us-east-1.elb.amazonaws.com', 'amazonaws.com'],
    ['*.us-east-1.on.aws', 'on.aws'],
    ['*.westeurope.cloudapp.azure.com', 'cloudapp.azure.com'],
    ['*.0.0.1.nip.io', 'nip.io'],
  ])('%s too, though it names a part of %s: names are handed out at every depth', (wildcard, below) =>
    expect(sharedDomainOf(wildcard)).toBe(below),
  );

  test.each(['*.example.org', '*.staging.example.co.uk', '*.shop.vercel.app', '*.shop.internal', 'shop.github.io'])(
    '%s is one of its own, or none',
    (allowed) => expect(sharedDomainOf(allowed)).toBeUndefined(),
  );
});

test("a balancer's own name has capitals, and a URL has none", () => {
  const name = 'internal-plims-Stagi-1PX6ZH.us-east-1.elb.amazonaws.com';
  expect(coversHost(name, new URL(`http://${name}`).hostname)).toBe(true);
});
