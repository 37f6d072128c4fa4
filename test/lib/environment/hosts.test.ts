import { describe, expect, test } from '@jest/globals';
import { coversHost, sharedDomainOf } from '../../../lib/environment/hosts.ts';
import { refuseUnsafe } from '../../../lib/run/safety.ts';
import { planOf } from '../run/plan.ts';
import { detailsOf, SCALING, STAGING } from './wrong.ts';

/** Hosts that a stranger may have tomorrow, and below which domain. */
const STRANGERS: readonly (readonly [host: string, below: string])[] = [
  ['internal-shop-1234567890.us-east-1.elb.amazonaws.com', 'amazonaws.com'],
  ['abc123.execute-api.eu-west-1.amazonaws.com', 'amazonaws.com'],
  ['bucket.s3.eu-central-1.amazonaws.com', 'amazonaws.com'],
  ['shop.cn-north-1.elb.amazonaws.com.cn', 'amazonaws.com.cn'],
  ['abcdefghij.lambda-url.us-east-1.on.aws', 'on.aws'],
  ['d111111abcdef8.cloudfront.net', 'cloudfront.net'],
  ['shop.us-east-1.elasticbeanstalk.com', 'elasticbeanstalk.com'],
  ['main.d1234.amplifyapp.com', 'amplifyapp.com'],
  ['shop.westeurope.cloudapp.azure.com', 'cloudapp.azure.com'],
  ['shop.azurewebsites.net', 'azurewebsites.net'],
  ['shop-abc-ew.a.run.app', 'run.app'],
  ['shop.appspot.com', 'appspot.com'],
  ['shop.herokuapp.com', 'herokuapp.com'],
  ['shop.vercel.app', 'vercel.app'],
  ['shop.github.io', 'github.io'],
  ['shop.workers.dev', 'workers.dev'],
  ['abcd.ngrok-free.app', 'ngrok-free.app'],
  ['10.0.0.1.nip.io', 'nip.io'],
  ['shop.co.uk', 'co.uk'],
  ['shop.com', 'com'],
];

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

  test.each(['*.example.org', '*.staging.example.co.uk', '*.shop.vercel.app', '*.shop.internal', 'shop.github.io'])(
    '%s is one of its own, or none',
    (allowed) => expect(sharedDomainOf(allowed)).toBeUndefined(),
  );
});

test("a balancer's own name has capitals, and a URL has none", () => {
  const name = 'internal-plims-Stagi-1PX6ZH.us-east-1.elb.amazonaws.com';
  expect(coversHost(name, new URL(`http://${name}`).hostname)).toBe(true);
});
