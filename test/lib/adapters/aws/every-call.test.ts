import { describe, expect, test } from '@jest/globals';
import { readAdapters } from './asked-calls.ts';
import { type Call, calls } from './calls.ts';
import { type Answer, cut, Endpoint, PATIENCE_MS, refuse, type Wire } from './endpoint.ts';
import { but, well } from './replies.ts';

const wireOf = (action: string): Wire => {
  if (action.startsWith('s3:')) return 's3';
  if (action.startsWith('cloudwatch:')) return 'json-query';
  return /^(?:rds|sns|elasticloadbalancing):/.test(action) ? 'query' : 'json';
};

type Refusal = readonly [status: number, code: string];

/** What each protocol's services say; services that say it in words of their own below. */
const THROTTLED: Readonly<Record<Wire, Refusal>> = {
  s3: [503, 'SlowDown'],
  json: [400, 'ThrottlingException'],
  'json-query': [400, 'Throttling'],
  query: [400, 'Throttling'],
};
const EXPIRED: Readonly<Record<Wire, Refusal>> = {
  s3: [400, 'ExpiredToken'],
  json: [400, 'ExpiredTokenException'],
  'json-query': [403, 'ExpiredToken'],
  query: [403, 'ExpiredToken'],
};
const DENIED: Readonly<Record<Wire, Refusal>> = {
  s3: [403, 'AccessDenied'],
  json: [400, 'AccessDeniedException'],
  'json-query': [403, 'AccessDenied'],
  query: [403, 'AccessDenied'],
};
const OWN_WORDS: Readonly<Record<string, Refusal>> = {
  'servicequotas throttled': [400, 'TooManyRequestsException'],
  'sns throttled': [429, 'Throttled'],
  'sns denied': [403, 'AuthorizationError'],
  'states denied': [400, 'KmsAccessDeniedException'],
};

function refusalOf(action: string, kind: string, usual: Readonly<Record<Wire, Refusal>>): Answer {
  const wire = wireOf(action);
  return refuse(wire, ...(OWN_WORDS[`${action.split(':')[0]} ${kind}`] ?? usual[wire]));
}

/** Asks, and returns what came of it and how often the operation was sent. */
async function asking({ operation, ask }: Call, answer: Answer, own: { maxAttempts?: number; hurried?: true } = {}) {
  using endpoint = await Endpoint.open(answer);
  const { hurried, ...more } = own;
  const [result] = await Promise.allSettled([ask({ ...(hurried ? endpoint.hurried : endpoint.config), ...more })]);
  return { result, times: endpoint.times(operation) };
}

const fulfilled = (value: unknown): object => ({ status: 'fulfilled', value });
const rejected = (code: string, message: unknown): object => ({
  status: 'rejected',
  reason: expect.objectContaining({ code, message }),
});

test('every call that an adapter makes stands in the table', () => {
  const named = ({ adapter, action }: { adapter: string; action: string }): string => `${adapter}: ${action}`;
  const made = readAdapters().flatMap(({ name, calls: all }) =>
    all.map(({ action }) => named({ adapter: name, action })),
  );
  expect(new Set(calls.map(named))).toEqual(new Set(made));
});

/** What is told: the permission, and what AWS said. */
const told = (action: string): unknown => expect.stringMatching(new RegExp(`^${action}: \\w+ it is$`));

describe.each(calls)('$adapter: $action', (call) => {
  const { action, operation, gives } = call;

  test('gives what AWS replied', async () => {
    expect((await asking(call, well)).result).toEqual(fulfilled(gives));
  });

  test.each([
    ['throttled for good', 'E-AWS', 'throttled', THROTTLED],
    ['expired credentials', 'E-AWS-CREDENTIALS', 'expired', EXPIRED],
    ['no permission', 'E-AWS-DENIED', 'denied', DENIED],
  ] as const)('%s: told as %s', async (_, code, kind, usual) => {
    const { result, times } = await asking(call, but(operation, refusalOf(action, kind, usual)), { maxAttempts: 1 });
    expect(result).toEqual(rejected(code, told(action)));
    expect(times).toBe(1);
  });

  test('a reply that breaks off in the middle, always', async () => {
    const { result } = await asking(call, but(operation, cut('{"half":')), { maxAttempts: 2 });
    expect(result).toEqual(rejected('E-AWS', expect.stringMatching(new RegExp(`^${action}: .*aborted$`))));
  });
});

// At the same time: these wait.
describe('throttled once, then answered', () => {
  test.concurrent.each(calls)('$adapter: $action', async (call) => {
    const usual = await asking(call, well);
    const throttle = refusalOf(call.action, 'throttled', THROTTLED);
    const { result, times } = await asking(call, but(call.operation, throttle, 1));
    expect({ result, times }).toEqual({ result: fulfilled(call.gives), times: usual.times + 1 });
  });
});

describe('an endpoint that is silent is given up', () => {
  test.concurrent.each(calls)('$adapter: $action', async (call) => {
    const silent = but(call.operation, () => undefined);
    const { result, times } = await asking(call, silent, { maxAttempts: 1, hurried: true });
    expect(result).toEqual(rejected('E-AWS', expect.stringMatching(new RegExp(`^${call.action}: .*${PATIENCE_MS}`))));
    expect(times).toBe(1);
  });
});

// The body of an object is read when the SDK has done its part.
const READ_BY_US = 'GetObject';

describe('a reply that breaks off in the middle, once, is asked for again', () => {
  test.each(calls.filter(({ operation }) => operation !== READ_BY_US))('$adapter: $action', async (call) => {
    const { result } = await asking(call, but(call.operation, cut('{"half":'), 1));
    expect(result).toEqual(fulfilled(call.gives));
  });
});
