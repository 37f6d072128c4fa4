import { describe, expect, test } from '@jest/globals';
import { allowListFrom, isLoopback, refuseUnsafe, type AllowList } from '../../../lib/run/safety.ts';
import { planOf } from './plan.ts';

const nobody: AllowList = { hosts: [], production: [] };

function refusalOf(target: string, allowed: AllowList = nobody, paths: readonly string[] = ['/']): string | undefined {
  try {
    refuseUnsafe(planOf([], paths), new URL(target), allowed);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const LOOPBACK = [
  'http://127.0.0.1:8080',
  'https://127.0.0.1',
  'http://127.255.255.254',
  'http://127.1', // the WHATWG URL parser fills it up
  'http://2130706433', // 127 · 2²⁴ + 1
  'http://0x7f000001',
  'http://0x7f.1',
  'http://0177.0.0.1',
  'http://017700000001',
  'http://127.0.0.1.', // a trailing dot is no part of an address
  'http://１２７.0.0.1', // full-width digits
  'http://localhost',
  'http://LOCALHOST:1',
  'http://ⓛocalhost',
  'http://api.localhost',
  'http://[::1]',
  'http://[0:0:0:0:0:0:0:1]:8080',
];

const ELSEWHERE = [
  'http://example.com',
  'http://128.0.0.1',
  'http://126.255.255.255',
  'http://10.0.0.1',
  'http://169.254.169.254',
  'http://0.0.0.0', // every address of the machine, not loopback alone
  'http://0',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://notlocalhost',
  'http://localhost.', // a name of the root, which a resolver may answer
  'http://127.0.0.1@example.com',
  'http://127.0.0.1:80@example.com',
  'http://localhost%2eexample.com',
  'http://lοcalhost', // a Greek omicron
  'http://[::2]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:10.0.0.1]',
  'http://[fe80::1]',
];

describe('loopback', () => {
  test.each(LOOPBACK)('%s is', (url) => {
    expect(isLoopback(new URL(url))).toBe(true);
    expect(refusalOf(url)).toBeUndefined();
  });

  test.each(ELSEWHERE)('%s is not', (url) => {
    expect(isLoopback(new URL(url))).toBe(false);
    expect(refusalOf(url)).toContain('neither loopback nor on the allow-list');
  });
});

const STAGING: AllowList = { hosts: ['staging.example.com', 'bücher.example'], production: [] };

describe('the allow-list', () => {
  test.each(['http://staging.example.com', 'https://STAGING.example.com:8443/base', 'http://staging。example.com'])(
    'lets %s through',
    (url) => {
      expect(refusalOf(url, STAGING)).toBeUndefined();
    },
  );

  test.each([
    'http://example.com',
    'http://a.staging.example.com',
    'http://staging.example.com.evil.example',
    'http://notstaging.example.com',
    'http://staging.example.com@evil.example',
    'http://staging.example.com.',
  ])('lets %s not', (url) => {
    expect(refusalOf(url, STAGING)).toContain('allow-list');
  });

  const BELOW: AllowList = { hosts: ['*.elb.example.com'], production: ['*.live.example.com'] };

  test.each([
    ['http://shop.elb.example.com', undefined],
    ['http://a.b.elb.example.com', undefined],
    ['http://elb.example.com', 'allow-list'],
    ['http://evil-elb.example.com', 'allow-list'],
    ['http://shop.elb.example.com.evil.example', 'allow-list'],
    // Allowed as a host, and still it looks like production.
    ['http://prod.elb.example.com', 'looks like production'],
  ])('with *. before it means all below: %s', (url, refusal) => {
    expect(refusalOf(url, BELOW) ?? 'none').toContain(refusal ?? 'none');
  });

  test('is of host names with commas between, in any case, blanks and empty ones left out', () => {
    expect(allowListFrom({ PLIMSOLL_ALLOW: ' A.example ,,b.example,' })).toEqual({
      hosts: ['a.example', 'b.example'],
      production: [],
    });
  });

  test('for production is an allow-list, too', () => {
    const allowed = allowListFrom({ PLIMSOLL_ALLOW_PRODUCTION: 'prod.example.com' });
    expect(refusalOf('http://prod.example.com', allowed)).toBeUndefined();
    expect(refusalOf('http://production.example.com', allowed)).toContain('neither loopback');
  });

  test('is empty where nothing is said', () => {
    expect(allowListFrom({})).toEqual(nobody);
  });
});

describe('a name that looks like production', () => {
  const allow = (host: string): AllowList => ({ hosts: [host], production: [] });

  test.each([
    'prod.example.com',
    'PROD.example.com',
    'production.example.com',
    'live.example.com',
    'www.example.com',
    'api-prod.example.com',
    'prod-api.example.com',
    'prod1.example.com',
    'api.prod.example.com',
    'eu-production-2.example.com',
  ])('%s is refused although it is allowed', (host) => {
    expect(refusalOf(`http://${host}`, allow(host.toLowerCase()))).toContain('looks like production');
  });

  test.each([
    'product.example.com',
    'products.example.com',
    'reproduction.example.com',
    'delivery.example.com',
    'livestock.example.com',
    'awww.example.com',
    'staging.example.com',
  ])('%s is not one', (host) => {
    expect(refusalOf(`http://${host}`, allow(host))).toBeUndefined();
  });
});

describe.each(['metrics', 'health'])('the %s of a service, read once a second', (source) => {
  const refusal = (address: string): (() => void) => {
    const plan = { ...planOf([]), signals: { [source]: address } };
    return () => refuseUnsafe(plan, new URL('http://127.0.0.1:8080'), STAGING);
  };

  test.each(['/metrics', 'metrics', 'http://localhost:9100/metrics', 'https://staging.example.com/metrics'])(
    'may be at %s',
    (metrics) => {
      expect(refusal(metrics)).not.toThrow();
    },
  );

  test.each(['http://example.com/metrics', '//example.com/metrics', 'http://169.254.169.254/latest', 'data:,a 1'])(
    'may not be at %s',
    (metrics) => {
      expect(refusal(metrics)).toThrow('neither loopback nor on the allow-list');
    },
  );

  test('are named by what is a URL', () => {
    expect(refusal('http://[/')).toThrow(`signals.${source}`);
  });
});

describe('a step', () => {
  const target = 'http://127.0.0.1:8080';

  test.each([
    '/path',
    '//example.com/a-path-on-the-target',
    '/{{ id }}',
    '{{ path }}', // goes to the target; test/system/cli.test.ts holds the generator to that
    '/redirect?to=http://example.com',
    'http://127.0.0.1:9090/x',
    'http://[::1]/{{ id }}',
    'HTTP://LOCALHOST/x',
    'http://staging.example.com/{{ id }}',
  ])('%s may be asked for', (path) => {
    expect(refusalOf(target, STAGING, ['/', path])).toBeUndefined();
  });

  test.each([
    'http://example.com/',
    'HTTPS://example.com',
    'http://127.0.0.1@example.com/',
    'http://example.com?http://127.0.0.1/',
    'http://example.com#127.0.0.1',
    'http:\\\\example.com\\x',
  ])('%s is refused for its host', (path) => {
    expect(refusalOf(target, STAGING, ['/', path])).toContain('allow-list');
  });

  test.each([
    'http://{{ host }}/',
    'http://{{host}}/',
    'http://127.0.0.1{{rest}}/',
    'http://{{host}}.localhost/',
    'http://127.0.0.1{{ rest }}',
    'http://127.0.0.1:{{ port }}/',
    'https://{{ host }}.localhost/',
    'http://exa mple.com/',
  ])('%s is refused, since its host is not known', (path) => {
    expect(refusalOf(target, STAGING, ['/', path])).toContain(`Step "GET ${path}"`);
  });

  test('is checked in onStart and within loops and choices as well', () => {
    const plan = planOf([], ['/']);
    const step = planOf([], ['http://example.com/']).scenarios[0]?.steps ?? [];
    const nested = [
      [{ ...plan.scenarios[0], name: 'a', weight: 1, onStart: step, steps: [] }],
      [{ name: 'a', weight: 1, onStart: [], steps: [{ kind: 'loop' as const, turns: { times: 1 }, steps: step }] }],
      [
        {
          name: 'a',
          weight: 1,
          onStart: [],
          steps: [{ kind: 'choose' as const, choices: [{ weight: 1, steps: step }] }],
        },
      ],
    ];
    for (const scenarios of nested) {
      expect(() => refuseUnsafe({ ...plan, scenarios }, new URL(target), nobody)).toThrow('example.com');
    }
  });
});
